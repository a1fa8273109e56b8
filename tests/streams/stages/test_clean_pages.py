"""Whole pages: structured metadata first, then the text, then rules that are seldom wrong."""

import json

import pytest

from schemas.article import Flag, ParagraphKind, RawArticle
from streams.stages.clean import clean, overload_clean
from streams.text.stated_head import stated_excerpt

SENTENCES = (
    "The council of the harbour town voted on Monday to keep the last ferry running, after a debate of six hours.",
    "Residents of the island had said that they had no other way to reach the school, the doctor and the market.",
    "The boat will sail four times a day in winter and eight times in summer, according to the plan that was passed.",
    "A ticket will cost two coins more than last year, which the operator called the lowest price that it could bear.",
)
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "Organization", "name": "Example News"},
        {
            "@type": "NewsArticle",
            "headline": "Council keeps the last ferry",
            "datePublished": "2021-03-03T09:30:00+01:00",
            "dateModified": "2021-03-03T12:00:00+01:00",
            "author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "John Roe"}],
            "publisher": {"@type": "Organization", "name": "Example News"},
            "articleSection": "Local",
            "keywords": ["ferry", "council"],
        },
    ],
}


def page(head="", article="", heading="Council keeps the last ferry", **fields):
    paragraphs = "".join(f"<p>{sentence} {sentence}</p>" for sentence in SENTENCES)
    html = (
        f"<!doctype html><html lang=en><head><title>Council keeps the last ferry | Example News</title>{head}</head>"
        "<body><nav><a href=/>Home</a><a href=/local>Local</a></nav>"
        f"<article><h1>{heading}</h1>{paragraphs}{article}</article><footer>© Example News</footer></body></html>"
    )
    [cleaned] = clean(RawArticle(**({"id": "a", "html": html} | fields)))
    return cleaned


def linked(**changes):
    graph = [LINKED["@graph"][0], LINKED["@graph"][1] | changes]
    return f'<script type="application/ld+json">{json.dumps(LINKED | {"@graph": graph})}</script>'


def test_facts_come_from_linked_data():
    article = page(linked())

    assert article.title == "Council keeps the last ferry"
    assert article.authors == ("Jane Doe", "John Roe")
    assert (article.published, article.published_origin) == ("2021-03-03T09:30:00+01:00", "page")
    assert article.published_precision == "second"
    assert article.updated == "2021-03-03T12:00:00+01:00"
    assert (article.publisher, article.section, article.tags) == ("Example News", "Local", ("ferry", "council"))
    assert article.language == "en"


def test_the_body_is_the_article_without_title_menu_and_footer():
    assert page(linked()).body == "\n\n".join(f"{sentence} {sentence}" for sentence in SENTENCES)


def test_meta_elements_serve_where_linked_data_is_missing():
    article = page(
        '<meta property="article:published_time" content="2021-03-03T09:30:00Z">'
        '<meta name=author content="By Jane Doe">'
        '<meta property="og:site_name" content="Example News"><link rel=canonical href="https://example.com/ferry?utm_source=x">'
    )

    assert article.published == "2021-03-03T09:30:00+00:00"
    assert article.authors == ("Jane Doe",)
    assert article.url == "https://example.com/ferry"


@pytest.mark.parametrize(
    "dated",
    [
        "<ul><li>3 Mar 2021</li><li>10:45 AM ET</li></ul>",
        "<div>By Jane Doe, March 3, 2021</div>",
        "<p>3. März 2021</p>",
    ],
)
def test_a_date_below_the_title_is_believed_before_those_of_other_articles(dated):
    article = page(heading=f"Council keeps the last ferry</h1>{dated}<h1>", article="<time>May 5, 2021</time>")

    assert (article.published, article.published_origin) == ("2021-03-03", "page")


def test_a_date_below_the_title_that_says_updated_is_not_that_of_publication():
    assert page(heading="Council keeps the last ferry</h1><div>Updated March 3, 2021</div><h1>").published is None


def test_an_update_below_the_title_is_read_beside_a_stated_date():
    article = page(heading="Council keeps the last ferry</h1><div>Updated: March 4, 2021</div><h1>",
                   head='<meta name="publish-date" content="2021-03-03">')  # fmt: skip

    assert (article.published, article.updated) == ("2021-03-03", "2021-03-04")


def test_a_date_in_a_script_serves_where_it_is_the_only_one_there():
    script = '<script>var data = {"pubDate":"2021-03-03T09:30:00Z"%s}</script>'

    assert page(script % "").published == "2021-03-03T09:30:00+00:00"
    assert page(script % ', "next": {"pubDate":"2021-05-05"}').published is None


@pytest.mark.parametrize(
    "shown",
    [
        '<time datetime="2021-03-03T20:30:00+11:00">yesterday</time>',
        "<div>Published March 3, 2021 8:30 pm AEDT</div>",
    ],
)
def test_a_moment_is_given_in_the_zone_in_which_the_page_shows_it(shown):
    head = '<meta property="article:published_time" content="2021-03-03T09:30:00Z">'

    assert page(head, heading=f"Council keeps the last ferry</h1>{shown}<h1>").published == "2021-03-03T20:30:00+11:00"


def test_a_byline_serves_where_nothing_else_names_an_author():
    article = page(article='<div class="byline">By Jane Doe, staff writer</div>')

    assert article.authors == ("Jane Doe",)


def test_the_name_of_the_site_is_no_author():
    article = page(linked(author={"name": "Example News"}), '<a rel="author" href="/staff/jane">Jane Doe</a>')

    assert article.authors == ("Jane Doe",)


def test_a_day_in_the_address_is_marked_as_such():
    article = page(url="https://example.com/2021/03/03/ferry")

    assert (article.published, article.published_precision, article.published_origin) == ("2021-03-03", "day", "url")


def test_nothing_is_invented():
    article = page()

    assert (article.published, article.authors, article.editor, article.section) == (None, (), None, None)


def test_broken_linked_data_costs_nothing():
    assert (
        page('<script type="application/ld+json">{"@type": "NewsArticle", </script>').title
        == "Council keeps the last ferry"
    )


def test_the_kinds_of_paragraphs_follow_the_markup():
    article = page(
        article=f"<h2>Prices</h2><p>{SENTENCES[0]}</p><blockquote><p>{SENTENCES[1]}</p></blockquote><p>{SENTENCES[2]}</p>"
    )
    kinds = {article.body[each.start : each.end]: each.kind for each in article.paragraphs}

    assert kinds["Prices"] is ParagraphKind.HEADING
    assert kinds[SENTENCES[2]] is ParagraphKind.PARAGRAPH


def test_what_the_rules_took_out_is_kept_with_its_kind():
    article = page(
        article="<p>Sign up for our newsletter to get the news in your inbox</p><p>The end of it came late.</p>"
    )

    assert ("newsletter", "Sign up for our newsletter to get the news in your inbox") in [
        (each.kind, each.text) for each in article.removed
    ]


def test_an_article_that_is_not_free_is_flagged():
    assert Flag.PARTIAL in page(linked(isAccessibleForFree=False)).flags
    assert Flag.PARTIAL not in page(linked(isAccessibleForFree=True)).flags


def test_dates_are_flagged_for_what_they_are():
    assert page(linked(datePublished="1970-01-01T00:00:00Z")).flags == (Flag.PUBLISHED_IMPLAUSIBLE,)
    assert page(linked(datePublished="2021-03-03T09:30")).flags == (Flag.PUBLISHED_WITHOUT_ZONE,)


def test_a_time_in_the_future_is_flagged_and_stays_as_stated():
    article = page(linked(datePublished="2031-01-01T00:00:00Z"), first_seen="2021-03-03T12:00:00Z")

    assert article.flags == (Flag.PUBLISHED_IN_FUTURE,)
    assert article.published == "2031-01-01T00:00:00+00:00"


def test_a_feed_s_date_that_cannot_be_read_is_flagged_and_not_guessed():
    article = page(published="the other day")

    assert (article.published, article.flags) == (None, (Flag.PUBLISHED_UNREADABLE,))


def test_a_feed_s_date_serves_where_the_page_has_none():
    assert (page(published=1614763800).published, page(published=1614763800).published_origin) == (
        "2021-03-03T09:30:00+00:00",
        "feed",
    )


def test_a_shell_whose_text_is_in_its_linked_data_is_an_article():
    body = "\n\n".join(f"{sentence} {sentence}" for sentence in SENTENCES)
    html = f"<html><head>{linked(articleBody=body)}</head><body><div id=root></div></body></html>"
    [article] = clean(RawArticle(id="a", html=html))

    assert article.body == body


def test_a_standfirst_is_what_stands_apart_below_the_title():
    lines = ["Council keeps the last ferry running", "Island keeps its way to school", "By Jane Doe", *SENTENCES]
    [article] = clean(RawArticle(id="a", text="\n\n".join(lines)))

    assert article.title == "Council keeps the last ferry running"
    assert article.authors == ("Jane Doe",)
    assert article.body.endswith("\n\n".join(SENTENCES))


def overloaded(head, body="", **fields):
    paragraphs = "".join(f"<p>{sentence} {sentence}</p>" for sentence in SENTENCES)
    html = f"<html lang=en><head>{head}</head><body>{body}<article>{paragraphs}</article></body></html>"
    [cleaned] = overload_clean(RawArticle(id="a", html=html, **fields))
    return cleaned


@pytest.mark.parametrize(
    ("below", "authors"),
    [
        ("<div><span>By</span> <a href=/p/1>Jane Doe</a><span> and </span><a href=/p/2>John Roe</a></div>", 2),
        ("<div><span>Von <a href=/p/1>Jane Doe</a></span> <span>3. März 2021, 9:30 Uhr</span></div>", 1),
        ("<p>Par <a href=/p/1>Jane Doe</a> et John Roe</p>", 2),
        ("<p>Written by Jane Doe Mar 3</p>", 1),
        ("<p>Von Montag an fahren die Schiffe wieder</p>", 0),
    ],
)
def test_authors_are_those_named_in_a_line_below_the_title(below, authors):
    paragraphs = "".join(f"<p>{sentence} {sentence}</p>" for sentence in SENTENCES)
    html = f"<html><body><article><h1>Council keeps the last ferry</h1>{below}{paragraphs}</article></body></html>"
    [article] = clean(RawArticle(id="a", html=html))

    assert article.authors == ("Jane Doe", "John Roe")[:authors]


def test_headings_of_a_live_page_s_entries_are_kept():
    def entry(heading, number):
        return f"<article><time>{number}.05pm</time><h3>{heading}</h3><p>{SENTENCES[number]}</p></article>"

    headings = ("The council has met", "What the plan says", "Reactions from the island")
    article = page(article="".join(entry(heading, number) for number, heading in enumerate(headings, start=1)))

    assert [heading for heading in headings if heading in article.body] == list(headings)


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Mill chimney to come down brick by brick", "Mill chimney to come down brick by brick"),
        ("Local news", None),
    ],
)
def test_a_page_that_names_only_its_site_has_its_second_level_heading_as_its_title(heading, title):
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    html = (
        "<html lang=en><head><title>Example Chronicle</title></head><body><h1><a href=/>Example Chronicle</a></h1>"
        f"<div><h2>{heading}</h2>{text}</div></body></html>"
    )

    assert clean(RawArticle(id="a", html=html))[0].title == title


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        (
            "<div><h1>The island keeps its last boat to the harbour</h1>{}</div>",
            "The island keeps its last boat to the harbour",
        ),
        ("<main><h1>Six hours for a boat and a bell</h1>{}</main>", "Six hours for a boat and a bell"),
        ("<div><h1>All that the coast talks about</h1>{}</div>", "Council keeps the last ferry"),
        (
            "<div><h1>What the ferry means to all of us</h1>{}<h1>The ferry that never was</h1></div>",
            "Council keeps the last ferry",
        ),
        ("<div><h1>Opinion | Council keeps the last ferry | Editorial</h1>{}</div>", "Council keeps the last ferry"),
        ("<div><h1>Opinion | Ferry</h1>{}</div>", "Council keeps the last ferry"),
    ],
)
def test_the_only_long_heading_of_the_article_is_its_title_though_data_say_it_otherwise(heading, title):
    stated = {"@type": "NewsArticle", "headline": "Council keeps the last ferry"}
    head = (
        "<title>Ferry vote: what the harbour council decided</title>"
        f"<script type=application/ld+json>{json.dumps(stated)}</script>"
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in SENTENCES)
    html = f"<html lang=en><head>{head}</head><body>{heading.format(text)}</body></html>"

    assert clean(RawArticle(id="a", html=html))[0].title == title


def test_the_site_before_a_title_goes_where_the_page_shows_the_title_alone():
    html = "<html><head><title>Example News: Council keeps the last ferry</title></head><body><table><tr><td>"
    html += f"<b>Council keeps the last ferry</b><br>3 March 2021<br><br>{'<br><br>'.join(SENTENCES)}</td></tr></table>"
    [article] = clean(RawArticle(id="a", html=html))

    assert article.title == "Council keeps the last ferry"
    assert article.body.split("\n\n") == list(SENTENCES)


def test_a_job_beside_a_name_is_no_author():
    assert page('<meta name=author content="Jane Doe, food editor">').authors == ("Jane Doe",)


def test_sources_and_credits_at_the_end_are_no_text():
    sources = "".join(
        f"<p>Interview with resident number {number} of the island, March {number}</p>" for number in range(1, 9)
    )
    roles = "<h4>Credits:</h4><p>Make-up: Ann Poe</p><p>Stylist: Tim Moe with Example</p>"

    assert page(article=roles).body == page().body
    assert page(article=f'<section id="sources"><h3>Our sources</h3>{sources}</section>').body == page().body


def test_a_heading_goes_with_the_newsletter_below_it():
    pitch = "<h4>Stay in the loop</h4><p>Like this story? Sign up for our daily briefing, every morning.</p>"

    assert page(article=f"{pitch}<p>{SENTENCES[0]}</p>").body.endswith(SENTENCES[0])
    assert "loop" not in page(article=f"{pitch}<p>{SENTENCES[0]}</p>").body


def test_the_overload_tier_reads_what_a_page_states():
    article = overloaded(f"<script>var a = '<meta name=author content=Nobody>'</script>{linked()}")

    assert (article.title, article.authors) == ("Council keeps the last ferry", ("Jane Doe", "John Roe"))
    assert (article.published, article.published_origin) == ("2021-03-03T09:30:00+01:00", "page")
    assert (article.publisher, article.section, article.tier) == ("Example News", "Local", "overload")


def test_the_overload_tier_reads_meta_elements_headings_and_times():
    head = '<title>Council keeps the last ferry | Example</title><META property="og:site_name" content="Example">'
    article = overloaded(head, "<h1>Council keeps <b>the last</b> ferry</h1><time datetime=2021-03-03>3 March</time>")

    assert (article.title, article.published) == ("Council keeps the last ferry", "2021-03-03")
    assert "Council keeps the last ferry" not in article.body


def test_the_overload_tier_takes_the_day_of_the_address_and_nothing_for_a_date():
    assert overloaded("", url="https://example.com/2021/03/03/ferry").published_origin == "url"
    assert overloaded("").published is None


def test_the_overload_tier_reads_no_more_than_a_few_elements_of_a_hostile_page():
    for beginning in ("<h1>", "<time>", "<meta ", "<script>", "<script type=ld+json>", "<title "):
        assert len(stated_excerpt(beginning * 20_000)) < 100_000
