"""What a change of the contract means to those on the other side of a topic.

A message that wirewatch writes is read by subscribers: it may gain fields, never lose one, nor hold what its schema
did not allow. A message that others write may lose fields and allow more, never ask for more.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.article import RawArticle, StoryCorrection
from schemas.feed import Feed
from schemas.rule import Rule, Silence

Schema = Mapping[str, Any]

WRITTEN_BY_OTHERS = frozenset(model.__name__ for model in (RawArticle, Rule, Silence, Feed, StoryCorrection))
ANYTHING = "anything"
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
AS_IT_IS = ("pattern", "format", "const")


@dataclass(frozen=True)
class Change:
    """One difference between two versions of a message: where, what, and whether it allows less or more."""

    message: str
    path: str
    what: str
    harms_readers: bool = False
    harms_writers: bool = False

    @property
    def breaking(self) -> bool:
        """Whether who is on the other side of the topic would notice."""
        return self.harms_writers if self.message in WRITTEN_BY_OTHERS else self.harms_readers

    def __str__(self) -> str:
        where = f"{self.message}.{self.path}" if self.path else self.message
        return f"{'BREAKS' if self.breaking else 'ok    '}  {where}: {self.what}"


def compare(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> list[Change]:
    """The differences between two versions of the JSON Schemas, by message."""
    gone = [Change(name, "", "gone", True, True) for name in sorted(old.keys() - new.keys())]
    added = [Change(name, "", "new") for name in sorted(new.keys() - old.keys())]
    both = [c for name in sorted(old.keys() & new.keys()) for c in _Comparison(name, old[name], new[name]).changes()]
    return gone + added + both


def compare_topics(old: Schema, new: Schema) -> list[Change]:
    """The differences between the channels of two AsyncAPI documents."""
    before, after = old["channels"], new["channels"]
    found = [Change(name, "", "the topic is gone", True, True) for name in sorted(before.keys() - after.keys())]
    found += [Change(name, "", "a new topic") for name in sorted(after.keys() - before.keys())]
    for name in sorted(before.keys() & after.keys()):
        more = sorted(after[name]["messages"].keys() - before[name]["messages"].keys())
        found += [Change(name, "", f"carries {message}, too", harms_readers=True) for message in more]
        keys = [channel["description"].rpartition("Key: ")[2].rstrip(".") for channel in (before[name], after[name])]
        if keys[0] != keys[1]:
            found.append(Change(name, "", f"its key was {keys[0]}, now {keys[1]}", harms_readers=True))
    return found


class _Comparison:
    """Two versions of one message, and the definitions that each refers to."""

    def __init__(self, message: str, old: Schema, new: Schema) -> None:
        self._message, self._old, self._new = message, old, new
        self._under_way: set[tuple[str, str]] = set()

    def changes(self) -> list[Change]:
        return list(self._compare("", self._old, self._new))

    def _compare(self, path: str, old: Schema, new: Schema) -> Iterator[Change]:
        before, after = _shapes(old, self._old), _shapes(new, self._new)
        for kind in sorted(before.keys() - after.keys()):
            yield self._change(path, f"is {kind} no more", writers=True)
        for kind in sorted(after.keys() - before.keys()):
            yield self._change(path, f"may be {kind}, too", readers=True)
        for kind in sorted(before.keys() & after.keys()):
            yield from self._constraints(path, before[kind], after[kind])
            yield from self._inside(path, before[kind], after[kind])

    def _change(self, path: str, what: str, *, readers: bool = False, writers: bool = False) -> Change:
        return Change(self._message, path, what, harms_readers=readers, harms_writers=writers)

    def _constraints(self, path: str, old: Schema, new: Schema) -> Iterator[Change]:
        yield from self._values(path, old.get("enum"), new.get("enum"))
        for names, sign in ((LEAST, 1), (MOST, -1)):
            for name in names:
                before, after = (sign * node.get(name, -sign * math.inf) for node in (old, new))
                if before != after:
                    said = f"{name} was {old.get(name, 'open')}, now {new.get(name, 'open')}"
                    yield self._change(path, said, readers=after < before, writers=after > before)
        for name in AS_IT_IS:
            if old.get(name) != new.get(name):
                said = f"{name} was {old.get(name, 'open')}, now {new.get(name, 'open')}"
                yield self._change(path, said, readers=name in old, writers=name in new)

    def _values(self, path: str, old: Sequence[Any] | None, new: Sequence[Any] | None) -> Iterator[Change]:
        if old is None or new is None:
            if old is not new:
                said = "any value, where few were" if new is None else f"only {new}"
                yield self._change(path, said, readers=new is None, writers=old is None)
            return
        if lost := [value for value in old if value not in new]:
            yield self._change(path, f"is {lost} no more", writers=True)
        if won := [value for value in new if value not in old]:
            yield self._change(path, f"may be {won}, too", readers=True)

    def _inside(self, path: str, old: Schema, new: Schema) -> Iterator[Change]:
        """What an array or an object holds."""
        if (known := (str(old), str(new))) in self._under_way:  # a message within itself
            return
        self._under_way.add(known)
        for name in ("items", "additionalProperties"):
            if isinstance(old.get(name), Mapping) and isinstance(new.get(name), Mapping):
                yield from self._compare(f"{path}[]", old[name], new[name])
        yield from self._properties(f"{path}." if path else "", old, new)
        self._under_way.discard(known)

    def _properties(self, path: str, old: Schema, new: Schema) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        asked, asks = set(old.get("required", ())), set(new.get("required", ()))
        for name in (name for name in before if name not in after):
            yield self._change(path + name, "gone", readers=True)
        for name in (name for name in after if name not in before):
            yield self._change(path + name, "new, and required" if name in asks else "new", writers=name in asks)
        for name in (name for name in before if name in after):
            if (name in asked) != (name in asks):
                said = "required now" if name in asks else "may be missing now"
                yield self._change(path + name, said, readers=name in asked, writers=name in asks)
            yield from self._compare(path + name, before[name], after[name])


def _shapes(node: Schema, root: Schema) -> dict[str, Schema]:
    """The kinds of value that a node allows, each with what is said of it."""
    if "$ref" in node:
        return _shapes(root["$defs"][node["$ref"].rpartition("/")[2]], root)
    if "anyOf" in node and "type" not in node:
        return {kind: shape for each in node["anyOf"] for kind, shape in _shapes(each, root).items()}
    kinds = node.get("type", ANYTHING)
    return dict.fromkeys([kinds] if isinstance(kinds, str) else kinds, node)
