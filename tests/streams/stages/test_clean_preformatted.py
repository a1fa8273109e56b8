"""Pages that are plain text in one ``<pre>``: their lines are judged as those of a text that arrives as it is."""

import html
import textwrap

import pytest

from schemas.article import RawArticle
from streams.stage import Reject
from streams.stages.clean import clean, explain
from streams.text.preformatted import unwrapped

TITLE = "Council keeps the last ferry"
STORY = (
    "The council of the harbour town voted on Monday to keep the last ferry running, after a debate of six hours.",
    "Residents of the island had said that they had no other way to reach the school, the doctor and the market.",
    "The boat will sail four times a day in winter and eight times in summer, according to the plan that was passed.",
    '"Nobody here wants a bridge," the mayor told reporters after the vote, adding that the money was not there.',
)


def page_of(text, head="", before="", tag="pre"):
    return f"<html><head>{head}</head><body>{before}<{tag}>{html.escape(text)}</{tag}></body></html>"


def cleaned(text, **around):
    [article] = clean(RawArticle(id="a", html=page_of(text, **around)))
    return article


def test_menus_and_promotions_round_and_inside_a_release_go_and_broken_lines_are_joined():
    story = "\n\n".join(textwrap.fill(paragraph, 68) for paragraph in STORY)
    text = f"""Home | News | Archive
Skip to main content
January 9, 2024

{TITLE}

By Ann Tait

{story}

Sign up for our newsletter
Share this on Facebook
(c) 2024 Harbour News. All rights reserved.
"""

    article = cleaned(text, head=f"<title>{TITLE}</title>")

    assert article.body == "\n\n".join(STORY)
    assert (article.title, article.authors, article.published) == (TITLE, ("Ann Tait",), "2024-01-09")


def test_a_dump_with_long_lines_loses_what_is_furniture():
    text = "\n".join(["Accept cookies", "Subscribe now", "Advertisement", *STORY, "Read more:", "© 2024 Harbour News"])

    article = cleaned(text, head=f"<title>{TITLE} | Harbour News</title>", before="<p><a href=/>Home</a></p>")

    assert article.body == "\n\n".join(STORY)


def test_a_wire_with_indented_paragraphs_has_them_apart_and_its_list_in_items():
    paragraphs = [textwrap.fill(each, 64, initial_indent="    ") for each in STORY]
    items = "  - four sailings a day in winter from the\n    northern pier\n  - eight sailings a day in summer"
    text = "\n".join([*paragraphs[:3], items, paragraphs[3]])

    lines = [line.text for line in explain(RawArticle(id="a", html=page_of(text)))]

    joined = ["- four sailings a day in winter from the northern pier", "- eight sailings a day in summer"]
    assert lines == [*STORY[:3], *joined, STORY[3]]


def test_a_list_of_files_in_a_pre_is_a_list_of_links():
    rows = "\n".join(f'<a href="/{each}">report-{each}.txt</a>   2024-01-0{each}  12K' for each in range(1, 10))

    [outcome] = [
        clean(RawArticle(id="a", html=f"<html><body><h1>Index of /reports</h1><pre>{rows}</pre></body></html>"))
    ]

    assert isinstance(outcome, Reject)


@pytest.mark.parametrize("inside", ["<p>{}</p>", "<div>{}</div>"])
def test_a_pre_with_blocks_in_it_is_markup_like_any_other(inside):
    blocks = "".join(inside.format(paragraph) for paragraph in STORY)
    menu = "<nav>" + "".join(f"<a href=/{n}>Section {n}</a> " for n in range(9)) + "</nav>"

    [article] = clean(RawArticle(id="a", html=f"<html><body><pre><h1>{TITLE}</h1>{menu}{blocks}</pre></body></html>"))

    assert article.body == "\n\n".join(STORY)


def test_a_pre_within_an_article_stays_a_part_of_it():
    code = "ferry --times winter\nferry --times summer"
    blocks = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)

    [article] = clean(
        RawArticle(id="a", html=f"<html><body><article>{blocks}<pre>{code}</pre></article></body></html>")
    )

    assert article.body.startswith("\n\n".join(STORY))


@pytest.mark.parametrize(
    "text",
    [
        "Home\nNews\nSport",
        "A line.\nAnother line.",
        "x" * 300 + "\n" + "y" * 300,
        "name:\n" + "word " * 12 + "\n- item",
    ],
)
def test_breaks_stay_that_no_full_line_has(text):
    assert [line.strip() for line in unwrapped(text).split("\n")] == [line.strip() for line in text.split("\n")]
