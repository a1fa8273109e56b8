"""When a page was published, where its fields do not say so: lines round the title, scripts, the address."""

import pytest

from streams.text.dateline import dates_in, lines_round_title, settle_date
from streams.text.metadata import metadata_of
from streams.text.pages import parsed
from streams.text.runs import runs_of

PROSE = "<p>The council of the harbour town voted on Monday to keep the last ferry running, after six hours of it.</p>"


def dated(below="", above="", head="", after="", url=None):
    html = (
        f"<html><head><title>Council keeps the last ferry</title>{head}</head><body>{above}"
        f"<h1>Council keeps the last ferry</h1>{below}{PROSE * 4}{after}</body></html>"
    )
    tree = parsed(html)
    elements = list(tree.iter())
    metadata = metadata_of(tree, url)
    settle_date(metadata, runs_of(tree), html, lines_round_title(elements, metadata.title))
    return metadata


def published(*arguments, **parts):
    found = dated(*arguments, **parts).published
    return found and found.value


@pytest.mark.parametrize(
    "line",
    [
        "<div>By Jane Doe<span>March 3, 2021</span><span>5 min read</span></div>",
        "<div><span>Published</span> <b>Mar 3, 2021</b></div>",
        "by <a href=/doe>Jane Doe</a> - 03/03/21",
        "<p>A standfirst says in a full sentence what the article below it is about.</p><div>3 March 2021</div>",
        "<div>Last updated: March 9, 2021 First published: March 3, 2021</div>",
        "<div>Updated March 9, 2021</div><div>March 3, 2021</div>",
        "<h2>A subheading</h2><ul><li>3. März 2021</li></ul>",
    ],
)
def test_a_line_below_the_title_dates_a_page(line):
    assert published(line) == "2021-03-03"


@pytest.mark.parametrize(
    "line",
    [
        "<div>Updated March 3, 2021</div>",
        "<p>&mdash; Ferry Friends (@ferry) March 3, 2021</p>",
        "<div>3 hours ago</div>",
        "<div>Actualizado el 3 de marzo de 2021</div>",
    ],
)
def test_a_change_and_a_quoted_post_do_not_date_a_page(line):
    assert published(line) is None


def test_a_change_shown_below_the_title_is_the_change():
    assert dated("<div>Updated March 3, 2021</div>").updated.value == "2021-03-03"


def test_the_day_at_the_top_of_a_page_is_not_its_date():
    assert published(above="<div class=date>Sunday, March 7, 2021</div>") is None


def test_a_later_date_than_the_change_is_another_articles():
    elsewhere = "<time datetime=2021-03-07>March 7, 2021</time>"

    assert published(after=elsewhere) == "2021-03-07"
    assert published("<div>Updated March 5, 2021</div>", after=elsewhere) is None


def test_a_line_that_says_when_the_text_was_first_published_counts_wherever_it_stands():
    assert (
        published(after="<p>This story was originally published March 3, 2021, 12:20 PM.</p>") == "2021-03-03T12:20:00"
    )


def test_the_only_day_of_posting_counts_wherever_it_stands():
    foot = "<div>Posted on March 3, 2021 with 214 notes</div>"
    assert published(after=foot) == "2021-03-03"
    assert published(after=foot + "<div>Posted on March 4, 2021</div>") is None


def test_the_date_is_read_from_rdfa():
    assert (
        published('<span property="dc:date dc:created" content="2021-03-03T08:40:00">today</span>')[:10] == "2021-03-03"
    )


def test_a_time_marked_as_that_of_a_change_is_passed_over():
    both = (
        "<div><time class=updated datetime=2021-03-09>March 9</time></div><div>Modified: "
        "<time datetime=2021-03-08>8 March</time></div><div><time datetime=2021-03-03>March 3</time></div>"
    )

    assert published(both) == "2021-03-03"


@pytest.mark.parametrize(
    "name", ["article:published_time", "og:article:published_time", "DC.date.issued", "parsely-pub-date",
             "publish_date", "citation_publication_date", "pdate", "article:post_date", "date"]
)  # fmt: skip
def test_names_of_meta_elements_for_the_date(name):
    assert published(head=f'<meta name="{name}" content="2021-03-03">') == "2021-03-03"


@pytest.mark.parametrize(
    "name", ["article:modified_time", "expiry_date", "event:start_date", "book:release_date", "lastdate"]
)
def test_names_of_meta_elements_that_are_of_something_else(name):
    assert published(head=f'<meta name="{name}" content="2021-03-03">') is None


def test_publication_comes_before_creation_and_a_likely_year_before_the_epoch():
    head = '<meta name="datecreated" content="2021-03-01"><meta name="pubdate" content="2021-03-03">'

    assert published(head=head) == "2021-03-03"
    assert published(head='<meta name="publish_date" content="1970-01-01">' + head) == "2021-03-03"


def test_linked_data_of_the_page_stands_in_for_that_of_the_article():
    script = '<script type="application/ld+json">%s</script>'

    assert published(head=script % '[{"@type": "NewsArticle", "dateCreated": "2021-03-03"}]') == "2021-03-03"
    assert published(head=script % '{"@graph": [{"@type": "NewsArticle", "headline": "Ferry"}, '
                     '{"@type": "WebPage", "datePublished": "2021-03-03"}]}') == "2021-03-03"  # fmt: skip
    assert published(head=script % '{"@type": "NewsArticle", "datePublished": "2021-03-03", broken') == "2021-03-03"


def test_the_path_of_an_address_outweighs_a_bare_line_and_its_slug_does_not():
    line = "<div>March 9, 2021</div>"

    assert published(line, url="https://example.com/2021/03/03/ferry") == "2021-03-03"
    assert published(line, url="https://example.com/ferry-20210303-p5").startswith("2021-03-09")
    assert published(url="https://example.com/ferry-20210303-p5") == "2021-03-03"


def test_each_date_of_a_line_comes_with_what_stands_before_it():
    found = list(dates_in("Posted 3 March 2021 10:00 | Updated 4 March 2021"))

    assert [(label.split()[-1], date.value) for label, date in found] == [
        ("Posted", "2021-03-03T10:00:00"), ("Updated", "2021-03-04")
    ]  # fmt: skip
