"""Groups of mentions as the entities of the message."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from pydantic import TypeAdapter

from schemas.entity import Entity, EntityType
from streams.entities.coreference import Group
from streams.entities.spans import Span, Words

TITLE, EARLY, OFTEN = 0.4, 0.25, 0.35
"""What of the salience comes from standing in the title, from standing early, and from being named often."""

ENOUGH = 8
"""Mentions from which more of them add nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where title and body of an article lie in the joined texts."""

    title: int
    body: int
    end: int


_TYPES = {str(kind): kind for kind in EntityType}
_ENTITIES = TypeAdapter(tuple[Entity, ...])


def described(groups: Sequence[Group], words: Words, place: Place) -> tuple[Entity, ...]:
    """The entities, the most salient first."""
    entities = [_entity(group, words.text, place) for group in groups]
    entities.sort(key=itemgetter("salience"), reverse=True)
    return _ENTITIES.validate_python(entities)


def _entity(group: Group, text: str, place: Place) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "type": _TYPES[group.type],
        "count": len(group.spans),
        "salience": _salience(group.spans, place),
        "mentions": tuple([_mention(span, text, place) for span in group.spans]),
    }


def _mention(span: Span, text: str, place: Place) -> dict[str, Any]:
    _, _, start, end, kind, _, _, _ = span
    field, offset = ("title", place.title) if start < place.body else ("body", place.body)
    return {
        "field": field,
        "start": start - offset,
        "end": end - offset,
        "surface": text[start:end],
        "type": _TYPES[kind],
    }


def _salience(spans: Sequence[Span], place: Place) -> float:
    titled = spans[0].start < place.body
    first = min((span.start for span in spans if span.start >= place.body), default=place.end)
    early = 1 - (first - place.body) / max(place.end - place.body, 1)
    return round(TITLE * titled + EARLY * early + OFTEN * min(len(spans), ENOUGH) / ENOUGH, 3)
