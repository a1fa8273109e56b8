from datetime import UTC, datetime

import pytest

from schemas.article import Flag, ParagraphKind, RawArticle
from streams.stage import Reason, Reject
from streams.stages.clean import clean, explain, overload_clean

HARBOUR = """Skip to main content

Local

Harbour town votes to keep its last ferry running

March 3, 2021

The council of the harbour town voted on Monday to keep the last ferry running, after residents said they\
 had no other way to reach the mainland.

A ferry crosses the bay in the early morning.
The ferry has served the island since the war, residents sayImage: Jane Doe/AFP

"We have waited for this decision for three years," said the captain, who has sailed the route since her father retired.

How the vote came about

The proposal was brought by four members of the council, who argued that the island\
 would lose its school and its doctor without the boat.

Sign up for our newsletter to get the latest news in your inbox

The council will decide on the price of tickets next month, according to the mayor, who did not vote.

Edited by: John Smith"""


def raw(**fields):
    return RawArticle(**({"id": "a"} | fields))


@pytest.fixture
def article():
    [cleaned] = clean(raw(text=HARBOUR))
    return cleaned


def test_a_half_cleaned_text_is_reduced_to_its_article(article):
    paragraphs = article.body.split("\n\n")

    assert article.title == "Harbour town votes to keep its last ferry running"
    assert [paragraph.split()[0] for paragraph in paragraphs] == ["The", '"We', "How", "The", "The"]
    assert (article.published, article.published_precision, article.published_origin) == ("2021-03-03", "day", "text")
    assert article.editor == "John Smith"
    assert article.credits == ("Jane Doe/AFP",)
    assert article.section == "Local"


def test_paragraph_offsets_name_the_paragraphs(article):
    texts = [article.body[paragraph.start : paragraph.end] for paragraph in article.paragraphs]

    assert texts == article.body.split("\n\n")
    assert article.paragraphs[2].kind is ParagraphKind.HEADING


def test_what_was_removed_is_kept_with_its_kind_and_line(article):
    removed = {each.line: each.kind for each in article.removed}

    assert removed[1] == "menu"
    assert removed[5] == "title"
    assert removed[11] == removed[12] == "caption"
    assert removed[20] == "newsletter"


def test_cleaning_a_clean_text_changes_nothing(article):
    [again] = clean(raw(text=article.body, title=article.title))

    assert (again.title, again.body, again.revision) == (article.title, article.body, article.revision)


def test_every_line_is_explained():
    explained = explain(raw(text=HARBOUR))

    assert [line.line for line in explained if line.kept] == [9, 14, 16, 18, 22]
    assert all(line.why for line in explained if not line.kept)


def test_identity_and_position_are_passed_through():
    seen = datetime(2024, 1, 5, tzinfo=UTC)
    [cleaned] = clean(raw(text=HARBOUR, position="t-0-1", first_seen=seen, feed="f", backlog=True))

    assert (cleaned.id, cleaned.position, cleaned.first_seen, cleaned.feed, cleaned.backlog) == (
        "a",
        "t-0-1",
        seen,
        "f",
        True,
    )


def test_a_text_without_words_is_rejected():
    outcome = clean(raw(text=" \n\n \u200b"))

    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.NO_TEXT


def test_the_overload_tier_is_marked_on_the_article():
    page = "<html><body><article>" + "".join(f"<p>{line}</p>" for line in HARBOUR.split("\n\n")) + "</article></body>"
    [cleaned] = overload_clean(raw(html=page))

    assert cleaned.tier == "overload"
    assert Flag.PARTIAL not in cleaned.flags
    assert "voted on Monday" in cleaned.body


def test_a_date_far_from_the_text_is_another_article_s():
    text = HARBOUR.replace("March 3, 2021\n\n", "") + "\n\nRelated stories" + "\n\nRead more" * 6 + "\n\nMay 5, 2020"
    [cleaned] = clean(raw(text=text))

    assert cleaned.published is None


def test_another_language_goes_through_whole():
    text = (
        "Der Rat der Hafenstadt stimmte am Montag dafür, die letzte Fähre weiter fahren zu lassen.\n\n"
        "Die Bewohner der Insel hatten gesagt, sie hätten keinen anderen Weg zum Festland.\n\n"
        "港口城市的议会星期一投票决定保留最后一班渡轮。\n\nقال السكان إنه لا توجد وسيلة أخرى للوصول إلى البر الرئيسي."
    )
    [cleaned] = clean(raw(text=text))

    assert cleaned.body == text
    assert cleaned.language == "de"


def test_a_section_label_is_not_taken_for_the_title(article):
    assert article.title.startswith("Harbour town votes")


def test_a_text_without_a_title_gets_none():
    first, *rest = HARBOUR.split("\n\n")[4:6]
    [cleaned] = clean(raw(text="\n\n".join([first, *rest])))

    assert cleaned.title is None


def test_a_given_title_serves_and_is_not_repeated_in_the_body():
    title = "Harbour town votes to keep its last ferry running"
    [cleaned] = clean(raw(text=HARBOUR, title=f" {title}\u00a0 "))

    assert cleaned.title == title
    assert title not in cleaned.body


def test_a_revision_is_the_same_for_other_typography():
    [one], [other] = clean(raw(text=HARBOUR)), clean(raw(text=HARBOUR.replace('"', "”").replace(" the ", "\u00a0the ")))

    assert one.revision == other.revision


def test_a_chain_of_lines_that_might_each_be_the_title_is_no_error():
    above = (
        "Gardens bloom across valleys while winter ferry sleeps\n"
        "Council of mountain village hears proposal about apples and pears\n"
        "Harbour council votes on ferry plans tonight\n"
    )
    outcome = clean(raw(text=above + HARBOUR.split("March 3, 2021")[1]))

    assert outcome[0].title


COMMENTS = """Post a comment
Sailor 2 hours ago
This was bound to happen, the town has let that boat rot for years and did nothing at all about it.
Reply
Anna 3 hours ago
I am so glad, my father worked on it all his life and we went to school with it on every single day.
Reply"""


def test_date_and_author_right_below_the_title_count_however_far_away_the_text_begins(article):
    furniture = [f"Share this page on network {number}" for number in range(20)]
    head = [article.title, "By Jane Doe", "March 3, 2021 | Updated as of March 4, 2021", *furniture]
    [again] = clean(RawArticle(id="a", text="\n".join([*head, *article.body.split("\n\n")])))

    assert (again.title, again.authors) == (article.title, ("Jane Doe",))
    assert (again.published, again.updated) == ("2021-03-03", "2021-03-04")


def test_an_author_s_name_may_stand_alone_above_a_job(article):
    text = "\n".join(["Jane Doe", "Correspondent in Example Town", *article.body.split("\n\n")])
    [again] = clean(RawArticle(id="a", text=text, title=article.title))

    assert again.authors == ("Jane Doe",)
    assert "Jane Doe" not in again.body


def test_what_readers_wrote_below_a_text_is_not_part_of_it():
    [article] = clean(raw(text=f"{HARBOUR}\n{COMMENTS}"))

    assert "bound to happen" not in article.body
    assert "my father worked" not in article.body


def test_the_head_of_comments_above_a_text_drops_nothing_of_it():
    [article] = clean(raw(text=f"3 comments\nReply\nReport comment\n{HARBOUR}"))

    assert article.body == clean(raw(text=HARBOUR))[0].body
