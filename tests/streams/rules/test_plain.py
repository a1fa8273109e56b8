"""The quick reading of common queries is the parser's, or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.rule import Rule
from streams.rules.checking import checked
from streams.rules.compiling import Compiler
from streams.rules.direct import direct_entry
from streams.rules.entries import Entry, entry_of
from streams.rules.errors import QueryError
from streams.rules.nodes import Node
from streams.rules.parser import Parser
from streams.rules.plain import plain


def shape(node: Node):
    said = [getattr(node, name, None) for name in ("label", "form", "case", "words", "ordered", "scope", "slop")]
    return type(node), node.text, str(said[:3]), str(said[4:]), [shape(part) for part in node.parts]


@pytest.mark.parametrize(
    "query",
    ["rocket", "rocket AND base", '"armed drone"', "(rocket OR drone) AND base", "rocket NEAR/8 base",
     "rocket AND base AND NOT film", "9 ONEAR/0 Rockets", "(rocket)"],
)  # fmt: skip
def test_the_common_shapes_are_read(query):
    assert shape(plain(query)) == shape(Parser(query).parse())


PIECES = [
    "rocket", "base", "US", "9", "AND", "OR", "NOT", "NEAR/3", "ONEAR/300", "NEAR/", "(", ")", '"', "and", "Near",
    "SENT", "PROPN", "FIRST", "=left", "^Us", "roc*", "@set", "#rule", "lang:en", "ATLEAST(2,", "\t", "été", "-", "~2",
    "”",
]  # fmt: skip


@settings(max_examples=600)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7), st.sampled_from([" ", "", "  "]), st.booleans())
def test_whatever_is_read_quickly_is_what_the_parser_reads(pieces, gap, tight):
    query = gap.join(pieces)
    query = query.replace("( ", "(").replace(" )", ")").replace('" ', '"') if tight else query
    node = plain(query)

    try:
        expected = Parser(query).parse()
    except QueryError:
        assert node is None
    else:
        assert node is None or shape(node) == shape(expected)


def filed(entry):
    return [getattr(entry, name) for name in Entry.__slots__]


def compiled(rule):
    try:
        return filed(entry_of(checked(rule, Compiler())))
    except QueryError:
        return None


@pytest.mark.parametrize(
    "query",
    ["rocket", "the AND rocket", "(rocket OR drone) AND zebra AND camp", "rocket NEAR/8 rockets", "the ONEAR/0 rocket",
     '"armed drone strike"', "rocket AND rockets AND NOT (film OR base) AND NOT game"],
)  # fmt: skip
def test_a_rule_of_a_common_shape_is_filed_at_once_as_compiling_would_file_it(query):
    rule = Rule(name="r", query=query, labels={"team": "sea"})

    assert filed(direct_entry(rule)) == compiled(rule)


@settings(max_examples=600)
@given(st.lists(st.sampled_from([*PIECES, "the", "of", "AND", "AND NOT"]), min_size=1, max_size=9), st.booleans())
def test_whatever_is_filed_at_once_is_filed_as_compiling_would_file_it(pieces, tight):
    query = " ".join(pieces)
    rule = Rule(name="r", query=query.replace("( ", "(").replace(" )", ")").replace('" ', '"') if tight else query)
    entry = direct_entry(rule)

    assert entry is None or filed(entry) == compiled(rule)


def test_a_rule_with_settings_to_be_checked_is_left_to_compiling():
    assert direct_entry(Rule(name="r", query="rocket", severity="high")) is None
    assert direct_entry(Rule(name="r", query="rocket", where={"lang": ("en",)})) is None
