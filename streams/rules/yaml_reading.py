"""YAML as values that know their line: bounded, and without what data never needs (tags, anchors, aliases)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from streams.rules.errors import RuleError

DEPTH = 12
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Located:
    """A value of a file with the line and column it stands at, from 1."""

    value: Any
    line: int
    column: int


def plain(located: Located) -> Any:
    """The value without its places."""
    if isinstance(located.value, dict):
        return {key: plain(value) for key, value in located.value.items()}
    return [plain(value) for value in located.value] if isinstance(located.value, list) else located.value


class YamlReader:
    """Builds located values from YAML events, refusing what data never needs."""

    def __init__(self, text: str, name: str) -> None:
        self._lines, self._name = text.splitlines(), name
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_Loader))
        self._resolver = yaml.SafeLoader("")

    def documents(self) -> Iterator[Located]:
        for event in self._events:
            if not isinstance(
                event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentStartEvent | yaml.DocumentEndEvent
            ):
                yield self._value(event, 0)

    def fail(self, code: str, line: int, column: int, message: str, hint: str) -> RuleError:
        source = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        return RuleError(code, line, column, message, hint, source=source, name=self._name)

    def _value(self, event: Any, depth: int) -> Located:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise self.fail(
                "E026",
                line,
                column,
                "tags, anchors and aliases are refused",
                "write the value out, or share words by sets",
            )
        if depth > DEPTH:
            raise self.fail("E017", line, column, f"nested deeper than {DEPTH}", "a rule needs four levels at most")
        if isinstance(event, yaml.MappingStartEvent):
            return Located(self._mapping(depth), line, column)
        if isinstance(event, yaml.SequenceStartEvent):
            return Located(self._sequence(depth), line, column)
        return Located(self._scalar(event), line, column)

    def _mapping(self, depth: int) -> dict[str, Located]:
        found: dict[str, Located] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._value(event, depth + 1)
            name = str(key.value)
            if name in found or isinstance(key.value, dict | list):
                raise self.fail("E020", key.line, key.column, f"{name!r} stands here twice", "keep one of the two")
            found[name] = self._value(next(self._events), depth + 1)
        return found

    def _sequence(self, depth: int) -> list[Located]:
        found = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, depth + 1))
        return found

    def _scalar(self, event: Any) -> Any:
        if not event.implicit[0]:
            return event.value
        tag = str(self._resolver.resolve(yaml.ScalarNode, event.value, (True, False)))  # type: ignore[no-untyped-call]
        return self._resolver.construct_object(yaml.ScalarNode(tag, event.value)) if _constant(tag) else event.value


def _constant(tag: str) -> bool:
    """Numbers and truth values are read as such; dates and the rest stay text."""
    return tag.rpartition(":")[2] in ("int", "float", "null")
