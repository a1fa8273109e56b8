"""From the text of a query to its parts: recursive descent, with every fault at its place."""

from typing import NoReturn

from streams.rules.calls import Calls, Lookup, no_name
from streams.rules.combining import All, Any, Not
from streams.rules.errors import QueryError
from streams.rules.facts import EntityFound, Fact, Proper
from streams.rules.lexer import Token
from streams.rules.nearness import Apart, Near, Scope, Within
from streams.rules.nodes import Node, Phrase, Prefix, Term
from streams.rules.plain import LENGTH, plain
from streams.rules.splitting import parts_of
from streams.rules.words import cased, fold, key_of

FIELDS = {"title": "title", "lead": "lead", "body": "body"}
FACTS = {
    "source": "source",
    "lang": "lang",
    "language": "lang",
    "entity": "entity",
    "country": "country",
    "category": "category",
}
_LOWER = frozenset(("and", "or", "not", "And", "Or", "Not", "near", "onear", "NEAR", "ONEAR", "sent", "para"))

_RESERVED = frozenset(("PROPN", "And", "AND", "and", "or", "Or", "OR", *_LOWER))


WRITTEN = 40_000_000
"""Characters that the sets and rules of one query may come to, each as often as it is named."""


class Parser(Calls):
    """One query; ``sets`` and ``rules`` give the part a name stands for, or None."""

    _written = 0

    def parse(self) -> Node:
        """The whole query; raises QueryError."""
        node = self._either()
        token = self._token
        if token.kind == "close":
            self._fail("E003", token, "this parenthesis closes nothing", "remove it, or open one before")
        if token.kind != "end":
            self._fail("E004", token, f"{token.text!r} was not expected here", "join conditions by AND, OR, NEAR/n")
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
                self._mixed(start, operator)
        if len(parts) > 1 and mixed is not None:
            self._mixed(start, first)
        return parts[0] if len(parts) == 1 else Any(parts)

    def _mixed(self, start: Token, operator: Token) -> NoReturn:
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
            joined = joined or token
            parts.append(self._unary())
        return (parts[0] if len(parts) == 1 else self._all(parts, joined)), joined

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
        if token.kind == "word" and token.text.isalnum() and token.text not in _RESERVED:
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
        if name in ("SENT", "PARA"):
            return kind(left, right, scope=Scope.SENTENCE if name == "SENT" else Scope.PARAGRAPH)
        if len(count) > 3 or int(count) > 255:
            self._fail("E007", token, f"{count} words between; 255 are allowed", "use SENT for one sentence")
        return kind(left, right, words=int(count), ordered=name == "ONEAR", scope=Scope.WORDS)

    def _primary(self) -> Node:
        token = self._take()
        reader = getattr(self, f"_read_{token.kind}", None)
        if reader is None:
            what = "the query ends" if token.kind == "end" else f"{token.text!r} stands"
            self._fail(
                "E004", token, f"{what} where a word was expected", "an operator needs a condition on either side"
            )
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

    def _read_word(self, token: Token) -> Node:
        bare, _, number = token.text.partition("/")
        if bare in _LOWER or bare.upper() in ("AND", "OR") or (bare.isalpha() and number.isdecimal()):
            operator = bare.upper() if bare.upper() in ("AND", "OR", "NOT", "SENT", "PARA", "ONEAR") else "NEAR"
            between = f"/{number if number.isdecimal() else 8}" if "NEAR" in operator else ""
            self._fail("E025", token, f"{token.text!r}: is this an operator?",
                       f'write {operator}{between}, or "{token.text}" in quotation marks for the word')  # fmt: skip
        if token.text == "PROPN":
            return Proper()
        return self._phrase(token, token.text, 0)

    def _read_phrase(self, token: Token) -> Node:
        slop = 0
        if self._token.kind == "slop":
            slop = int(self._take().text[1:3])
        return self._phrase(token, token.text[1:-1], slop)

    def _phrase(self, token: Token, text: str, slop: int) -> Node:
        words = [self._word(token, word) for word in _words(text)]
        if not words:
            self._fail("E004", token, "no word between the quotation marks", "write at least one word")
        return words[0] if len(words) == 1 else Phrase(words, slop, text)

    def _word(self, token: Token, text: str) -> Term | Prefix:
        sign, word = (text[0], text[1:]) if text[0] in "=^" else ("", text)
        if word.endswith("*"):
            stem = fold(word[:-1])
            if len(stem) < 3:
                self._fail("E008", token, f"the prefix {word!r} is too short", "give at least three letters")
            return Prefix(stem)
        form = fold(word)
        if sign == "^":
            return Term(key_of(word), word, case=cased(word))
        return Term(key_of(word), word, form=form) if sign else Term(key_of(word), word)

    def _read_set(self, token: Token) -> Node:
        node = self._sets(token.text[1:])
        if node is None:
            self._fail(
                "E009", token, f"there is no set {token.text}", "add it under `sets:`, or name its rule in `sets_from:`"
            )
        return self._inlined(node, token)

    def _read_rule(self, token: Token) -> Node:
        node = self._rules(token.text[1:])
        if node is None:
            self._fail("E010", token, f"there is no rule {token.text[1:]!r}", "load its file too, or correct the name")
        return self._inlined(node, token)

    def _inlined(self, node: Node, token: Token) -> Node:
        """Sets within sets multiply: what a query comes to with them written out is bounded."""
        self._written += len(node.text)
        if self._written > WRITTEN:
            self._fail("E018", token, f"over {WRITTEN} characters once its sets are written out", "use fewer sets")
        return node

    def _read_field(self, token: Token) -> Node:
        name = token.text[:-1]
        if name in FIELDS:
            inner = self._primary()
            self._placed(inner, token)
            return Within(FIELDS[name], inner)
        if name not in FACTS:
            known = ", ".join((*FIELDS, *FACTS))
            self._fail("E005", token, f"there is no field {name!r}", f"known fields: {known}")
        value = self._take()
        if value.kind not in ("word", "phrase"):
            self._fail(
                "E004", value, f"{name}: needs one value", f"{name}:value; alternatives as ({name}:a OR {name}:b)"
            )
        return fact(FACTS[name], value.text.strip('"'))


def fact(name: str, value: str) -> Node:
    """The part that asks for one fact."""
    if name == "entity":
        return EntityFound((f"entity:{value}",))
    return Fact(f"{name}:{value.casefold()}")


def _words(text: str) -> list[str]:
    """Words of a phrase, each with its sign or star."""
    found = []
    for piece in text.split():
        sign = piece[0] if piece[0] in "=^" and len(piece) > 1 else ""
        star = "*" if piece.endswith("*") and len(piece) > 1 else ""
        words = parts_of(piece)[1::2]
        for index, word in enumerate(words):
            found.append(sign + word + (star if index == len(words) - 1 else ""))
    return found


def parse(query: str, sets: Lookup = no_name, rules: Lookup = no_name) -> Node:
    """The parts of a query; raises QueryError with code, offset, message and hint."""
    node = plain(query) if 0 < len(query) < LENGTH else None
    if node is not None:
        return node
    try:
        return Parser(query, sets, rules).parse()
    except QueryError as error:
        raise error if error.query else QueryError(error.problem, query) from None
