"""What a person reads of what the cleaner did."""

import click

from schemas.article import RawArticle
from streams.commands.explained import explained_clean

TEXT = (
    "Skip to content\n\nThe council of the harbour town voted on Monday to keep the last ferry running, after debate.\n"
    "\n"
    "Residents of the island had said that they had no other way to reach the school, the doctor and the market."
)


def lines_of(**fields):
    return [click.unstyle(line) for line in explained_clean(RawArticle(id="a", **fields))]


def test_lines_come_with_their_verdict_and_then_the_facts_with_where_dates_come_from():
    lines = lines_of(text=TEXT, title="Council keeps the last ferry", published="2021-03-03")

    assert lines[0] == "── a"
    assert lines[1].split() == ["1", "drop", "menu", "reads", "as", "skip", "Skip", "to", "content"]
    assert [line.split()[:2] for line in lines[2:4]] == [["3", "keep"], ["5", "keep"]]
    assert "fact title        Council keeps the last ferry" in lines[4]
    assert "fact published    2021-03-03 (day; feed)" in lines[5]
    assert not any(name in line for line in lines for name in ("fact updated", "fact authors", "None"))


def test_a_rejected_article_has_no_facts():
    lines = lines_of(text="\n".join(["404 Not Found"]))

    assert "rejected" in lines[-1]
    assert not any("fact" in line for line in lines)


def test_what_a_publisher_wrote_moves_no_cursor():
    article = RawArticle(id="a\x9b", text="The \x9bcouncil of Lima agreed on a budget for the coming year on Monday.")

    shown = "".join(explained_clean(article))

    assert "a�" in shown
    assert click.unstyle(shown).isprintable()
