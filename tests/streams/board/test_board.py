"""Stories on the board: one line each, copies beneath, merges followed, within bounds."""

import pytest

from schemas.article import Verdict
from schemas.entity import Entity
from streams.board.board import Board
from streams.board.rows import LEAD, MEMBERS, link


def test_articles_of_one_story_are_one_line(enriched_article):
    board = Board()
    board.take(enriched_article(id="one", story="s", title="First", publisher="paper.example"))
    board.take(enriched_article(id="two", story="s", title="Second", publisher="wire.example", story_size=2))

    [line] = board.lines()
    assert (line["story"], line["title"], line["size"]) == ("s", [("First", None)], 2)
    assert line["sources"] == ["wire.example", "paper.example"]


def test_copies_are_folded_beneath_the_article_they_copy(enriched_article):
    board = Board()
    board.take(enriched_article(id="one", story="s"))
    board.take(enriched_article(id="copy", story="s", verdict=Verdict.EXACT, duplicate_of="one"))
    board.take(enriched_article(id="copy of it", story="s", verdict=Verdict.NEAR, duplicate_of="copy"))
    board.take(enriched_article(id="other", story="s"))

    articles = board.story("s")["articles"]
    assert [article["id"] for article in articles] == ["other", "one"]
    assert [copy["id"] for copy in articles[1]["copies"]] == ["copy of it", "copy"]


def test_copies_that_name_each_other_are_all_shown(enriched_article):
    board = Board()
    board.take(enriched_article(id="one", story="s", verdict=Verdict.NEAR, duplicate_of="two"))
    board.take(enriched_article(id="two", story="s", verdict=Verdict.NEAR, duplicate_of="one"))

    shown = board.story("s")["articles"]
    assert {shown[0]["id"], *(copy["id"] for copy in shown[0]["copies"])} == {"one", "two"}


def test_a_copy_of_an_article_that_is_not_here_stands_for_itself(enriched_article):
    board = Board()
    board.take(enriched_article(id="copy", story="s", verdict=Verdict.EXACT, duplicate_of="forgotten"))

    assert [article["id"] for article in board.story("s")["articles"]] == ["copy"]


def test_a_line_shows_the_sentence_and_the_rule_of_the_alert_that_was_told(enriched_article, alert):
    board = Board()
    board.take(enriched_article(story="a-story"))
    board.take(alert())
    board.take(alert(alert_id="later", title="Later", notify=False, suppressed="story"))

    [line] = board.lines()
    assert line["title"] == [("Niger", None)]
    assert line["sentence"] == [("Troops", "troops"), (" ", None), ("left", "leave"), (" Niger.", None)]
    assert [(rule["rule"], rule["modality"]) for rule in line["rules"]] == [("troop-withdrawal", "actual")]
    assert [shown["suppressed"] for shown in board.story("a-story")["alerts"]] == ["story", None]


def test_the_severity_of_a_line_is_the_worst(alert):
    board = Board()
    for number, severity in enumerate(("low", "critical", "of-their-own", "medium")):
        board.take(alert(alert_id=str(number), severity=severity))

    assert board.lines()[0]["severity"] == "critical"


def test_an_alert_that_comes_before_its_article_makes_the_line(enriched_article, alert):
    board = Board()
    board.take(alert(source="wire.example"))
    assert board.lines()[0]["sources"] == ["wire.example"]

    board.take(enriched_article(id="an-article", story="a-story", publisher="paper.example"))
    [line] = board.lines()
    assert (line["sources"], line["size"]) == (["paper.example"], 1)


def test_a_message_that_is_read_again_changes_nothing(enriched_article, alert):
    board = Board()
    for message in (enriched_article(story="a-story"), alert()) * 2:
        board.take(message)

    found = board.story("a-story")
    assert (len(found["articles"]), len(found["alerts"])) == (1, 1)


def test_a_revision_replaces_the_article(enriched_article):
    board = Board()
    board.take(enriched_article(id="one", story="s", title="Seven hurt"))
    board.take(enriched_article(id="one", story="s", title="Nine hurt", verdict=Verdict.REVISION))

    assert [article["title"] for article in board.story("s")["articles"]] == ["Nine hurt"]


def test_stories_that_merge_are_one_line_and_the_old_link_leads_to_it(enriched_article, alert):
    board = Board()
    board.take(enriched_article(id="one", story="older"))
    board.take(enriched_article(id="two", story="a-story"))
    board.take(alert())
    board.changes()
    board.take(enriched_article(id="three", story="older", story_merged=("a-story",)))

    changes = board.changes()
    assert changes["moved"] == {"a-story": "older"}
    assert [row["story"] for row in changes["rows"]] == ["older"]
    assert board.story("a-story")["story"] == "older"
    assert len(board.story("older")["alerts"]) == 1
    assert [line["story"] for line in board.lines()] == ["older"]


def test_what_comes_late_for_a_merged_story_goes_where_it_went(enriched_article, alert):
    board = Board()
    board.take(enriched_article(id="one", story="older", story_merged=("a-story",)))
    board.take(alert())

    assert [line["story"] for line in board.lines()] == ["older"]


def test_changes_are_told_once_the_latest_last(enriched_article):
    board = Board()
    for story in ("s", "t", "s"):
        board.take(enriched_article(id=story, story=story))

    assert [row["story"] for row in board.changes()["rows"]] == ["t", "s"]
    assert board.changes() is None


def test_stories_without_an_alert_do_not_push_out_those_with_one(enriched_article, alert):
    board = Board(alerted=2, quiet=2)
    board.take(alert())
    for number in range(5):
        board.take(enriched_article(id=f"article-{number}", story=f"story-{number}"))

    assert [line["story"] for line in board.lines()] == ["a-story", "story-3", "story-4"]
    assert {row["story"] for row in board.changes()["rows"]} == {"a-story", "story-3", "story-4"}
    assert board.story("story-0") is None


def test_of_a_story_the_latest_members_are_kept_and_its_size_is_told(enriched_article):
    board = Board()
    for number in range(MEMBERS + 5):
        board.take(enriched_article(id=f"article-{number}", story="s", story_size=number + 1))

    found = board.story("s")
    assert (len(found["articles"]), found["size"]) == (MEMBERS, MEMBERS + 5)
    assert found["articles"][0]["id"] == f"article-{MEMBERS + 4}"


def test_a_long_body_is_cut_between_words(enriched_article):
    board = Board()
    board.take(enriched_article(id="long", story="s", body="word " * LEAD))

    assert board.story("s")["articles"][0]["lead"].endswith("word …")


def test_the_names_of_a_line_are_those_its_articles_are_most_about(enriched_article):
    board = Board()
    names = {"Niger": 0.2, "France": 0.7}
    entities = tuple(Entity(id=n, name=n, type="GPE", count=1, salience=s) for n, s in names.items())
    board.take(enriched_article(story="s", entities=entities))

    assert board.lines()[0]["entities"] == ["France", "Niger"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//host/x", "http://[", None])
def test_what_a_browser_would_run_is_no_link(url):
    assert link(url) is None


def test_addresses_of_the_web_are_links():
    assert link("https://news.example/a") == "https://news.example/a"
