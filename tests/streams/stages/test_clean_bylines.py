"""Whom pages name as their authors, and when, without a field that says so."""

import json

import pytest

from schemas.article import RawArticle
from streams.stages.clean import clean

SENTENCES = (
    "The council of the harbour town voted on Monday to keep the last ferry running, after a debate of six hours.",
    "Residents of the island had said that they had no other way to reach the school, the doctor and the market.",
    "The boat will sail four times a day in winter and eight times in summer, according to the plan that was passed.",
    "A ticket will cost two coins more than last year, which the operator called the lowest price that it could bear.",
)
TITLE = "Council keeps the last ferry"


def article_of(below="", head="", lines=SENTENCES):
    body = f"<main><h1>{TITLE}</h1>{below}<div>{''.join(f'<p>{line}</p>' for line in lines)}</div></main>"
    html = f"<html lang=en><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    return clean(RawArticle(id="a", html=html))[0]


@pytest.mark.parametrize(
    "below",
    [
        "<div><span>Ann Ode</span><span>·</span><span>April 3, 2024</span><span>·</span><span>4 min read</span></div>",
        "<div>Ann Ode</div><div>3 April 2024</div>",
        "<p>Ann Ode, Harbour Correspondent</p>",
        "<div><div>Ann Ode</div><div>Court reporter</div></div>",
        "<p>Photographs and text by Ann Ode</p>",
        "<p>Words &amp; pictures by Ann Ode</p>",
        "<p>(Reporting by Ann Ode; Editing by Carol Reid)</p>",
        "<p id=author>Ann Ode | Harbour Bugle</p>",
        "<p class=byline>Ann Ode<br>ann.ode@example.org</p>",
        "<p class=byline><b>By</b><a>Ann Ode</a><span>Staff</span></p>",
        "<p class=author><a>Ann Ode</a><a>Read Full Bio</a></p>",
        "<div><span>Ann Ode</span><span>Apr 3, 2024</span><span>2 Shares</span></div>",
        "<div>Ann Ode <span>@annode</span></div>",
        "<div><div>By</div><div>Ann Ode, harbour.example</div></div>",
        "<div><div>Author</div><div>Ann Ode</div></div>",
        "<p>Stand: 05.11.2024 14:20 Uhr | Von Ann Ode</p>",
        "<dl><dd class=createdby>Scritto da <span>Ann Ode</span></dd></dl>",
        "<div>Giriş Tarihi: 3.10.2024 09:15</div><div>Haber: Ann Ode</div>",
        "<meta name=author content='Super User'><p>By Ann Ode</p>",
        "<p><span class=author>Von: Ann Ode</span> <time>Mittwoch, 5. November 2024</time></p>",
    ],
)
def test_a_name_beside_its_date_or_job_below_the_title_is_the_authors(below):
    assert article_of(below).authors == ("Ann Ode",)


@pytest.mark.parametrize(
    ("below", "named"),
    [
        ("by TideWatcher, <small><time>Apr 3, 2024</time></small>", ("TideWatcher",)),
        ("<div>Posted On : April 3, 2024 Published By : AnnOde</div>", ("AnnOde",)),
        ("<p>By Associated Press</p>", ("Associated Press",)),
        ("<div>EFE Brekke</div><div>Publicado: 5 de abril de 2024</div>", ("EFE",)),
        ("<p>Bloomberg's view</p><p>April 5, 2024</p>", ()),
        ("<p>By admin on April 3, 2024</p>", ()),
        ("<p>By train on April 3, 2024</p>", ()),
        ("<div>Copy URL</div><div>April 3, 2024</div>", ()),
    ],
)
def test_a_single_word_behind_by_beside_a_date_and_an_agency_behind_by_are_authors(below, named):
    assert article_of(below).authors == named


def stated_by(*names, kind="Person"):
    stated = {"@type": "NewsArticle", "headline": TITLE, "author": [{"@type": kind, "name": name} for name in names]}
    script = f"<script type=application/ld+json>{json.dumps(stated)}</script>"
    return f"<meta property=og:site_name content='Harbour Bugle'>{script}"


@pytest.mark.parametrize(
    ("below", "stated", "authors"),
    [
        ("<p>By Ann Ode and Tor Lie, HBN</p>", ["Ann Ode"], ("Ann Ode", "Tor Lie")),
        ("<p>By Ann Ode</p><p>Photography by Tor Lie</p>", ["Ann Ode", "Tor Lie"], ("Ann Ode",)),
        ("<p>By Ann Ode</p><p>Contributions from</p><p>Tor Lie</p>", ["Ann Ode", "Tor Lie"], ("Ann Ode",)),
        ("<p>Ann Ode | Edited by Tor Lie | Reviewed by Per Vik</p>", ["Per Vik", "Ann Ode", "Tor Lie"], ("Ann Ode",)),
        ("<p>By Ann Ode</p>", ["Ann Ode", "Tor Lie"], ("Ann Ode", "Tor Lie")),
        ("<p>By Carol Reid</p>", ["Ann Ode"], ("Ann Ode",)),
        ("<p>Edited by Tor Lie</p>", ["Tor Lie"], ("Tor Lie",)),
    ],
)
def test_the_byline_adds_writers_to_those_that_data_name_and_takes_out_who_did_something_else(below, stated, authors):
    assert article_of(below, stated_by(*stated)).authors == authors


@pytest.mark.parametrize(
    ("below", "author"),
    [
        ("<p>By Associated Press</p>", "Associated Press"),
        ("<div>Ann Ode</div><div>Published: 3 April 2024</div>", "Ann Ode"),
        ("", "Harbour Bugle"),
    ],
)
def test_whoever_the_byline_names_outweighs_the_sites_own_name(below, author):
    assert article_of(below, stated_by("Harbour Bugle", kind="Organization")).authors == (author,)


def test_a_name_right_above_that_of_the_site_is_the_authors():
    head = "<meta property=og:site_name content='Radio North'>"

    assert article_of("<div>Ann Ode</div><div>Radio North, Brekke</div>", head).authors == ("Ann Ode",)
    assert article_of("<div>Ann Ode</div><div>Radio South, Brekke</div>", head).authors == ()


def test_the_byline_below_the_title_outweighs_a_link_to_another_writer_above_it():
    html = (
        f"<html><head><title>{TITLE}</title></head><body><div><a href=/writers/tor-lie>Tor Lie</a></div>"
        f"<main><h1>{TITLE}</h1><p>By Ann Ode</p>{''.join(f'<p>{line}</p>' for line in SENTENCES)}</main></body></html>"
    )

    assert clean(RawArticle(id="a", html=html))[0].authors == ("Ann Ode",)


@pytest.mark.parametrize("form", ["page", "text"])
@pytest.mark.parametrize(
    ("line", "authors", "editor"),
    [
        ("(Reporting by Ann Ode in Brekke and Tor Lie; Editing by Carol Reid)", ("Ann Ode", "Tor Lie"), "Carol Reid"),
        ("Reporting by The Associated Press.", ("The Associated Press",), None),
        ("(Additional reporting by Tor Lie)", (), None),
    ],
)
def test_what_an_agency_says_below_a_text_names_its_authors_and_editor(line, authors, editor, form):
    lines = (*SENTENCES, line)
    article = article_of(lines=lines) if form == "page" else clean(RawArticle(id="a", text="\n\n".join(lines)))[0]

    assert (article.authors, article.editor) == (authors, editor)
    assert line not in article.body


def test_the_byline_of_a_page_that_sets_its_title_in_bold_is_found_below_it():
    lines = "<br><br>".join(SENTENCES)
    html = (
        f"<html><head><title>Harbour Gazette: {TITLE}</title></head><body><table><tr><td><font size=4><b>{TITLE}</b>"
        f"</font><br><font size=1>By ANN ODE, Gazette staff</font><p><font size=2>{lines}</td></tr></table>"
    )

    assert clean(RawArticle(id="a", html=html))[0].authors == ("ANN ODE",)


def test_a_job_before_a_japanese_name_is_no_part_of_it():
    assert article_of("<p class=writer>記者 山本 葵</p>").authors == ("山本 葵",)


@pytest.mark.parametrize(("dates", "kept"), [(("4 June 2020", "17 January 2022"), True), (("4 June 2020",), False)])
def test_dates_that_head_the_parts_of_a_chronicle_stay(dates, kept):
    heads = [*dates, "What the council says"][:2]
    parts = "".join(f"<h2>{head}</h2><p>{line}</p>" for head, line in zip(heads, SENTENCES[1:], strict=False))
    text = f"<main><h1>{TITLE}</h1><p>{SENTENCES[0]}</p>{parts}</main>"
    html = f"<html><head><title>{TITLE}</title></head><body>{text}</body></html>"

    assert (dates[0] in clean(RawArticle(id="a", html=html))[0].body) is kept


def test_two_names_and_their_place_above_a_date_are_the_authors():
    assert article_of("<div>Ann Ode and Tor Lie in Brekke</div><div>Thu 9 May 2024</div>").authors == (
        "Ann Ode",
        "Tor Lie",
    )


def test_the_job_behind_a_korean_name_says_that_it_is_a_reporters():
    assert article_of("<div>김하늘 기자 | 입력 2024.05.09 09:00</div>").authors == ("김하늘",)


@pytest.mark.parametrize(
    "below", ["<div>Ann Ode</div>", "<div>Harbour News</div><div>3 April 2024</div>", "<p>Ann, 3 April 2024</p>"]
)
def test_a_name_alone_a_desk_and_a_single_word_are_no_authors(below):
    assert article_of(below).authors == ()


def test_a_byline_outweighs_a_desk_that_the_page_states():
    stated = {"@type": "NewsArticle", "headline": TITLE, "author": {"@type": "Organization", "name": "Redaktion"}}
    head = f"<script type=application/ld+json>{json.dumps(stated)}</script>"

    assert article_of("<p>Por <b>Ann Ode</b>, Harbour Gazette</p>", head).authors == ("Ann Ode",)
    assert article_of("", head).authors == ("Redaktion",)


def test_the_authors_of_an_empty_shell_are_those_beside_its_title_in_the_data():
    article = {"title": TITLE, "author": [{"name": "Ann Ode"}], "blocks": [{"text": each} for each in SENTENCES * 2]}
    state = {"page": article, "teasers": [{"title": "A bridge for nobody", "author": {"name": "Carol Reid"}}]}
    html = (
        f"<html><head><title>{TITLE}</title></head><body><div id=root></div>"
        f"<script type=application/json>{json.dumps(state)}</script></body></html>"
    )

    assert clean(RawArticle(id="a", html=html))[0].authors == ("Ann Ode",)


@pytest.mark.parametrize("form", ["page", "text"])
def test_the_day_of_an_announcements_dateline_is_its_own_and_the_line_stays(form):
    opening = f"PORT TOWN, Wales, Sept. 5, 2023 /Agency/ -- {SENTENCES[0]}"
    lines = (opening, *SENTENCES[1:])
    article = article_of(lines=lines) if form == "page" else clean(RawArticle(id="a", text="\n\n".join(lines)))[0]

    assert (article.published, article.published_origin) == ("2023-09-05", "text")
    assert article.body.startswith(opening)


def test_a_day_that_a_sentence_begins_with_is_no_dateline():
    lines = (f"On Sept. 5, 2023 the council met. {SENTENCES[0]}", *SENTENCES[1:])

    assert clean(RawArticle(id="a", text="\n\n".join(lines)))[0].published is None


def test_what_a_newsletter_says_of_itself_round_its_field_goes():
    pitch = "What the harbour talks about, in your inbox before breakfast. Free, every weekday."
    form = (
        f"<div class=x9><h3>The Morning Tide</h3><p>{pitch}</p><form><input type=email><button>Go</button></form></div>"
    )

    assert article_of(form).body == "\n\n".join(SENTENCES)


def test_a_short_article_beside_a_field_for_mail_stays():
    html = (
        f"<html><head><title>{TITLE}</title></head><body><div><h1>{TITLE}</h1><p>{SENTENCES[0]}</p>"
        "<form><input type=email></form></div></body></html>"
    )

    assert SENTENCES[0] in clean(RawArticle(id="a", html=html))[0].body


def test_a_poll_within_the_text_goes():
    poll = "<div class=poll><h3>Should it sail?</h3><label>Yes</label><label>No</label></div>"

    assert article_of(poll).body == "\n\n".join(SENTENCES)


def test_an_offer_behind_which_the_text_goes_on_marks_it_as_partial():
    offer = (
        "<div class=paywall-gate><h2>Subscribe to unlock this article</h2><p>Try unlimited access for only €1</p>"
        "<p>Then €39 per month. Cancel any time.</p><p>Already a subscriber? Sign in</p></div>"
    )
    article = article_of(lines=SENTENCES[:2], below=offer)

    assert "unlimited access" not in article.body
    assert "partial" in article.flags
