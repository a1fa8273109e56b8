"""The article's text where a page holds it only as data for its scripts: the state of an app, beside an empty shell.

Such data are trees of JSON, other on every system. What they have in common is a list of blocks with a text each,
or one string of HTML, somewhere below an object that bears the page's title.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from streams.text.fragments import fragment_parts
from streams.text.hygiene import one_line
from streams.text.runs import key_of

LEAST, LARGEST = 500, 1_500_000
"""Characters of a text, and of a script that is read."""
DEEPEST, MOST_BLOCKS = 30, 2_000
PROSE, SAME = 50, 60
"""Characters of a paragraph that counts; letters and digits by which a paragraph is found again."""
_ASSIGNED = re.compile(r"=\s*(?=[\[{])")
_TAG = re.compile(r"<[^<>]{1,400}>")
_TEXTS = ("text", "value", "content", "children", "html", "body", "data")
"""Names of what a block says, the surest first."""
_AUTHORS = ("authors", "author", "byline", "bylines")


def data_of(tree: HtmlElement) -> list[str]:
    """The scripts of a page that may hold its text as data; JSON-LD is not among them."""
    scripts = ((script.get("type") or "", script.text or "") for script in tree.iter("script"))
    return [text for kind, text in scripts if LEAST < len(text) <= LARGEST and "{" in text and "ld+json" not in kind]


def scripted_body(data: Iterable[str], titles: Collection[str], shown: Sequence[str]) -> str | None:
    """The longest text in ``data`` that belongs to the page, one paragraph a line; None where there is none.

    Of a page that shows paragraphs it has one of ``shown``; of any other, an object around it bears one of ``titles``.
    """
    keys = {key_of(title) for title in titles} - {""}
    known = {key_of(text)[:SAME] for text in shown if len(text) >= PROSE}
    best = ""
    for script in data:
        for titled, paragraphs in _candidates(_parsed(script), keys, False, 0):
            text = "\n".join(paragraphs)
            own = not known.isdisjoint(key_of(each)[:SAME] for each in paragraphs) if known else titled
            best = text if own and len(text) > len(best) else best
    return best if len(best) >= LEAST else None


def scripted_authors(data: Iterable[str], titles: Collection[str]) -> list[str]:
    """Whom the first object in ``data`` that bears one of ``titles`` and names authors names as such."""
    keys = {key_of(title) for title in titles} - {""}
    nodes = (node for script in data for node in _titled(_parsed(script), keys, 0))
    return next(filter(None, map(_authors, nodes)), [])


def _titled(value: Any, titles: set[str], depth: int) -> Iterator[dict[str, Any]]:
    """The objects in a tree of JSON that bear one of ``titles``."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict) and any(key_of(text) in titles for text in _names(value)):
        yield value
    children = value.values() if isinstance(value, dict) else value[:MOST_BLOCKS] if isinstance(value, list) else ()
    for child in children:
        yield from _titled(child, titles, depth + 1)


def _authors(node: dict[str, Any]) -> list[str]:
    for key in _AUTHORS:
        value = node.get(key)
        each = value if isinstance(value, list) else [value]
        names = [(one.get("name") if isinstance(one, dict) else one) for one in each]
        if found := [name for name in names if isinstance(name, str) and 1 < len(name) < 100]:
            return found
    return []


def _parsed(script: str) -> Any:
    """The value that a script is, or assigns first; None where there is none."""
    start = _ASSIGNED.search(script) if script.lstrip()[:1] not in "{[" else None
    try:
        return json.JSONDecoder(strict=False).raw_decode(script.lstrip() if start is None else script[start.end() :])[0]
    except (ValueError, RecursionError):
        return None


def _candidates(value: Any, titles: set[str], titled: bool, depth: int) -> Iterator[tuple[bool, list[str]]]:
    """Texts in a tree of JSON, each with whether an object around it bears the title."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        titled = titled or any(key_of(text) in titles for text in _names(value))
        children: Iterable[Any] = value.values()
    elif isinstance(value, list):
        children = value[:MOST_BLOCKS]
        texts = [text for each in children if isinstance(each, dict) for text in _said(each, 0).split("\n")]
        paragraphs = [text for text in map(one_line, texts) if text]
        if sum(len(text) for text in paragraphs if len(text) >= PROSE) >= LEAST:
            yield titled, paragraphs
    else:
        if isinstance(value, str) and len(value) >= LEAST and "<p" in value:
            yield titled, [part.text for part in fragment_parts(value)[0]]
        return
    for child in children:
        yield from _candidates(child, titles, titled, depth + 1)


def _names(node: dict[str, Any]) -> Iterator[str]:
    """The short texts of an object, and of those right below it: a headline may have several forms."""
    for value in node.values():
        inner = value.values() if isinstance(value, dict) else (value,)
        yield from (text for text in inner if isinstance(text, str) and 8 < len(text) < 300)


def _said(value: Any, depth: int) -> str:
    """What a block says, its inline pieces joined."""
    if isinstance(value, str):
        return unescape(_TAG.sub("", value))
    if isinstance(value, list) and depth < 8:
        return "".join(_said(each, depth + 1) for each in value)
    if isinstance(value, dict) and depth < 8:
        return next((said for name in _TEXTS if (said := _said(value.get(name), depth + 1))), "")
    return ""
