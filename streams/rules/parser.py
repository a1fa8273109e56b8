"""From the text of a query to its parts: recursive descent, with every fault at its place."""

from typing import NoReturn

from streams.rules.calls import Lookup, no_name
from streams.rules.combining import All, Any, Not
from streams.rules.errors import QueryError
from streams.rules.facts import Fact
from streams.rules.lexer import Token
from streams.rules.nearness import SCOPES, Apart, Near, Scope
from streams.rules.nodes import Node, Term
from streams.rules.plain import LENGTH, plain
from streams.rules.terms import FACTS, FIELDS, LOWER, Terms, foreign
from streams.rules.words import key_of

_RESERVED = frozenset(("PROPN", "And", "AND", "and", "or", "Or", "OR", *LOWER))


class Parser(Terms):
    """One query; ``sets`` and ``rules`` give the part a name stands for, or None."""

    def parse(self) -> Node:
        """The whole query; raises QueryError."""
        node = self._either()
        token = self._token
        if token.kind == "close":
            self._fail("E003", token, "this parenthesis closes nothing", "remove it, or open one before")
        if token.kind != "end":
            hint = "; members of a set stand in brackets: [oil, crude]" if token.kind == "comma" else ""
            self._fail(
                "E004", token, f"{token.text!r} was not expected here", f"join conditions by AND, OR, NEAR/n{hint}"
            )
        return node

    def _either(self) -> Node:
        start = self._token
        node, mixed = self._every()
        parts, first = [node], self._token
        while self._token.kind == "or":
            operator = self._take()
            node, also = self._every()
            mixed = mixed or also
            parts.append(node)
            if isinstance(parts[0], Not) or isinstance(node, Not):
                self._fail("E014", operator, "NOT as an alternative is true of almost every article", "join it by AND")
            if mixed is not None:
                self._mixed(start, operator, mixed)
        if len(parts) > 1 and mixed is not None:
            self._mixed(start, first, mixed)
        return parts[0] if len(parts) == 1 else Any(parts)

    def _mixed(self, start: Token, operator: Token, joined: Token) -> NoReturn:
        """AND and OR side by side; ``joined`` is the AND, or the word that stands beside another without one."""
        before = self._tokens[self._tokens.index(joined) - 1]
        if before.kind == joined.kind == "word":
            self._fail("E012", joined, f"{before.text} {joined.text}: words side by side are two words joined by AND",
                       f'write "{before.text} {joined.text}" in quotation marks for the phrase')  # fmt: skip
        left = self._query[start.offset : operator.offset].strip()
        right = self._query[operator.offset + (len(operator.text) if operator.kind in ("and", "or") else 0) :].strip()
        short = left[-40:], right[:40]
        words = short[0].rpartition(" AND ")
        readings = f"({short[0]}) OR {short[1]}   or   {words[0]} AND ({words[2]} OR {short[1]})" if words[1] else ""
        self._fail("E012", operator, "AND and OR side by side can be read in two ways",
                   f"write parentheses: {readings or f'{short[0]} OR ({short[1]})'}")  # fmt: skip

    def _every(self) -> tuple[Node, Token | None]:
        """Operands joined by AND, and the token of the first AND if there is one."""
        parts, joined = [self._unary()], None
        while True:
            token = self._token
            if token.kind == "and":
                self._take()
            elif token.kind in ("end", "close", "or", "comma"):
                break
            else:
                self._glued(token)
            joined = joined or token
            parts.append(self._unary())
        return (parts[0] if len(parts) == 1 else self._all(parts, joined)), joined

    def _glued(self, token: Token) -> None:
        """A word with something right behind it is meant as one: ``title(coup)``, ``lang=en``."""
        before = self._tokens[self._next - 1]
        if before.kind != "word" or before.offset + len(before.text) != token.offset:
            return
        if before.text in FIELDS or before.text in FACTS:
            self._fail("E006", before, f"{before.text!r} is a field", f"write {before.text}: and what stands in it")
        if token.kind == "open":
            self._unknown_function(before, token)

    def _all(self, parts: list[Node], token: Token | None) -> Node:
        assert token is not None
        if all(isinstance(part, Not) for part in parts):
            self._fail("E014", token, "only what must not be found", "name at least one thing that must be found")
        texts = {part.text for part in parts}
        for part in parts:
            if isinstance(part, Not) and part.part.text in texts:
                self._fail("E024", token, f"{part.part.text} is both wanted and excluded", "remove one of the two")
        languages = {part.key.partition("-")[0] for part in parts if isinstance(part, Fact) and part.key[:5] == "lang:"}
        if len(languages) > 1:
            self._fail("E024", token, "an article has one language", "write (lang:en OR lang:fr)")
        return All(parts)

    def _unary(self) -> Node:
        if self._token.kind != "not":
            return self._proximity()
        self._take()
        self._enter()
        node = Not(self._unary())
        self._depth -= 1
        return node

    def _proximity(self) -> Node:
        token = self._token
        if token.kind == "word" and token.text.isalnum() and token.text not in _RESERVED and not foreign(token.text):
            self._take()
            node: Node = Term(key_of(token.text), token.text)
        else:
            node = self._primary()
        first = None
        while self._token.kind in ("near", "apart"):
            token = self._take()
            spelled = " ".join(token.text.split())
            if first is not None and spelled != first:
                self._fail("E013", token, f"{first} and {spelled} side by side can be read in two ways",
                           "put one of the two in parentheses")  # fmt: skip
            first = spelled
            right = self._primary()
            self._placed(node, token)
            self._placed(right, token)
            node = self._near(node, right, token, spelled)
        return node

    def _near(self, left: Node, right: Node, token: Token, spelled: str) -> Node:
        kind = Apart if token.kind == "apart" else Near
        name, _, count = spelled.removeprefix("NOT ").partition("/")
        if name in SCOPES:
            return kind(left, right, ordered=name == "NEXT", scope=SCOPES[name])
        if len(count) > 3 or int(count) > 255:
            self._fail("E007", token, f"{count} words between; 255 are allowed", "use SENT for one sentence")
        return kind(left, right, words=int(count), ordered=name == "ONEAR", scope=Scope.WORDS)

    def _primary(self) -> Node:
        token = self._take()
        reader = getattr(self, f"_read_{token.kind}", None)
        if reader is None:
            what = "the query ends" if token.kind == "end" else f"{token.text!r} stands"
            hint = "write OR" if token.kind == "pipe" else "an operator needs a condition on either side"
            self._fail("E004", token, f"{what} where a word was expected", hint)
        self._enter()
        node: Node = reader(token)
        self._depth -= 1
        return node

    def _read_open(self, token: Token) -> Node:
        node = self._either()
        if self._token.kind == "comma":
            self._unknown_function(self._tokens[self._tokens.index(token) - 1], token)
        if self._token.kind != "close":
            self._fail("E003", token, "this parenthesis is not closed", "add ) after the last condition of the group")
        self._take()
        return node

    def _unknown_function(self, name: Token, opened: Token) -> NoReturn:
        what = f"there is no function {name.text!r}" if name.kind == "word" else "a comma stands only in a function"
        self._fail("E006", name if name.kind == "word" else opened, what,
                   "ATLEAST(3, x), FIRST(80, x), NUM(>5), modality(denied, x), entity(type=GPE), has(x)")  # fmt: skip


def parse(query: str, sets: Lookup = no_name, rules: Lookup = no_name) -> Node:
    """The parts of a query; raises QueryError with code, offset, message and hint."""
    node = plain(query) if 0 < len(query) < LENGTH else None
    if node is not None:
        return node
    try:
        return Parser(query, sets, rules).parse()
    except QueryError as error:
        raise error if error.query else QueryError(error.problem, query) from None
