"""The quick reading of common queries is the parser's, or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
