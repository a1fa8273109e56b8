"""Pages of the years before HTML 5 and of small systems: tables, line breaks, bare text, their own names for things."""

import pytest

from schemas.article import RawArticle
from streams.stages.clean import clean

TITLE = "Council keeps the last ferry"
SENTENCES = (
    "The council of the harbour town voted on Monday to keep the last ferry running, after a debate of six hours.",
    "Residents of the island had said that they had no other way to reach the school, the doctor and the market.",
    "The boat will sail four times a day in winter and eight times in summer, according to the plan that was passed.",
    "A ticket will cost two coins more than last year, which the operator called the lowest price that it could bear.",
    "Nobody here wants a bridge, the mayor told reporters after the vote, adding that the money was not there anyway.",
)
PARAGRAPHS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
WHOLE = "\n\n".join(SENTENCES)


def article_of(body, title=TITLE, head=""):
    page = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    [article] = clean(RawArticle(id="a", html=page))
    return article


def test_a_first_paragraph_that_stands_bare_in_the_page_is_kept():
    first, *others = SENTENCES
    behind = "".join(f"<p>{sentence}" for sentence in others)

    assert article_of(f"<h2>{TITLE}</h2><i>Report by Ann Tait</i><br><br>{first}{behind}").body == WHOLE


def test_a_short_paragraph_in_korean_behind_a_line_break_is_kept():
    lines = (
        "시의회는 월요일 여섯 시간의 토론 끝에 마지막 여객선을 계속 운항하기로 의결했다.",
        "섬 주민들은 학교와 병원, 시장에 갈 다른 길이 없다고 말해 왔다.",
        "배는 겨울에 하루 네 번, 여름에는 여덟 번 다니게 된다.",
        "시장은 다리를 원하는 사람은 아무도 없고 돈도 없다고 말했다.",
    )
    text = "<br><br>".join(lines)

    assert article_of(f"<h1>마지막 여객선 유지</h1><div>{text}<br><br>desk@news.example</div>").body == "\n\n".join(
        lines
    )


def test_a_table_of_a_picture_and_what_stands_below_it_is_no_part_of_the_text():
    rows = "<tr><td><img src=f.jpg></td></tr><tr><td>The ferry leaves the pier at dusk.</td></tr>"
    picture = f"<table align=right>{rows}</table>"

    article = article_of(
        f"<h1>{TITLE}</h1><div>{SENTENCES[0]}<br><br>{picture}{PARAGRAPHS[PARAGRAPHS.index('</p>') :]}</div>"
    )

    assert "at dusk" not in article.body
    assert SENTENCES[0] in article.body


def test_a_short_item_in_a_table_with_a_picture_stays():
    item = "The last ferry will sail through the winter, the council of the harbour town decided on Monday."
    menu = "".join(f"<a href=/{place}>Harbour {place}</a> " for place in range(40))

    assert item in article_of(f"{menu}<table><tr><td><img src=f.jpg></td><td>{item}</td></tr></table>").body


@pytest.mark.parametrize("name", ["kommentarii", "reactions", "talkbacks"])
def test_what_readers_wrote_goes_under_its_name_in_a_cell_too(name):
    cell = f"<td class={name}><p>I have taken that boat every day since 1970 and it has never once been late.</p></td>"

    assert article_of(f"<h1>{TITLE}</h1><table><tr><td>{PARAGRAPHS}</td></tr><tr>{cell}</tr></table>").body == WHOLE


def test_short_links_below_the_head_of_related_ones_go():
    links = "".join(
        f'<br>• <a href="/{place}">{text}</a>' for place, text in enumerate(("A pier for sale", "Why boats sink"))
    )
    article = article_of(
        f"<h1>{TITLE}</h1><div>{PARAGRAPHS}<p><b>RELATED SITES:</b>{links}</p>{PARAGRAPHS[:113]}</div>"
    )

    assert "Why boats sink" not in article.body


def test_the_day_of_a_blogs_post_stands_in_the_line_that_says_where_it_is_filed():
    filed = (
        "This entry was posted on Thursday, July 24th, 2008 at 9:12 am and is filed under Boats, Bridges and Islands."
    )
    more = "You can follow any responses to this entry through the feed. Both comments and pings are currently closed."
    article = article_of(f"<h2>{TITLE}</h2>{PARAGRAPHS}<p>{filed} {more}</p>")

    assert article.body == WHOLE
    assert article.published == "2008-07-24T09:12:00"


def test_the_title_of_an_abbreviation_says_when_an_entry_was_posted():
    shown = '<abbr title="2012-02-24T15:20:08-0800">Fri Feb 24, 6:20 pm ET</abbr>'

    assert article_of(f"<h1>{TITLE}</h1><cite>By Ann Tait - {shown}</cite>{PARAGRAPHS}").published.startswith(
        "2012-02-24"
    )


def test_authors_that_data_only_point_at_are_named_in_full():
    article = f'{{"@type": "NewsArticle", "headline": "{TITLE}", "author": {{"@id": "#p1"}}}}'
    people = '{"@type": "Person", "name": "The desk"}, {"@type": "Person", "@id": "#p1", "name": "Ann Tait"}'
    data = f'<script type="application/ld+json">{{"@graph": [{article}, {people}]}}</script>'

    assert article_of(f"<h1>{TITLE}</h1>{PARAGRAPHS}", head=data).authors == ("Ann Tait",)


@pytest.mark.parametrize(
    "byline",
    [
        "<p class=firma><strong>Ana Ruiz</strong> | MADRID</p>",
        "<p class=signature>Publié le 14/11/2014 à 07h40 | Par Ana Ruiz, avec AFT</p>",
        "<div class=muhabir>Ana Ruiz</div>",
        "<p class=byline><span>Text</span> <a href=/a>Ana Ruiz</a></p>",
        "<p class=byline>Words: <b>Ana Ruiz</b> Photographs: <b>Ola Bright</b></p>",
    ],
)
def test_bylines_abroad_and_of_magazines_name_who_wrote(byline):
    assert article_of(f"<h1>{TITLE}</h1>{byline}{PARAGRAPHS}").authors == ("Ana Ruiz",)


def test_a_button_behind_a_chinese_name_is_no_part_of_it():
    assert article_of(f"<h1>{TITLE}</h1><div>作者：李文静 <a href=#c>我要评论</a></div>{PARAGRAPHS}").authors == (
        "李文静",
    )


def test_words_above_an_announcement_are_no_author():
    assert article_of(f"<h1>{TITLE}</h1><p>FOR IMMEDIATE RELEASE</p><p>May 4, 2014</p>{PARAGRAPHS}").authors == ()


def test_the_last_part_of_a_pages_name_that_is_a_heading_is_its_title():
    found = article_of(
        f"<h2>Ferry 3 Bridge 2</h2>{PARAGRAPHS}", title="Harbour Weekly - Match reports - Ferry 3 Bridge 2"
    )

    assert found.title == "Ferry 3 Bridge 2"


def test_remarks_below_who_said_them_go():
    remarks = (
        "<b>At 9:14 AM, hilda said:</b><br>My cousin lives there and says that the hay will last until Friday.<br><br>"
        "<b>At 9:40 AM, old tom said:</b><br>They should have built the bridge in 1961, as my father told them to."
    )

    text = "<br><br>".join(SENTENCES)

    assert article_of(f"<h1>{TITLE}</h1><table><td>{text}<hr><b>Comments</b><br>{remarks}</td></table>").body == WHOLE


def test_the_day_of_a_post_may_stand_below_it_behind_its_writers_name():
    below = "<p>Posted by Lena Okafor on March 12, 2008 at 06:20 PM | <a href=/p>Permalink</a></p>"

    assert article_of(f"<h3>{TITLE}</h3><div>{PARAGRAPHS}</div>{below}").published == "2008-03-12T18:20:00"


def test_a_standfirst_is_known_by_its_name_in_other_languages():
    standfirst = "<ul class=subtitulos><li>A debate of six hours ends well for the island</li></ul>"

    article = article_of(f"<h1>{TITLE}</h1>{standfirst}<div class=cuerpo>{PARAGRAPHS}</div>")

    assert article.standfirst == "A debate of six hours ends well for the island"


def test_a_place_behind_a_slash_is_no_author():
    byline = "<div class=autor>L. Okafor / Ciudad / 12 mar 2013</div>"

    assert article_of(f"<h1>{TITLE}</h1>{byline}{PARAGRAPHS}").authors == ("L. Okafor",)


@pytest.mark.parametrize("line", ["ENDS", "Notes to editors", "Contact Kit Mercer: Email the author"])
def test_what_ends_an_announcement_or_a_post_goes(line):
    note = "The island has four hundred people, one school and no road of its own."

    assert article_of(f"<h1>{TITLE}</h1>{PARAGRAPHS}<p>{line}</p><p>{note}</p>").body == f"{WHOLE}\n\n{note}"


def test_a_title_without_a_heading_is_known_by_its_elements_name():
    page = f"<span id=lblHeadline class=headline>{TITLE}</span><br><span>By Ann Tait</span>{PARAGRAPHS}"

    found = article_of(page, title="Harbour Star")

    assert (found.title, found.authors) == (TITLE, ("Ann Tait",))


def test_a_byline_outweighs_the_site_that_data_name_as_author_and_its_title_ends_with():
    data = (
        f'{{"@type": "NewsArticle", "headline": "{TITLE}", "author": {{"@type": "Organization", "name": "El Faro"}}}}'
    )
    head = f"<script type=application/ld+json>{data}</script>"
    body = f"<article><h1>{TITLE}</h1><p>Por Inés Caro | Madrid</p>{PARAGRAPHS}</article>"

    assert article_of(body, title=f"{TITLE} - El Faro", head=head).authors == ("Inés Caro",)
