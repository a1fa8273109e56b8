"""Reading the queries that most rules are: a phrase, words near each other, or words joined by AND.

It answers what the parser would, several times faster, and leaves to it whatever is not of these shapes.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from streams.rules.combining import All, Any, Not
from streams.rules.nearness import Near, Scope
from streams.rules.nodes import Node, Phrase, Term
from streams.rules.words import key_of

_NAMES = frozenset(
    "and or not near onear clause sent next para propn atleast first num entity has asserted denied modality".split()  # noqa: SIM905
)
FOREIGN = frozenset(("WITHIN", "ADJ", "SAME", "BEFORE", "AFTER", "XOR", "ANDNOT"))
"""Operators of other languages of queries, which as words would ask for *within*."""


MOST_KEYS = 200_000
LENGTH = 1_000
"""Characters from which a query is left to the parser."""


class Following(NamedTuple):
    """Words that follow each other."""

    words: Sequence[str]
    text: str


class Close(NamedTuple):
    """Two words with at most so many between them."""

    left: str
    right: str
    words: int
    ordered: bool


class Present(NamedTuple):
    """Words of which one each must be there, and words of which one each must not, as they stand in the query."""

    parts: Sequence[tuple[Sequence[str], bool]]


Shape: TypeAlias = Following | Close | Present


def shape_of(query: str) -> Shape | None:
    """What a query of one of the common shapes says; None for any other, and for one with a fault."""
    if '"' in query:
        return _following(query)
    return _close(query) if "NEAR/" in query else _present(query)


def _is_word(text: str) -> bool:
    """Whether it is a plain word and could not be an operator."""
    if not (text.isascii() and text.isalnum()) or (text[-1].isdecimal() and text[0].isalpha()):
        return False
    return text.lower() not in _NAMES and text not in FOREIGN


class _Keys(dict[str, str]):
    """By word the key it stands for, or nothing where it could be an operator; forgotten where there are very many."""

    def __missing__(self, word: str) -> str:
        if len(self) >= MOST_KEYS:
            self.clear()
        found = self[word] = key_of.__wrapped__(word) if _is_word(word) else ""
        return found


KEYS = _Keys()
_key = KEYS.__getitem__


def _following(query: str) -> Shape | None:
    text = query[1:-1]
    if query[0] != '"' or query[-1] != '"' or '"' in text:
        return None
    words = text.split()
    return Following(words, text) if len(words) > 1 and all(map(_key, words)) else None


def _close(query: str) -> Shape | None:
    left, _, rest = query.partition(" ")
    operator, _, right = rest.partition(" ")
    name, _, count = operator.partition("/")
    if name not in ("NEAR", "ONEAR") or not (count.isdecimal() and count.isascii()) or len(count) > 3:
        return None
    if int(count) > 255 or not (KEYS[left] and KEYS[right]):
        return None
    return Close(left, right, int(count), name == "ONEAR")


def _present(query: str) -> Shape | None:
    parts = []
    for piece in query.split(" AND "):
        bare = piece.removeprefix("NOT ")
        words = [bare] if bare[:1] != "(" else bare[1:-1].split(" OR ") if bare[-1] == ")" else []
        if not words or not all(map(_key, words)):
            return None
        parts.append((words, bare is not piece))
    return Present(parts)


def plain(query: str) -> Node | None:
    """The parts of a query of one of the common shapes; None for any other, and for one with a fault."""
    shape = shape_of(query)
    if isinstance(shape, Following):
        return Phrase(list(map(_term, shape.words)), 0, shape.text)
    if isinstance(shape, Close):
        left, right, words, ordered = shape
        return Near(_term(left), _term(right), words=words, ordered=ordered, scope=Scope.WORDS)
    return _all(shape) if shape else None


def _term(word: str) -> Term:
    return Term(KEYS[word], word)


def _all(shape: Present) -> Node | None:
    parts: list[Node] = []
    wanted, excluded = set[str](), set[str]()
    for words, negated in shape.parts:
        node = _term(words[0]) if len(words) == 1 else Any(list(map(_term, words)))
        (excluded if negated else wanted).add(node.text)
        parts.append(Not(node) if negated else node)
    if not wanted or not wanted.isdisjoint(excluded):
        return None
    return parts[0] if len(parts) == 1 else All(parts)
