"""From the text of a query to its parts: recursive descent, with every fault at its place."""

from collections.abc import Callable
from typing import NoReturn

from schemas.alert import Modality
from streams.rules.analysis import parts_of
from streams.rules.combining import All, Any, Has, Not
from streams.rules.errors import Problem, QueryError
from streams.rules.facts import COMPARISONS, EntityFound, Fact, Number, Proper
from streams.rules.lexer import Token, plain_tokens, tokens_of
from streams.rules.nearness import Apart, Early, Near, Often, Scope, Spoken, Within
from streams.rules.nodes import Node, Phrase, Prefix, Term
from streams.rules.words import cased, fold, key_of

DEPTH = 40
TERMS = 5_000
FIELDS = {"title": "title", "lead": "lead", "body": "body"}
FACTS = {
    "source": "source",
    "lang": "lang",
    "language": "lang",
    "entity": "entity",
    "country": "country",
    "category": "category",
}
ASSERTED = frozenset((Modality.ACTUAL, Modality.PAST, Modality.PLANNED))
DENIED = frozenset((Modality.DENIED, Modality.REFUSED))
_LOWER = frozenset(("and", "or", "not", "And", "Or", "Not", "near", "onear", "NEAR", "ONEAR", "sent", "para"))

_RESERVED = frozenset(("PROPN", "And", "AND", "and", "or", "Or", "OR", *_LOWER))

Lookup = Callable[[str], Node | None]


def no_name(name: str) -> Node | None:
    """A lookup that knows nothing."""
    return None


class Parser:
    """One query; ``sets`` and ``rules`` give the part a name stands for, or None."""

    def __init__(
        self, query: str, sets: Lookup = no_name, rules: Lookup = no_name, tokens: list[Token] | None = None
    ) -> None:
        self._query = query
        self._tokens = tokens or tokens_of(query)
        self._next = 0
        self._token = self._tokens[0]
        self._depth = 0
        self._sets, self._rules = sets, rules
        if len(self._tokens) > TERMS:
            raise QueryError(
                Problem("E018", 0, f"{len(self._tokens)} words and signs; {TERMS} are allowed", "split the rule")
            )

    def parse(self) -> Node:
        """The whole query; raises QueryError."""
        node = self._either()
        token = self._token
        if token.kind == "close":
            self._fail("E003", token, "this parenthesis closes nothing", "remove it, or open one before")
        if token.kind != "end":
            self._fail("E004", token, f"{token.text!r} was not expected here", "join conditions by AND, OR, NEAR/n")
        return node

    def _take(self) -> Token:
        token = self._token
        if token.kind != "end":
            self._next += 1
            self._token = self._tokens[self._next]
        return token

    def _fail(self, code: str, token: Token, message: str, hint: str = "") -> NoReturn:
        raise QueryError(Problem(code, token.offset, message, hint))

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
        return All(parts)

    def _unary(self) -> Node:
        if self._token.kind != "not":
            return self._proximity()
        self._take()
        self._enter()
        node = Not(self._unary())
        self._depth -= 1
        return node

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEPTH:
            self._fail("E017", self._token, f"nested deeper than {DEPTH}", "move inner parts into sets")

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

    def _placed(self, node: Node, token: Token) -> None:
        """Nearness is between words: facts of the article have no place."""
        if isinstance(node, Fact | Not | Has):
            self._fail("E019", token, f"{node.text} has no place in the text to be near to", "join it by AND")

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
        if self._token.kind != "close":
            self._fail("E003", token, "this parenthesis is not closed", "add ) after the last condition of the group")
        self._take()
        return node

    def _read_word(self, token: Token) -> Node:
        bare = token.text.partition("/")[0]
        if bare in _LOWER or bare.upper() in ("AND", "OR"):
            self._fail("E025", token, f"{token.text!r}: is this an operator?",
                       f'write {token.text.upper()}{"/8" if "near" in token.text.lower() else ""}, '
                       f'or "{token.text}" in quotation marks for the word')  # fmt: skip
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
        return node

    def _read_rule(self, token: Token) -> Node:
        node = self._rules(token.text[1:])
        if node is None:
            self._fail("E010", token, f"there is no rule {token.text[1:]!r}", "load its file too, or correct the name")
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

    def _count(self) -> int:
        token = self._take()
        if not token.text.isdecimal() or not token.text.isascii() or not 0 < int(token.text[:9]) <= 10_000:
            self._fail("E007", token, f"a number from 1 to 10000 was expected, not {token.text!r}", "ATLEAST(3, word)")
        self._expect("comma", ",")
        return int(token.text)

    def _inner(self) -> Node:
        token = self._token
        node = self._either()
        self._placed(node, token)
        return node

    def _call_atleast(self, token: Token) -> Node:
        return Often(self._count(), self._inner())

    def _call_first(self, token: Token) -> Node:
        return Early(self._count(), self._inner())

    def _call_has(self, token: Token) -> Node:
        return Has(self._either())

    def _call_asserted(self, token: Token) -> Node:
        return Spoken(ASSERTED, self._inner())

    def _call_denied(self, token: Token) -> Node:
        return Spoken(DENIED, self._inner())

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
                self._fail("E007", sign, "a comparison with a number was expected", "NUM(>500) or NUM(>=2, <10)")
            tests.append((sign.text, float(number)))
            if self._token.kind != "comma":
                return Number(tuple(tests))
            self._take()

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
    quick = plain_tokens(query) if len(query) < 1000 else None
    if quick is not None:
        try:
            return Parser(query, tokens=quick).parse()
        except QueryError:
            pass  # read again below, for the place of the fault
    try:
        return Parser(query, sets, rules).parse()
    except QueryError as error:
        raise error if error.query else QueryError(error.problem, query) from None
