"""What no editor would send, and some systems do."""

import pytest

from schemas.article import EnrichedArticle, TaggedArticle, Verdict
from streams.dedup.sketch import sketch_of
from streams.stage import Drop, Reject
from streams.stages.dedupe import DedupeMemory

REPORT = (
    "The lighthouse of Skerrywick will be lit by the sun from autumn on, its keeper Tove Lind announced on Friday. "
    "Panels on the old storehouse are to charge a battery of 48 cells, enough for five nights of fog. The diesel "
    "engine that has run since 1961 stays for emergencies, and visitors may see it on the second Sunday of a month."
)


def answered(memory: DedupeMemory, article: TaggedArticle) -> EnrichedArticle:
    decision = memory.decide(article)
    memory.apply(f"in-0-{len(memory)}", decision)
    outcome = memory.outcome(article, decision.answer)
    assert not isinstance(outcome, Drop | Reject)
    assert isinstance(outcome[0], EnrichedArticle)
    return outcome[0]


def verdicts(*articles: TaggedArticle) -> list[str]:
    memory = DedupeMemory()
    return [answered(memory, article).verdict.value for article in articles]


def an_article(name: str, body: str, **fields: object) -> TaggedArticle:
    return TaggedArticle.model_validate({"id": name, "title": f"About {name}", "body": body, **fields})


def test_texts_without_words_are_never_copies_of_each_other():
    assert verdicts(an_article("a", ""), an_article("b", ""), an_article("c", " . \n…")) == ["new", "new", "new"]


def test_one_word_is_a_copy_only_under_the_same_headline():
    found = verdicts(
        an_article("a", "Rain."),
        an_article("b", "Rain."),
        an_article("c", "rain", title="About a"),
        an_article("a", "Rain."),
    )

    assert found == ["new", "new", "exact", "exact"]


def test_a_megabyte_of_one_word_is_a_small_sketch():
    endless = "word " * 200_000

    assert len(sketch_of(None, endless)) < 400
    assert verdicts(an_article("a", endless), an_article("b", endless, title="About a")) == ["new", "exact"]


def test_copies_of_one_text_add_nothing_to_the_index():
    memory = DedupeMemory()
    answered(memory, an_article("first", REPORT))
    copies = memory.state.language("und").copies
    before = copies.postings.size
    found = {
        answered(memory, an_article(f"c{n}", REPORT, title=f"T{n}", publisher=f"p{n}.example")).verdict
        for n in range(300)
    }

    assert found == {Verdict.NEAR}
    assert (copies.postings.size, copies.next) == (before, 1)


def test_boilerplate_counts_until_three_texts_have_taught_it():
    notice = " Sign up for the morning letter of this house and never miss what our writers have found out overnight."
    words = REPORT.split()
    taught = [
        an_article(f"a{n}", " ".join(f"{word.strip('.,')}{n}" for word in words) + notice, publisher=f"s{n}.example")
        for n in range(4)
    ]
    short, report = an_article("short", notice), an_article("report", "Snow closed the pass at noon." + notice)

    assert verdicts(taught[0], short) == ["new", "near"]
    assert verdicts(*taught, short) == ["new"] * 5
    assert verdicts(taught[0], report) == ["new"] * 2, "what they tell of is not the same"


def test_one_body_under_three_headlines_of_a_site_is_flagged_and_not_folded():
    wall = (
        "Please agree to the use of cookies to go on reading this page. You can take your consent back at any time. "
        * 2
    )
    memory = DedupeMemory()
    found = [answered(memory, an_article(f"a{n}", wall, publisher="wall.example")) for n in range(5)]

    assert [article.extraction_failure for article in found] == [False, False, True, True, True]
    assert [article.verdict.value for article in found[2:]] == ["new"] * 3
    assert found[4].story == "a4"


def test_an_agency_text_under_headlines_of_different_sites_is_no_failure():
    memory = DedupeMemory()
    found = [answered(memory, an_article(f"a{n}", REPORT, publisher=f"site{n}.example")) for n in range(5)]

    assert [article.verdict.value for article in found] == ["new", "near", "near", "near", "near"]


def test_an_id_used_again_for_another_text_is_a_revision_that_says_what_changed():
    memory = DedupeMemory()
    answered(memory, an_article("a", REPORT, title="T", revision="r1"))
    changed = answered(memory, an_article("a", REPORT.replace("48 cells", "52 cells"), title="T", revision="r2"))

    assert changed.verdict is Verdict.REVISION
    assert changed.changes is not None
    assert (changed.changes.of_revision, changed.changes.added, changed.changes.removed) == ("r1", ("52",), ("48",))


def test_another_cleaner_makes_no_revision():
    first = an_article("a", REPORT, cleaner="1")

    assert verdicts(first, first.model_copy(update={"body": REPORT[:-20], "cleaner": "2"})) == ["new", "exact"]


def test_equal_hashes_of_different_texts_are_told_apart_by_their_length(monkeypatch):
    monkeypatch.setattr("streams.dedup.sketch.sequence_hashes", lambda words: [7] * (len(words.firsts) - 1))
    found = verdicts(an_article("a", "Rain fell."), an_article("b", "Snow fell on all the hills of the north."))

    assert found == ["new", "new"]


@pytest.mark.parametrize("carried", ["", "not base64!", "AAAA", sketch_of("T", REPORT)[:-8]])
def test_a_damaged_sketch_is_made_again_from_the_text(carried):
    assert verdicts(an_article("a", REPORT), an_article("b", REPORT[:200], sketch=carried)) == ["new", "near"]


def test_a_sketch_of_another_version_is_made_again_from_the_text():
    import base64

    packed = bytearray(base64.b64decode(sketch_of("T", "Another text altogether, of nine words or so.")))
    packed[0] = 99

    assert verdicts(
        an_article("a", REPORT), an_article("b", REPORT[:200], sketch=base64.b64encode(packed).decode())
    ) == ["new", "near"]


@pytest.mark.parametrize(
    ("body", "end"),
    [
        ("東京都は六日、港に新しい橋を架ける計画を発表した。工事は来年の春に始まり、三年で終わる。" * 2, 70),
        ("市政府周二宣布将在河边修建一座新的图书馆，预计两年内完工，居民可以参加设计讨论。" * 2, 60),
        ("เทศบาลประกาศเมื่อวันจันทร์ว่าจะสร้างสะพานใหม่ข้ามแม่น้ำภายในสองปีและเปิดให้ประชาชนแสดงความเห็น", 70),
        ("नगर परिषद ने सोमवार को नदी पर नया पुल बनाने की घोषणा की और लोगों से दो महीने में सुझाव मांगे हैं ताकि काम", 80),
    ],
)  # fmt: skip
def test_excerpts_are_found_in_scripts_with_and_without_spaces(body, end):
    assert verdicts(an_article("a", body), an_article("b", body[:end])) == ["new", "near"]


def test_languages_do_not_meet():
    assert verdicts(an_article("a", REPORT, language="en"), an_article("b", REPORT[:200], language="sv")) == [
        "new",
        "new",
    ]


def test_an_article_that_is_revised_in_another_language_can_be_revised_again():
    other = "Fyren i Skerrywick ska lysa med solens kraft till hösten, sade fyrvaktaren Tove Lind på fredagen."
    memory = DedupeMemory()
    versions = [
        an_article("first", "The harbour of Skerrywick closes for the winter.", language="en"),
        an_article("second", REPORT, language="en"),
        an_article("second", other, language="sv"),
        an_article("second", other + " Dieselmotorn står kvar.", language="sv"),
        an_article("third", "Isen bröt upp i sundet i går, och färjan går igen från och med onsdag.", language="sv"),
        an_article("second", other + " Dieselmotorn står kvar i maskinhuset.", language="sv"),
    ]

    found = [answered(memory, version) for version in versions]

    assert [each.verdict.value for each in found] == ["new", "new", "revision", "revision", "new", "revision"]
    assert {each.story for each in found if each.id == "second"} == {found[1].story}
    assert found[0].group not in {each.group for each in found[1:]}


def test_a_text_of_lone_surrogates_and_controls_is_taken_like_any_other():
    body = "\ud800\x00 \u202e words \ufeff and\u00adhidden marks here " + REPORT
    odd = TaggedArticle.model_construct(**{**_fields(), "id": "b", "body": body})

    assert verdicts(an_article("a", REPORT), odd) == ["new", "near"]


def _fields() -> dict[str, object]:
    return dict(an_article("x", "y").__dict__)


def test_the_passage_is_a_slice_of_this_article_that_stands_in_the_other():
    memory = DedupeMemory()
    answered(memory, an_article("a", REPORT))
    excerpt = "From our desk. " + REPORT[112:].replace("’", "'")
    found = answered(memory, an_article("b", excerpt))

    assert found.passage is not None
    assert excerpt[found.passage.start : found.passage.end] == found.passage.text
    assert found.passage.text in REPORT
    assert len(found.passage.text) > 150


def test_items_of_a_series_stay_apart():
    def bond(issuer: str, coupon: str, price: str, day: int, fee: str) -> str:
        return (
            f"{issuer} is issuing a eurobond of {fee} million crowns due March {day}, paying {coupon} percent and "
            f"priced at {price}, the lead manager said. It comes in denominations of {fee}0 and will be listed "
            f"in Lindholm. Fees comprise {coupon} percent selling concession and {price} percent for the managers."
        )

    found = verdicts(
        an_article("a", bond("Ostmark Bank", "7.25", "101.5", 12, "50")),
        an_article("b", bond("Veldhaven Ports", "8.125", "99.75", 27, "120")),
        an_article("c", bond("Ardlish Water", "6.5", "100.25", 3, "75")),
    )

    assert found == ["new", "new", "new"]
