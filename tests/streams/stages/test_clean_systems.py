"""Pages as content systems put them together: what is not the article, and where its facts stand."""

import pytest

from schemas.article import RawArticle
from streams.stages.clean import clean

SENTENCES = (
    "The council of the harbour town voted on Monday to keep the last ferry running, after a debate of six hours.",
    "Residents of the island had said that they had no other way to reach the school, the doctor and the market.",
    "The boat will sail four times a day in winter and eight times in summer, according to the plan that was passed.",
    "A ticket will cost two coins more than last year, which the operator called the lowest price that it could bear.",
    "Nobody here wants a bridge, the mayor told reporters after the vote, adding that the money was not there anyway.",
)
OTHERS = (
    "A lighthouse of the coast was sold on Friday to a retired surveyor, who means to look for its lens.",
    "The lens had been sold before, to a restaurant two hundred miles inland, where it hangs above the salad.",
    "Ships need it no longer, for they have satellites, but the people of the village slept better by its light.",
)
TITLE = "Council keeps the last ferry"
WHOLE = "\n\n".join(SENTENCES)


def paragraphs(sentences=SENTENCES):
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def article_of(body, title=TITLE, head=""):
    html = f"<html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return clean(RawArticle(id="a", html=html))[0]


@pytest.mark.parametrize(
    ("tag", "time"), [("article class=wrap", ""), ("article", ""), ("div class=story-3", "<time>Friday</time>")]
)
def test_the_next_article_that_a_page_goes_on_with_is_not_this_one(tag, time):
    first = f"<{tag}><header><h1>{TITLE}</h1>{time}</header><div class=text>{paragraphs()}</div></{tag.split()[0]}>"
    other = (
        f"<{tag.replace('3', '4')}><h1>A lighthouse for a surveyor</h1>{time}<div class=text>{paragraphs(OTHERS)}</div>"
    )

    assert article_of(f"<div>{first}{other}</{tag.split()[0]}></div>").body == WHOLE


def test_sections_of_one_article_are_not_other_articles():
    sections = (
        f"<div class=part><h1>{TITLE}</h1>{paragraphs()}</div><div class=part><h1>Later</h1>{paragraphs(OTHERS)}</div>"
    )

    assert article_of(f"<div>{sections}</div>").body == "\n\n".join((*SENTENCES, "Later", *OTHERS))


def test_remarks_of_readers_in_unnamed_boxes_are_told_by_their_head_and_buttons():
    remarks = "".join(
        f"<div>reader{n} <i>{n + 2} hours ago</i><p>{text}</p><a>Reply</a></div>" for n, text in enumerate(OTHERS)
    )

    quoted = f"<blockquote>{SENTENCES[2]}</blockquote>"

    article = article_of(
        f"<h1>{TITLE}</h1><div>{paragraphs()}<div class=x><h2>Have your say</h2>{remarks}{quoted}</div></div>"
    )

    assert article.body == WHOLE


def test_a_link_to_comments_above_the_text_does_not_make_it_remarks():
    top = f"<h1>{TITLE}</h1><div><a href=#c>3 comments</a></div>"
    end = f"<div class=x><h2>3 comments</h2>{''.join(f'<p>{text}</p><a>Reply</a>' for text in OTHERS)}</div>"

    assert article_of(f"{top}<div>{paragraphs()}{end}</div>").body == WHOLE


def test_what_embeds_of_amp_show_while_they_load_is_no_text():
    shown = "<blockquote placeholder><p>I for one will take the boat, whatever it costs!</p></blockquote>"
    embed = f"<amp-twitter>{shown}</amp-twitter>"

    assert article_of(f"<h1>{TITLE}</h1><div>{paragraphs().replace('</p>', '</p>' + embed, 1)}</div>").body == WHOLE


def test_the_last_entries_of_a_live_page_are_kept_with_their_headings():
    entries = "".join(
        f"<div class=block id=b{n}><p class=time>1{n}:05</p><h2>Entry {n} of the day</h2><div><p>{text}</p></div>"
        "<div class=share><a>Facebook</a><a>Twitter</a></div></div>"
        for n, text in enumerate(SENTENCES)
    )
    body = article_of(f"<article><h1>{TITLE}</h1><div class=live>{entries}</div></article>").body

    assert body == "\n\n".join(part for n, text in enumerate(SENTENCES) for part in (f"Entry {n} of the day", text))


@pytest.mark.parametrize(
    "standfirst",
    [
        "<div class=sommario>{}</div>",
        "<p class=article__desc>{}.</p>",
        "<p class=story-header__sub>{}</p>",
        "<div data-gu-name=standfirst><div class=x-1><p>{}</p></div></div>",
    ],
)
def test_a_standfirst_is_known_by_what_its_box_is_called(standfirst):
    text = "After six hours the harbour town decided not to build the bridge"
    article = article_of(f"<h1>{TITLE}</h1>{standfirst.format(text)}<div class=text>{paragraphs()}</div>")

    assert article.standfirst.rstrip(".") == text


def test_a_heading_that_leads_home_is_the_name_of_the_site():
    page = f"<h1><a href=/>The Tin Kettle</a></h1><h3>{TITLE}</h3><div>{paragraphs()}</div>"

    assert article_of(page, title=f"The Tin Kettle: {TITLE}").title == TITLE


def test_a_title_is_what_the_page_shows_of_it_without_the_site_before_a_dash():
    assert article_of(f"<b>{TITLE}</b><div>{paragraphs()}</div>", title=f"Channel 6 News - {TITLE}").title == TITLE


def test_the_only_heading_is_the_title_where_the_title_element_alone_says_another():
    page = f"<h1>{TITLE}</h1><div>{paragraphs()}</div>"

    assert article_of(page, title="Last ferry Oakford timetable, tickets and fares - Example News").title == TITLE
    assert article_of(page, title="Bread becomes dearer in all towns").title == "Bread becomes dearer in all towns"


def test_a_mark_that_opens_towards_the_site_parts_it_from_the_title():
    quoted = "Ferry: the last one is « not for sale »"

    assert article_of(f"<h2>{TITLE}</h2>{paragraphs()}", title=f"{TITLE} « Example Notes").title == TITLE
    assert article_of(f"<p>{quoted}</p>{paragraphs()}", title=quoted).title == quoted


def test_a_label_within_the_heading_is_not_of_the_title():
    heading = f"<h1><span>Traffic</span> <span>{TITLE}</span></h1>"

    assert article_of(f"{heading}<div>{paragraphs()}</div>").title == TITLE


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ("<meta name=author content=harbouradmin>", "<div class=author-name>Jane Doe</div>"),
        ('<meta name=author content="Ledger, Oakford, Germany">', "<p class=byline>By <a>Jane Doe</a></p>"),
        ("", "<p>By Jane Doe | Example News, Oakford</p>"),
        ('<meta property="article:author" content="Jane Doe">', ""),
        ("", "<p>By Jane Doe, Valley Record Staff Writer</p>"),
        ('<meta name=author content="Edited by John Roe">', "<p class=byline>By <a>Jane Doe</a></p>"),
        ("", "<div class=photo-author>Foto: John Roe</div><div class=story-author>Jane Doe</div>"),
        ("", "<p class=author>by <b>Jane Doe</b> » Sat Mar 07, 2015 8:41 pm</p>"),
    ],
)
def test_an_author_has_a_whole_name_and_is_no_user_place_employer_or_photographer(head, byline):
    assert article_of(f"<h1>{TITLE}</h1>{byline}<div>{paragraphs()}</div>", head=head).authors == ("Jane Doe",)


def test_the_site_named_in_the_title_element_is_no_author():
    page = f"<h1>{TITLE}</h1><cite class=byline>By Jane Doe | Harbour Wire</cite><div>{paragraphs()}</div>"

    assert article_of(page, title=f"{TITLE} - Harbour Wire").authors == ("Jane Doe",)


def test_the_day_on_which_a_writer_joined_is_not_that_of_the_article():
    profile = "<dl><dt>mirek</dt><dd>Joined: Tue Jan 04, 2011 3:02 pm</dd></dl><p>mirek » Sat Mar 07, 2015 8:41 pm</p>"

    assert article_of(f"<h2>{TITLE}</h2>{profile}<div>{paragraphs()}</div>").published == "2015-03-07T20:41:00"


def test_a_day_stands_below_a_title_of_two_words_too():
    page = f"<h1>The keeper</h1><div>Sep 18, 2023</div><div>{paragraphs()}</div>"

    assert article_of(page, title="The keeper").published == "2023-09-18"


def test_the_day_beside_the_byline_counts_before_those_of_boxes_above_it():
    box = "<div><h3>Related News</h3><ul><li>Ferry stops<div>Fri, May 4 2012</div></li></ul></div>"
    page = (
        f"<h1>{TITLE}</h1>{box}<p>By Jane Doe</p><p>OAKFORD | Mon Jun 4, 2012 8:30am EDT</p><div>{paragraphs()}</div>"
    )

    assert article_of(page).published == "2012-06-04T08:30:00-04:00"


def test_a_day_far_from_the_title_counts_where_its_label_is_all_that_stands_before_it():
    page = (
        f"<h1>{TITLE}</h1><div>{paragraphs()}</div><ul><li><b>Date</b> 17.10.2013</li><li><b>Share</b> Send</li></ul>"
    )

    assert article_of(page).published == "2013-10-17"
