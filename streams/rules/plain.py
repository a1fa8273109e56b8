"""Reading the queries that most rules are: a phrase, words near each other, or words joined by AND.

It answers what the parser would, several times faster, and leaves to it whatever is not of these shapes.
"""

from collections.abc import Iterable
from functools import lru_cache

from streams.rules.combining import All, Any, Not
from streams.rules.nearness import Near, Scope
from streams.rules.nodes import Node, Phrase, Term
from streams.rules.words import key_of

_NAMES = frozenset(
    "and or not near onear sent para propn atleast first num entity has asserted denied modality".split()  # noqa: SIM905
)


@lru_cache(maxsize=10_000)
def _term(text: str) -> Term | None:
    """A plain word; None for anything else, and for what might be an operator."""
    plain = text.isascii() and text.isalnum() and text.lower() not in _NAMES
    return Term(key_of(text), text) if plain else None


def _terms(texts: Iterable[str]) -> list[Term] | None:
    found = [_term(text) for text in texts]
    return None if None in found else found  # type: ignore[return-value]


def plain(query: str) -> Node | None:
    """The parts of a query of one of the common shapes; None for any other, and for one with a fault."""
    if '"' in query:
        return _phrase(query)
    return _near(query) if "NEAR/" in query else _all(query)


def _phrase(query: str) -> Node | None:
    text = query[1:-1]
    if query[0] != '"' or query[-1] != '"' or '"' in text:
        return None
    words = _terms(text.split())
    return Phrase(words, 0, text) if words and len(words) > 1 else None


def _near(query: str) -> Node | None:
    left, _, rest = query.partition(" ")
    operator, _, right = rest.partition(" ")
    name, _, count = operator.partition("/")
    words = _terms((left, right))
    if words is None or name not in ("NEAR", "ONEAR") or not (count.isdecimal() and count.isascii()):
        return None
    if len(count) > 3 or int(count) > 255:
        return None
    return Near(*words, words=int(count), ordered=name == "ONEAR", scope=Scope.WORDS)


def _all(query: str) -> Node | None:
    parts: list[Node] = []
    wanted, excluded = set[str](), set[str]()
    for piece in query.split(" AND "):
        bare = piece.removeprefix("NOT ")
        node = _either(bare)
        if node is None:
            return None
        (wanted if bare is piece else excluded).add(node.text)
        parts.append(node if bare is piece else Not(node))
    if not wanted or not wanted.isdisjoint(excluded):
        return None
    return parts[0] if len(parts) == 1 else All(parts)


def _either(text: str) -> Node | None:
    if text[:1] != "(":
        return _term(text)
    words = _terms(text[1:-1].split(" OR ")) if text[-1] == ")" else None
    return None if words is None else words[0] if len(words) == 1 else Any(words)
