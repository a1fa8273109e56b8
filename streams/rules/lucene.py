"""Queries of Lucene (as Elasticsearch, OpenSearch, Solr and Luwak take them) as queries of this language."""

import re

from streams.rules.errors import Problem, QueryError
from streams.rules.lexer import QUOTES
from streams.rules.parser import parse
from streams.rules.terms import FACTS, FIELDS

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<near>"[^"]*"~\d+) | (?P<phrase>"[^"]*")
    | (?P<and>AND(?!\w)|&&) | (?P<or>OR(?!\w)|\|\|) | (?P<not>NOT(?!\w)|!|-(?=[\w"(])) | (?P<must>\+(?=[\w"(]))
    | (?P<open>\() | (?P<close>\)) | (?P<boost>\^[\d.]+) | (?P<field>[A-Za-z_.]+:(?=\S))
    | (?P<bad>[/\[\]{}~?]|\*:\*)
    | (?P<word>\w(?:[\w.'-]*\w)?\*?)\.?
    )""",
    re.VERBOSE,
)
_FIELDS = {"headline": "title", "content": "", "text": "", "body": "body", "language": "lang", "publisher": "source"}


def import_lucene(query: str) -> str:
    """The same query in this language; raises QueryError for what it has no word for.

    `+a -b c` needs a, excludes b and drops the optional c, as Lucene does for matching; a sloppy phrase
    becomes a phrase with slop; boosts are dropped, they only rank.

    >>> import_lucene('title:coup AND (army || "armed forces"~2) -film')
    'title:coup AND (army OR "armed forces"~2) AND NOT film'
    """
    reader = _Reader(query)
    found = reader.group()
    if reader.offset < len(query.rstrip()):
        raise QueryError(Problem("E003", reader.offset, "this parenthesis closes nothing", "remove it"), query)
    parse(found)
    return found


class _Reader:
    """Reads one query, group by group."""

    def __init__(self, query: str) -> None:
        self._query, self.offset, self._depth = query.translate(QUOTES), 0, 0

    def _peek(self) -> re.Match[str] | None:
        if self.offset >= len(self._query.rstrip()):
            return None
        match = _TOKEN.match(self._query, self.offset)
        if match is None or match.lastgroup == "bad":
            where = match.start("bad") if match else self.offset
            sign = self._query[where : where + 1].strip() or self._query[where : where + 2]
            what = " (fuzzy, range, regular expression or wildcard) has no equal here"
            message = f"{sign!r}{what if sign[0] in '/[]{}~?*' else ' means nothing here'}"
            hint = "write the words out, or a prefix of three letters or more"
            raise QueryError(Problem("E001", where, message, hint), self._query)
        return match

    def group(self) -> str:
        """One group up to its end, as AND of OR of clauses."""
        self._depth += 1
        if self._depth > 40:
            raise QueryError(Problem("E017", self.offset, "nested deeper than 40", "flatten it"), self._query)
        clauses, joins = self._clauses()
        self._depth -= 1
        if not clauses:
            raise QueryError(
                Problem("E004", self.offset, "a group without a word", "write at least one word"), self._query
            )
        return _joined(clauses, joins)

    def _clauses(self) -> tuple[list[tuple[str, str]], list[str]]:
        clauses: list[tuple[str, str]] = []
        joins: list[str] = []
        join = sign = ""
        while (match := self._peek()) is not None and match.lastgroup != "close":
            kind = str(match.lastgroup)
            self.offset = match.end()
            if kind in ("and", "or"):
                join = kind.upper()
            elif kind in ("not", "must"):
                sign = "NOT" if kind == "not" else "MUST"
            elif kind != "boost":
                joins.append(join)
                clauses.append((sign, self._clause(kind, match)))
                join = sign = ""
        return clauses, joins

    def _clause(self, kind: str, match: re.Match[str]) -> str:
        text = match[kind]
        if kind == "open":
            inner = self.group()
            self._close(match.start(kind))
            return f"({inner})"
        if kind != "field":
            return text
        name = _FIELDS.get(text[:-1], text[:-1])
        if name and name not in FIELDS and name not in FACTS:
            known = "title, lead, body, source, lang, country, category"
            problem = Problem("E005", match.start(kind), f"there is no field {text[:-1]!r}", f"known fields: {known}")
            raise QueryError(problem, self._query)
        value = self._peek()
        if value is None:
            raise QueryError(Problem("E004", self.offset, "a field without a value", "title:word"), self._query)
        self.offset = value.end()
        inner = self._clause(str(value.lastgroup), value)
        return f"{name}:{inner}" if name else inner

    def _close(self, opened: int) -> None:
        match = self._peek()
        if match is None:
            raise QueryError(Problem("E003", opened, "this parenthesis is not closed", "add )"), self._query)
        self.offset = match.end()


def _joined(clauses: list[tuple[str, str]], joins: list[str]) -> str:
    """Clauses as Lucene's classic parser reads them: AND makes both sides needed, and the rest is any of."""
    needed = [sign == "MUST" for sign, _ in clauses]
    for index, join in enumerate(joins):
        if join == "AND":
            needed[index] = needed[index] or clauses[index][0] != "NOT"
            needed[index - 1] = needed[index - 1] or clauses[index - 1][0] != "NOT"
    must = [text for (sign, text), need in zip(clauses, needed, strict=True) if need and sign != "NOT"]
    any_of = [text for (sign, text), need in zip(clauses, needed, strict=True) if not need and sign != "NOT"]
    excluded = [f"NOT {text}" for sign, text in clauses if sign == "NOT"]
    if not must and any_of:
        must = [" OR ".join(any_of) if len(any_of) == 1 or not excluded else f"({' OR '.join(any_of)})"]
    return " AND ".join([*must, *excluded])
