"""Pages that say the same with other markup: the article is theirs, whatever holds it."""

import pytest

from schemas.article import ParagraphKind, RawArticle
from streams.stages.clean import clean, explain

SENTENCES = (
    "The council of the harbour town voted on Monday to keep the last ferry running, after a debate of six hours.",
    "Residents of the island had said that they had no other way to reach the school, the doctor and the market.",
    "The boat will sail four times a day in winter and eight times in summer, according to the plan that was passed.",
    "A ticket will cost two coins more than last year, which the operator called the lowest price that it could bear.",
    "Nobody here wants a bridge, the mayor told reporters after the vote, adding that the money was not there anyway.",
    "The operator has run the line since 1962 and employs forty people, most of whom live on the island.",
)
TITLE = "Council keeps the last ferry"
TEASERS = "".join(
    f'<div class="item"><a href="/n/{number}">Council votes on item number {number} of the list</a>'
    f"<p>A short teaser about item {number} that goes on for a little while and ends here.</p></div>"
    for number in range(8)
)
PARAGRAPHS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def body_of(content, head=""):
    return article_of(content, head).body


def article_of(content, head=""):
    return clean(raw(content, head))[0]


def raw(content, head=""):
    html = (
        f"<html lang=en><head><title>{TITLE} - Example News</title>{head}</head><body>"
        f"<div class=top><a href=/>Home</a> <a href=/local>Local</a></div><h1>{TITLE}</h1>{content}"
        f"<div id=side><h3>Latest</h3>{TEASERS}</div><div class=foot>© 2019 Example News</div></body></html>"
    )
    return RawArticle(id="a", html=html)


WHOLE = "\n\n".join(SENTENCES)
FRAMES = {
    "paragraphs": f"<div>{PARAGRAPHS}</div>",
    "line breaks": f"<div>{'<br><br>'.join(SENTENCES)}</div>",
    "a div for each": f"<div>{''.join(f'<div>{sentence}</div>' for sentence in SENTENCES)}</div>",
    "spans and breaks": f"<div>{''.join(f'<span>{sentence}</span><br>' for sentence in SENTENCES)}</div>",
    "cells of a layout": f"<table><tr><td>{'<br><br>'.join(SENTENCES)}</td><td>{TEASERS}</td></tr></table>",
    "paragraphs in a cell": f"<table><tr><td>{PARAGRAPHS}</td></tr></table>",
    "a form round the page": f"<form id=main action=/>{PARAGRAPHS}</form>",
    "a box named for sharing": f"<div class=share-wrapper>{PARAGRAPHS}</div>",
    "comments that are the article": f"<div class=comments>{PARAGRAPHS}</div>",
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_the_text_is_found_whatever_holds_it(name):
    assert body_of(FRAMES[name]) == WHOLE


@pytest.mark.parametrize("count", [1, 2])
def test_a_short_item_is_not_filled_up_with_teasers(count):
    assert body_of("<div>" + "".join(f"<p>{each}</p>" for each in SENTENCES[:count]) + "</div>") == "\n\n".join(
        SENTENCES[:count]
    )


@pytest.mark.parametrize(
    "standfirst",
    [
        "<h2>{}</h2>",
        "<p class=article-subtitle>{}</p>",
        "<div class=lead><strong>{}</strong></div>",
        "<div class=x3f>{}</div>",
    ],
)
def test_a_standfirst_is_the_first_paragraph_and_a_field(standfirst):
    text = "After six hours the harbour town decided not to build the bridge."
    head = f'<meta name=description content="{text}">' if "x3f" in standfirst else ""
    article = article_of(f"{standfirst.format(text)}<div>{PARAGRAPHS}</div>", head)

    assert article.standfirst == text
    assert article.body == f"{text}\n\n{WHOLE}"
    assert article.paragraphs[0].kind is ParagraphKind.PARAGRAPH


@pytest.mark.parametrize(
    "content",
    [
        "<div class=lead-image>A ferry at dawn in the harbour of the town.</div>",
        "<p class=summary>By Jane Doe and John Roe of Example News</p>",
        "<p class=excerpt>Advertisement</p>",
        f"<p class=intro>{SENTENCES[0]}</p>",
    ],
)
def test_what_is_no_standfirst_is_not_taken_for_one(content):
    assert article_of(f"{content}<div>{PARAGRAPHS}</div>").body == WHOLE


def test_a_heading_between_paragraphs_is_kept():
    content = f"<div>{PARAGRAPHS[:400]}".rsplit("<p>", 1)[0] + "<h2>How it came about</h2>"
    article = article_of(content + PARAGRAPHS.split("</p>", 3)[3] + "</div>")

    assert "\n\nHow it came about\n\n" in article.body


BOXES = {
    "comments": f'<div class="x-comment-list"><p>{SENTENCES[2]} I would never take it, says a reader.</p></div>',
    "newsletter": '<div class="newsletter-form"><p>All that is new about ferries, each morning.</p></div>',
    "byline": '<div class="authorBio"><p>Jane Doe has written of boats since 1999 and likes them a lot.</p></div>',
    "embed": '<blockquote class="twitter-tweet"><p>I for one will take the boat, whatever it costs!</p></blockquote>',
    "related": '<div class="recirc"><p>The bridge that never was, told by those who planned it.</p></div>',
    "promotion": '<div class="modal"><p>We may earn a little when you buy a boat by one of our links.</p></div>',
    "comments abroad": f'<div id="kommentare"><p>{SENTENCES[2]} Ich nehme sie nie, sagt ein Leser.</p></div>',
    "related abroad": '<div class="lire-aussi"><p>Le pont qui ne fut jamais, par ceux qui le dessinaient.</p></div>',
    "table": "<table><tr><th>Day</th><th>Boats</th></tr><tr><td>Monday</td><td>4</td></tr></table>",
}  # fmt: skip


@pytest.mark.parametrize("kind", BOXES)
def test_a_box_inside_the_text_is_dropped_as_what_it_is(kind):
    content = PARAGRAPHS.replace("</p>", f"</p>{BOXES[kind]}", 1)

    assert body_of(f"<article>{content}</article>") == WHOLE
    assert kind.split()[0] in {line.kind for line in explain(raw(f"<article>{content}</article>")) if not line.kept}


def test_text_behind_a_box_within_it_is_kept():
    parted = f"<p>{'<br><br>'.join(SENTENCES[:3])}<div class=adbox>Advertisement</div>{'<br><br>'.join(SENTENCES[3:])}"

    assert body_of(f"<div>{parted}</div>") == WHOLE


def test_a_lower_heading_says_which_part_of_the_title_is_the_articles():
    html = f"<html><head><title>{TITLE} - tidewater</title></head><body><h1>tidewater</h1><h2>{TITLE}</h2>{PARAGRAPHS}"

    assert clean(RawArticle(id="a", html=html))[0].title == TITLE


def test_lines_of_a_byline_are_told_apart():
    article = article_of(f"<div class=byline>By Jane Doe<br>Staff Writer<br>May 14, 2008</div><div>{PARAGRAPHS}</div>")

    assert (article.authors, article.published) == (("Jane Doe",), "2008-05-14")


def test_a_day_of_the_week_above_the_title_counts_where_its_class_says_that_it_is_the_article_s():
    html = f"<body><h2 class={{name}}>Monday, 3 September 2007</h2><h3>{TITLE}</h3><div>{PARAGRAPHS}</div></body>"
    own, other = (
        clean(RawArticle(id="a", html=f"<html><title>{TITLE}</title>{html.format(name=name)}</html>"))[0].published
        for name in ("date-header", "today")
    )

    assert (own, other) == ("2007-09-03", None)


def test_a_quotation_pulled_out_of_a_paragraph_is_not_said_twice():
    said = "“We have no other way to reach the school.”"
    first = f"{SENTENCES[0]} {said} Residents agreed."
    texts = [first, said, "— Jane Doe", "“Nobody asked the islanders at all,” the captain said.", *SENTENCES[1:]]

    assert body_of(f"<div>{''.join(f'<p>{text}</p>' for text in texts)}</div>").split("\n\n") == [first, *texts[3:]]


def test_captions_and_credits_of_figures_stand_apart_from_the_body():
    figure = (
        "<figure><img src=a.jpg><figcaption>A ferry at dawn in the harbour. Image: Jane Doe/AFP</figcaption></figure>"
    )
    article = article_of(f"<article>{figure}{PARAGRAPHS}</article>")

    assert article.body == WHOLE
    assert article.captions == ("A ferry at dawn in the harbour.",)
    assert article.credits == ("Jane Doe/AFP",)


def test_headlines_of_other_articles_with_their_teasers_end_with_the_text():
    more = "".join(
        f"<h3><a href=/{number}>A headline of number {number}, which is another article</a></h3><p>And its teaser.</p>"
        for number in range(2)
    )

    longer = f"<p>{' '.join(reversed(SENTENCES))}</p>"

    assert body_of(f"<article>{PARAGRAPHS}{longer}{more}</article>") == f"{WHOLE}\n\n{' '.join(reversed(SENTENCES))}"


def test_paragraphs_that_each_stand_in_a_row_and_a_column_of_their_own_are_one_text():
    rows = "".join(f"<div class=row><div class=col><div>{sentence}</div></div></div>" for sentence in SENTENCES)

    assert body_of(f"<div class=rows>{rows}</div>") == "\n\n".join(SENTENCES)
