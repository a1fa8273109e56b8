"""Limits that a page must keep before any parser sees it: hostile pages are refused in one cheap scan."""

import re

MOST_CHARACTERS = 3_000_000
MOST_TAGS = 60_000
MOST_DEPTH = 600
MOST_ATTRIBUTES = 300_000
"""Counted as equals signs inside tags."""
LONGEST_TAG = 1_000_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "tr",
        "th",
        "dt",
        "dd",
        "option",
    ]
)
_BINARY = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_MARKUP = re.compile(r"<[a-zA-Z!/?]")


def page_problem(html: str) -> str | None:
    """Why ``html`` must not be parsed; None where it may be. Linear in its length, which it checks first."""
    if len(html) > MOST_CHARACTERS:
        return f"{len(html)} characters, at most {MOST_CHARACTERS} are read"
    sample = html[:20_000]
    if len(_BINARY.findall(sample)) > max(50, len(sample) // 20):
        return "binary data, not a page"
    if "<!ENTITY" in html[:100_000]:
        return "declares entities of its own"
    if html.count("=") > MOST_ATTRIBUTES:
        return f"more than {MOST_ATTRIBUTES} attributes"
    if html.count("<") > MOST_TAGS:
        return f"more than {MOST_TAGS} tags"
    depth = depth_of(html)
    return f"elements nested {depth} deep, at most {MOST_DEPTH} are read" if depth > MOST_DEPTH else None


def depth_of(html: str) -> int:
    """How deep elements are nested, as their tags stand; elements whose end may be left out do not count."""
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _VOID:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def has_markup(text: str) -> bool:
    """Whether a text contains anything that looks like a tag."""
    return bool(_MARKUP.search(text))
