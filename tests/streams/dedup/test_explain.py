"""Why two articles were joined or not."""

from schemas.article import TaggedArticle
from streams.dedup.explain import explain

TEXT = (
    "The harbour board of Kettlewick sold the old customs house for 3.2 million crowns to a school of music on Monday. "
    "Lessons are to begin in 18 months, once the roof is mended and the cellar is dry. Nine bidders had made offers, "
    "two of them higher, but the board wanted children in the building rather than offices, its chairwoman said."
)


def an_article(name: str, body: str, title: str = "T") -> TaggedArticle:
    return TaggedArticle(id=name, title=title, body=body)


def test_an_excerpt_is_explained_by_its_passage():
    found = explain(an_article("a", TEXT), an_article("b", TEXT[:200], "Other"))

    assert found.decision == "near: a copy"
    assert found.shared_of_second == 1.0
    assert found.passages[0] in TEXT
    assert len(found.passages[0]) > 180
    assert any("common passage: The harbour board" in line for line in found.lines())


def test_what_both_tell_of_is_named_where_words_in_common_leave_it_open():
    words = TEXT.split()
    one, other = (
        " ".join("so" if n % 9 == first and word.islower() else word for n, word in enumerate(words))
        for first in (0, 4)
    )
    found = explain(an_article("a", one), an_article("b", other))

    assert found.decision == "near: a copy"
    assert found.told is not None
    assert any(line.startswith("not decided by words alone; told alike: 0.") for line in found.lines())
    assert explain(an_article("a", TEXT), an_article("b", TEXT[:200], "Other")).told is None


def test_the_next_item_of_a_series_is_explained_by_its_veto():
    form = "Tonnage at {} rose by {} percent to {} tonnes in week {} and by {} percent in a year, the port office said."
    first, second = form.format("Ardlish", 4, 9120, 31, 7), form.format("Ardlish", 9, 8450, 32, 12)
    found = explain(an_article("a", first), an_article("b", second))

    assert found.decision.startswith(("kept apart by a veto", "not a copy"))


def test_a_revision_and_a_redelivery_are_told_by_their_id():
    assert explain(an_article("a", TEXT), an_article("a", TEXT[:100])).decision.startswith("revision")
    assert explain(an_article("a", TEXT), an_article("a", TEXT)).decision == "exact: delivered again"


def test_articles_with_nothing_in_common_are_different_stories():
    found = explain(an_article("a", TEXT), an_article("b", "Geese landed on the runway and would not leave it.", "G"))

    assert found.decision == "not a copy: too little in common; different stories"
    assert found.passages == ()


def test_two_reports_without_a_date_are_less_alike_than_two_of_one_day():
    body = "The river rose over the quay of Ardlish at dawn, and firemen carried forty guests out of a hotel."
    day = "2026-03-01T08:00:00Z"
    undated, dated = (
        explain(*(TaggedArticle(id=name, body=body + name, published=when) for name in ("one", "two")))
        for when in (None, day)
    )

    assert undated.story < dated.story
    assert undated.words == dated.words


def test_two_articles_without_text_do_not_have_the_same_text():
    assert not explain(TaggedArticle(id="a", body=""), TaggedArticle(id="b", body="")).same_text
