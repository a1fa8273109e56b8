"""Pages made to break parsers: each is an outcome, none an exception."""

import gzip
import random
from itertools import repeat

import pytest

from schemas.article import RawArticle
from streams.stage import Reason, Reject
from streams.stages.clean import clean, is_heavy, overload_clean
from streams.text.guards import MOST_ATTRIBUTES, MOST_DEPTH, depth_problem, page_problem

SENTENCE = "The council of the harbour town voted on Monday to keep the last ferry running. "
PARAGRAPH = f"<p>{SENTENCE * 4}</p>"
NOISE = random.Random(1).randbytes(20_000)

REFUSED = {
    "100 MB": "<p>" + "x" * 100_000_000,
    "100,000 tags": "<html><body>" + "<p>x" * 100_000,
    "300,000 attributes": "<html><body><div " + " ".join(f"a{number}=1" for number in range(200_000)) + ">" + PARAGRAPH,
    "attributes without values": "<html><body><div " + " ".join(f"a{number}" for number in range(200_000)) + PARAGRAPH,
    "entities in entities": '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><body><p>&b;</p>',
    "gzip in HTML": "<html><body>" + gzip.compress(NOISE).decode("latin-1"),
    "gzip read as UTF-8": gzip.compress(NOISE).decode("utf-8", "replace"),
    "nothing but NULs": "\x00" * 100_000,
}
ODD = {
    "20,000 nested divs": "<html><body>" + "<div>" * 20_000 + PARAGRAPH + "</div>" * 20_000,
    "nothing closed": "<html><body>" + "<div><b><i><table><tr><td><ul><li><a href=x><p>text " * 1_000,
    "brackets only": "<" * 20_000,
    "comments never closed": "<html><body>" + "<!-- " * 20_000,
    "CDATA": "<html><body>" + "<![CDATA[" * 20_000,
    "nested JSON-LD": '<html><script type="application/ld+json">' + "[" * 50_000 + "</script><body>" + PARAGRAPH,
    "nested fragment": "<div>" * 20_000 + PARAGRAPH,
    "lone surrogates": "<html><body>" + PARAGRAPH.replace("a", "\ud800"),
    "NULs in words": "<html><body>" + PARAGRAPH.replace(" ", "\x00 "),
    "a heading without end": "<html><body><h1>" + "a b c " * 50_000 + "</h1>" + PARAGRAPH,
    "more headings than text": "<html><body>" + "<h1>one two three</h1>" * 15_000 + PARAGRAPH,
    "more times than text": "<html><body><h1>One two three</h1>" + "<time>12 March</time>" * 15_000 + PARAGRAPH,
    "empty": "",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_page_beyond_the_limits_is_refused_before_any_parser_sees_it(name):
    assert page_problem(REFUSED[name]) is not None
    assert clean(RawArticle(id="a", html=REFUSED[name])).reason is Reason.TOO_LARGE


@pytest.mark.parametrize("run", [clean, overload_clean])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_page_is_an_outcome(name, run):
    outcome = run(
        RawArticle.model_construct(
            id="a",
            html=ODD[name],
            text=None,
            published=None,
            position="",
            backlog=False,
            title=None,
            url=None,
            source=None,
            language=None,
            feed=None,
            guid=None,
            first_seen=None,
        )
    )

    assert isinstance(outcome, Reject) or outcome[0].body


def test_a_heading_without_end_is_no_title():
    assert clean(RawArticle(id="a", html=ODD["a heading without end"]))[0].title is None


@pytest.mark.parametrize("text", ["", "\n" * 30_000, "." * 50_000, '"' * 50_000, "\x00" * 500, " \u200b\ufeff "])
def test_a_text_without_words_is_rejected(text):
    assert isinstance(clean(RawArticle(id="a", text=text)), Reject)


def test_an_ordinary_page_keeps_the_limits():
    page = "<html><body>" + PARAGRAPH * 500 + "<div>" * 200 + "</div>" * 200

    assert page_problem(page) is None
    assert depth_problem(page) is None


def test_depth_counts_elements_that_must_be_closed():
    assert depth_problem("<div>" * (MOST_DEPTH + 1)) is not None
    assert depth_problem("<p>" * (MOST_DEPTH + 1)) is None


def test_attributes_are_counted_for_each_element():
    many = " ".join(repeat("data-name=value", MOST_ATTRIBUTES // 2))

    assert page_problem(f"<div {many}>" * 10) is None


def test_pages_and_long_texts_are_heavy_and_short_texts_are_not():
    assert is_heavy(RawArticle(id="a", html=PARAGRAPH * 100))
    assert is_heavy(RawArticle(id="a", text="a\n" * 2_000))
    assert not is_heavy(RawArticle(id="a", text=SENTENCE * 20))
    assert not is_heavy(RawArticle(id="a", html=PARAGRAPH))
