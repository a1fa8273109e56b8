"""Expressions that are remembered find what they find when they are asked of every element."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from trafilatura import main_extractor, xpaths

from streams.text.expressions import Remembered, asked_once

NAMES = ["sidebar", "article-body", "link", "nobottom", "bottom", "comments", "cookie", "reply-3", "hidden", "story",
         "infinite-scroll", "text", "teaser", "Teaser x", "caption", "nav-main", ""]  # fmt: skip
ATTRIBUTES = st.lists(
    st.tuples(st.sampled_from(["id", "class", "style", "role", "itemprop", "data-x"]), st.sampled_from(NAMES)),
    max_size=4,
).map(dict)
TAGS = st.sampled_from(["div", "p", "span", "section", "article", "main", "ul", "list", "details", "h1", "aside"])
TREES = st.recursive(
    st.tuples(TAGS, ATTRIBUTES, st.just([])),
    lambda below: st.tuples(TAGS, ATTRIBUTES, st.lists(below, max_size=4)),
    max_leaves=12,
)
EXPRESSIONS = [
    each
    for name in ("RAW_TREE_PRUNE_XPATH", "REMOVE_COMMENTS_AND_LISTS_XPATH", "REMOVE_COMMENTS_XPATH", "BODY_XPATH",
                 "OVERALL_DISCARD_XPATH", "TEASER_DISCARD_XPATH", "PRECISION_DISCARD_XPATH", "DISCARD_IMAGE_ELEMENTS")
    for each in getattr(xpaths, name)
]  # fmt: skip


def element(tag, attributes, below):
    made = html.Element(tag)
    for name, value in attributes.items():
        made.set(name, value)
    made.extend(element(*each) for each in below)
    return made


def known(expression):
    try:
        return Remembered(expression)
    except ValueError:
        return None


PAIRS = [(each, found) for each in EXPRESSIONS if (found := known(each))]


def test_most_of_the_extractors_expressions_are_remembered():
    assert len(PAIRS) >= 0.7 * len(EXPRESSIONS)


@given(TREES)
def test_the_same_elements_are_found_in_the_same_order(made):
    tree = element("body", {}, [made])

    for asked, remembered in PAIRS:
        found = asked(tree)
        assert remembered(tree) == (found[:1] if "[1]" in asked.path else found)


def test_which_of_two_attributes_stands_first_matters():
    asked = etree.XPath(".//*[starts-with(@id|@class, 'a')]")
    attributes = {"id": "a", "class": "b"}
    tree = element("body", {}, [("div", attributes, []), ("div", dict(reversed(attributes.items())), [])])

    assert Remembered(asked)(tree) == asked(tree) == [tree[0]]


@pytest.mark.parametrize(
    "path",
    [".//header", "//*[@id='a']", ".//*[not(.//h1)]", "(.//*[@id='a'])[1]|.//p", ".//*[text()='a']",
     "(.//*[@id='a'][.//p])[1]"],
)  # fmt: skip
def test_an_expression_about_more_than_names_is_not_remembered(path):
    with pytest.raises(ValueError, match=r"an expression of another form|asks for more"):
        Remembered(etree.XPath(path))


def test_a_condition_about_what_is_within_is_asked_of_each_page():
    remembered = Remembered(etree.XPath(".//*[self::div][@id='a'][not(.//h1)]"))
    with_heading, without = ("div", {"id": "a"}, [("h1", {}, [])]), ("div", {"id": "a"}, [])

    assert [len(remembered(element("body", {}, [each]))) for each in (with_heading, without, with_heading)] == [0, 1, 0]


def test_the_extractor_is_as_it_was_behind_a_use():
    before = main_extractor.BODY_XPATH

    with asked_once():
        assert main_extractor.BODY_XPATH is not before

    assert main_extractor.BODY_XPATH is before
