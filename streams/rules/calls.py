"""Reading the tokens of a query, and the functions among them: ATLEAST, FIRST, NUM, entity, modality and others."""

from collections.abc import Callable, Sequence
from math import inf, nextafter
from typing import NoReturn

from schemas.alert import Modality
from streams.rules.combining import Has, Not
from streams.rules.errors import Problem, QueryError
from streams.rules.facts import COMPARISONS, EntityFound, Fact, Number
from streams.rules.lexer import Token, tokens_of
from streams.rules.narrowing import Early, Often, Spoken
from streams.rules.nodes import Node
from streams.rules.recency import Recent

DEPTH = 40
TERMS = 5_000
ASSERTED = frozenset((Modality.ACTUAL, Modality.PAST, Modality.PLANNED))
DENIED = frozenset((Modality.DENIED, Modality.REFUSED))
Lookup = Callable[[str], Node | None]


def no_name(name: str) -> Node | None:
    """A lookup that knows nothing."""
    return None


class TokenReader:
    """The tokens of one query, taken one after the other; every fault is raised at its token."""

    def __init__(self, query: str, sets: Lookup = no_name, rules: Lookup = no_name) -> None:
        self._query = query
        self._tokens = tokens_of(query)
        self._next = 0
        self._token = self._tokens[0]
        self._depth = 0
        self._sets, self._rules = sets, rules
        if len(self._tokens) > TERMS:
            raise QueryError(
                Problem("E018", 0, f"{len(self._tokens)} words and signs; {TERMS} are allowed", "split the rule")
            )

    def _take(self) -> Token:
        token = self._token
        if token.kind != "end":
            self._next += 1
            self._token = self._tokens[self._next]
        return token

    def _fail(self, code: str, token: Token, message: str, hint: str = "") -> NoReturn:
        raise QueryError(Problem(code, token.offset, message, hint))

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEPTH:
            self._fail("E017", self._token, f"nested deeper than {DEPTH}", "move inner parts into sets")

    def _placed(self, node: Node, token: Token) -> None:
        """Nearness is between words: facts of the article have no place."""
        if isinstance(node, Fact | Not | Has):
            self._fail("E019", token, f"{node.text} has no place in the text to be near to", "join it by AND")


class Calls(TokenReader):
    """The functions; what stands within their parentheses is read by the parser that extends this."""

    def _either(self) -> Node:
        raise NotImplementedError

    def _read_call(self, token: Token) -> Node:
        self._expect("open", "(")
        node: Node = getattr(self, f"_call_{token.text.lower()}")(token)
        self._expect("close", ")")
        return node

    def _expect(self, kind: str, sign: str) -> Token:
        token = self._take()
        if token.kind != kind:
            self._fail(
                "E003" if kind == "close" else "E004",
                token,
                f"{sign!r} was expected here",
                "see docs/rules.md for the form of each function",
            )
        return token

    def _count(self, example: str) -> int:
        token = self._take()
        if not token.text.isdecimal() or not token.text.isascii() or not 0 < int(token.text[:9]) <= 10_000:
            self._fail("E007", token, f"a number from 1 to 10000 was expected, not {token.text!r}", example)
        self._expect("comma", ",")
        return int(token.text)

    def _inner(self) -> Node:
        token = self._token
        node = self._either()
        self._placed(node, token)
        return node

    def _call_atleast(self, token: Token) -> Node:
        return Often(self._count("ATLEAST(3, word)"), self._inner())

    def _call_first(self, token: Token) -> Node:
        return Early(self._count("FIRST(80, word)"), self._inner())

    def _call_has(self, token: Token) -> Node:
        return Has(self._either())

    def _call_asserted(self, token: Token) -> Node:
        return Spoken(ASSERTED, self._inner())

    def _call_denied(self, token: Token) -> Node:
        return Spoken(DENIED, self._inner())

    def _call_recent(self, token: Token) -> Node:
        return Recent(self._inner())

    def _call_modality(self, token: Token) -> Node:
        kinds: list[Modality] = []
        while not kinds or self._token.kind == "pipe":
            if kinds:
                self._take()
            kind = self._take()
            if kind.text not in set(Modality):
                self._fail("E006", kind, f"{kind.text!r} is no modality", f"one of {', '.join(Modality)}")
            kinds.append(Modality(kind.text))
        self._expect("comma", ",")
        return Spoken(frozenset(kinds), self._inner())

    def _call_num(self, token: Token) -> Node:
        tests = []
        while True:
            sign = self._take()
            value = self._take()
            number = value.text.replace("_", "")
            if sign.text not in COMPARISONS or not number.replace(".", "", 1).isdecimal() or len(number) > 15:
                self._fail("E007", sign, "a comparison with a number was expected",
                           "NUM(>500), NUM(>=2, <10), NUM(>=1000000) without commas")  # fmt: skip
            tests.append((sign.text, float(number)))
            if self._token.kind != "comma":
                self._possible(tests, sign)
                return Number(tuple(tests))
            self._take()

    def _possible(self, tests: Sequence[tuple[str, float]], token: Token) -> None:
        """Some number must do: one of those named, or one right beside it."""
        near = (number for _, value in tests for number in (value, nextafter(value, inf), nextafter(value, -inf)))
        if not any(all(COMPARISONS[sign](number, value) for sign, value in tests) for number in near):
            self._fail("E024", token, "no number is all of this", "NUM(>=2, <10)")

    def _call_entity(self, token: Token) -> Node:
        keys: list[str] = []
        while True:
            name = self._take()
            kind, _, value = name.text.partition("=")
            if name.kind != "word" or kind not in ("type", "id", "name"):
                self._fail(
                    "E006",
                    name,
                    f"{name.text!r} is no argument of entity()",
                    "entity(type=GPE, id=Q796) or entity(name=Iraq)",
                )
            value = value or self._argument()
            keys.append(
                {"type": f"type:{value.upper()}", "id": f"entity:{value}", "name": f"name:{value.casefold()}"}[kind]
            )
            if self._token.kind != "comma":
                return EntityFound(tuple(sorted(keys)))
            self._take()

    def _argument(self) -> str:
        token = self._take()
        if token.kind == "compare" and token.text == "=":
            token = self._take()
        text = token.text.removeprefix("=").strip('"')
        if token.kind not in ("word", "phrase") or not text:
            self._fail("E004", token, "a value was expected after =", "entity(type=GPE)")
        return text
