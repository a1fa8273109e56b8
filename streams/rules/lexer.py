"""The tokens of a query."""

import re
from typing import NamedTuple

from streams.rules.errors import Problem, QueryError

LENGTH = 20_000
"""Code points a query may have."""


class Token(NamedTuple):
    """A piece of a query: what it is, its text, and where it begins."""

    kind: str
    text: str
    offset: int


QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "’": "'", "‘": "'"})
_PATTERN = re.compile(
    r"""\s*(?:
      (?P<apart>NOT\s+(?:O?NEAR/\d+|CLAUSE|SENT|NEXT|PARA)(?![\w/]))
    | (?P<near>O?NEAR/\d+(?!\w)|(?:CLAUSE|SENT|NEXT|PARA)(?!\w))
    | (?P<and>AND(?!\w)) | (?P<or>OR(?!\w)) | (?P<not>NOT(?!\w))
    | (?P<phrase>"[^"]*")
    | (?P<slop>~\d+)
    | (?P<set>@[\w-]+) | (?P<rule>\#[\w.-]+)
    | (?P<call>(?:ATLEAST|FIRST|NUM|entity|has|asserted|denied|recent|modality)(?=\s*\())
    | (?P<field>[A-Za-z_]+:(?!\s|$))
    | (?P<open>\() | (?P<close>\)) | (?P<comma>,) | (?P<pipe>\|)
    | (?P<compare>[<>]=?|=(?=\s*["\d]))
    | (?P<word>[=^]?(?:(?:\w\.){2,}(?!\w)|\w(?:[\w.&'/+-]*\w)?\*?))
    )""",
    re.VERBOSE,
)
_INSTEAD = {
    "&": "write AND",
    "-": "write NOT: rocket AND NOT film",
    "!": "write NOT: rocket AND NOT film",
    "+": "all words side by side must be there: leave + out",
    "?": "name the forms, or end the word by a star: sanction*",
    "~": 'a number must follow a phrase and ~, and nothing but a phrase comes before: "army coup"~3',
    ":": "a field and its value stand without a space: title:coup",
}
"""What to write for signs that mean something in other languages of queries."""


def tokens_of(query: str) -> list[Token]:
    """The query in tokens, an ``end`` token last; raises QueryError."""
    if len(query) > LENGTH:
        raise QueryError(
            Problem("E018", LENGTH, f"a query of {len(query)} characters; {LENGTH} are allowed", "split it into sets")
        )
    text, offset, found = query if query.isascii() else query.translate(QUOTES), 0, list[Token]()
    end = len(text.rstrip())
    while offset < end:
        match = _PATTERN.match(text, offset)
        if match is None:
            raise QueryError(_unreadable(text, offset))
        kind = str(match.lastgroup)
        start = match.start(kind)
        found.append(Token(kind, match[kind], start))
        offset = match.end()
    found.append(Token("end", "", end))
    return found


def _unreadable(text: str, offset: int) -> Problem:
    offset += len(text[offset:]) - len(text[offset:].lstrip())
    sign = text[offset]
    if sign == '"':
        return Problem("E002", offset, "this quotation mark has no partner", 'close the phrase: "state of emergency"')
    if sign == "*":
        return Problem(
            "E001", offset, "a star stands alone", "a star ends a prefix of three letters or more: sanction*"
        )
    if sign == "@":
        return Problem(
            "E009", offset, "the name of a set must follow @", "sets: {force: [troop, soldier]}, then @force"
        )
    if sign == "#":
        return Problem("E010", offset, "the name of a rule must follow #", "#troop-withdrawal")
    hint = _INSTEAD.get(sign, "quote text that is to be found as it stands")
    return Problem("E001", offset, f"{sign!r} means nothing here", hint)
