"""Reading the parts of a query that find something by themselves: words, phrases, sets, rules, fields and facts."""

import re

from streams.rules.calls import Calls
from streams.rules.errors import Problem, QueryError
from streams.rules.facts import EntityFound, Fact, Proper
from streams.rules.lexer import Token
from streams.rules.narrowing import Within
from streams.rules.nodes import Node, Phrase, Prefix, Term
from streams.rules.plain import FOREIGN
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
LOWER = frozenset(("and", "or", "not", "And", "Or", "Not", "near", "onear", "NEAR", "ONEAR", "sent", "para"))
"""What looks like an operator, but for its case or number."""
_FOREIGN_NEARNESS = re.compile(r"(?:o?near|adj|pre|within)(\d{1,3})", re.IGNORECASE)
WRITTEN = 40_000_000
"""Characters that the sets and rules of one query may come to, each as often as it is named."""


class Terms(Calls):
    """The parts without operators; what a field is put before is read by the parser that extends this."""

    _written = 0

    def _primary(self) -> Node:
        raise NotImplementedError

    def _read_word(self, token: Token) -> Node:
        bare, _, number = token.text.partition("/")
        numbered = bare.isalpha() and number.isdecimal()
        if bare in LOWER or bare.upper() in ("AND", "OR") or numbered or foreign(bare):
            operator = bare.upper() if bare.upper() in ("AND", "OR", "NOT", "SENT", "PARA", "ONEAR") else "NEAR"
            joined = _FOREIGN_NEARNESS.fullmatch(bare)
            between = f"/{joined[1] if joined else number if number.isdecimal() else 8}" if "NEAR" in operator else ""
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
        try:
            return fact(FACTS[name], value.text.strip('"'))
        except QueryError as error:
            self._fail(error.problem.code, value, error.problem.message, error.problem.hint)


def foreign(word: str) -> bool:
    """Whether a word is an operator in another language of queries."""
    return word in FOREIGN or (word[-1:].isdecimal() and _FOREIGN_NEARNESS.fullmatch(word) is not None)


def fact(name: str, value: str) -> Node:
    """The part that asks for one fact; raises QueryError for one that no article has."""
    if name == "entity":
        return EntityFound((f"entity:{value}",))
    language = value.partition("-")[0]
    if name == "lang" and not (language.isalpha() and len(language) in (2, 3)):
        raise QueryError(Problem("E024", 0, f"no article has the language {value!r}", "write its code: lang:en"), value)
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
