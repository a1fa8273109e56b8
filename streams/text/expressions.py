"""XPath expressions about what elements are called, each asked once for every different element.

The extractor asks pages by regular expressions within XPath what their elements are called: a call back
into Python for each element and expression. Most elements of a page, and of the pages of a site, are
called alike, so that the answers are remembered. They are the expressions' own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from lxml import etree
from trafilatura import core, main_extractor

MOST = 2_000
"""Different elements that are remembered for each of a dozen expressions, at .3 kB; ten times as many save nothing."""
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_FORM = re.compile(
    r"\s*(\()?\s*\.//\*\s*(?P<predicates>(?:\[[^][]*\]\s*?)+?)\s*(?P<first>\[1\])?\s*(?(1)\)\s*\[1\])\s*"
)
_PREDICATE = re.compile(r"\[([^][]*)\]")
_OWN = re.compile(r"(?:@[a-z-]+|self::\w+|\b(?:or|and|not|contains|starts-with|translate|re:test)\b|' *'|[(),|=\s])*")
"""What predicates are made of, their strings blank, that depend on nothing but an element's name and attributes."""
_TAGS = re.compile(r"\s*self::\w+(?:\s+or\s+self::\w+)*\s*")
_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}


class Remembered:
    """What an expression of the form ``.//*`` with predicates finds in a tree, in the page's order.

    Of one that ends in ``[1]`` it is the first alone. Predicates that ask for more than an element's own name and
    attributes are left out; where elements pass the others, the whole expression is asked. ValueError for expressions
    of other forms.
    """

    def __init__(self, expression: etree.XPath) -> None:
        self._whole = expression
        predicates, self._first = _predicates(expression.path)
        own = [text for text, blank in predicates if _OWN.fullmatch(blank)]
        tagged = bool(own) and _TAGS.fullmatch(own[0]) is not None
        self._sure = len(own) == len(predicates)
        if not own or (self._first and not self._sure):
            raise ValueError(f"asks for more than what elements are called: {expression.path}")
        self._tags = re.findall(r"self::(\w+)", own[0]) if tagged else ["*"]
        self._names = tuple(dict.fromkeys(re.findall(r"@([a-z-]+)", _STRING.sub("", "".join(own)))))
        self._holds = etree.XPath(f"boolean(self::*[{']['.join(own)}])", namespaces=_NAMESPACES)
        self._known: dict[tuple[str | None, ...], bool] = {}

    def __call__(self, tree: Any) -> Sequence[Any]:
        found = (each for each in tree.iterdescendants(*self._tags) if self._is_wanted(each))
        if self._first:
            return list(next(([each] for each in found), []))
        wanted = list(found)
        return wanted if self._sure or not wanted else self._whole(tree)

    def _is_wanted(self, element: Any) -> bool:
        key = (element.tag, *map(element.get, self._names))
        if len(key) - key.count(None) > 2:  # of ``@id|@class`` XPath takes the one that stands first in the page
            key += tuple(name for name in element.attrib if name in self._names)
        known = self._known.get(key)
        return self._asked(element, key) if known is None else known

    def _asked(self, element: Any, key: tuple[str | None, ...]) -> bool:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = answer = bool(self._holds(element))
        return answer


def _predicates(path: str) -> tuple[list[tuple[str, str]], bool]:
    """The predicates of an expression, each as it is and with its strings blank; whether the first element is asked
    for."""
    blank = _STRING.sub(lambda found: f"'{' ' * (len(found[0]) - 2)}'", path)
    form = _FORM.fullmatch(blank)
    if form is None:
        raise ValueError(f"an expression of another form: {path}")
    found = _PREDICATE.finditer(blank, form.start("predicates"), form.end("predicates"))
    first = form["first"] is not None or form[1] is not None
    return [(path[each.start(1) : each.end(1)], each[1]) for each in found], first


def _remembered(expression: Any) -> Any:
    try:
        return Remembered(expression)
    except ValueError:
        return expression


_LISTS = (
    (core, "RAW_TREE_PRUNE_XPATH"), (core, "REMOVE_COMMENTS_AND_LISTS_XPATH"), (core, "REMOVE_COMMENTS_XPATH"),
    (main_extractor, "BODY_XPATH"), (main_extractor, "OVERALL_DISCARD_XPATH"), (main_extractor, "TEASER_DISCARD_XPATH"),
    (main_extractor, "PRECISION_DISCARD_XPATH"), (main_extractor, "DISCARD_IMAGE_ELEMENTS"),
)  # fmt: skip
"""Where the extractor keeps its expressions; of those in ``BODY_XPATH`` it reads the first element alone."""
_FOUND = [(module, name, found) for module, name in _LISTS if (found := getattr(module, name, None))]
_QUICK = [(module, name, [_remembered(each) for each in found]) for module, name, found in _FOUND]


@contextmanager
def asked_once() -> Iterator[None]:
    """The extractor with its expressions remembered: for this use of it, so that others find it as it is.

    A thread beside this one may get either form, with equal answers.
    """
    _give(_QUICK)
    try:
        yield
    finally:
        _give(_FOUND)


def _give(values: Iterable[tuple[ModuleType, str, Any]]) -> None:
    for module, name, value in values:
        setattr(module, name, value)
