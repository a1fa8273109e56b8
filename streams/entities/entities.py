"""Groups of mentions as the entities of the message."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from schemas.base import SLOTS, constructed
from schemas.entity import Entity, EntityType, Mention
from streams import kernels
from streams.entities.context import any_speaks
from streams.entities.known import Group
from streams.entities.spans import Span
from streams.entities.words import Words

TITLE, EARLY, OFTEN, SPEAKING = 0.35, 0.2, 0.35, 0.1
"""What of the salience comes from standing in the title, standing early, being named often, and speaking."""

ENOUGH = 8
"""Mentions from which more of them add nothing."""


class Place(NamedTuple):
    """Where title and body of an article lie in the joined texts."""

    title: int
    body: int
    end: int


_TYPES = {str(kind): kind for kind in EntityType}
_OF_MENTIONS, _OF_ENTITIES = set(Mention.model_fields), set(Entity.model_fields)
_FORMS = (Mention, Entity, _OF_MENTIONS, _OF_ENTITIES, _TYPES, SLOTS)


def described(groups: list[Group], words: Words, place: Place) -> tuple[Entity, ...]:
    """The entities, the most salient first."""
    if kernels.native is None:
        entities = [_entity(group, words, place) for group in groups]
    else:
        starts, ends, *_, marks = words.columns
        entities = kernels.native.described(groups, words.text, _FORMS, *place, starts, ends, marks)
    entities.sort(key=attrgetter("salience"), reverse=True)
    return tuple(entities)


def _entity(group: Group, words: Words, place: Place) -> Entity:
    values = {
        "id": group.id,
        "name": group.name,
        "type": _TYPES[group.type],
        "count": len(group.spans),
        "salience": _salience(group.spans, words, place),
        "mentions": tuple([_mention(span, words.text, place) for span in group.spans]),
    }
    return constructed(Entity, values, _OF_ENTITIES)


def _mention(span: Span, text: str, place: Place) -> Mention:
    _, _, start, end, kind, *_ = span
    field, offset = ("body", place.body) if start >= place.body else ("title", place.title)
    surface = text[start:end]
    values = {"field": field, "start": start - offset, "end": end - offset, "surface": surface, "type": _TYPES[kind]}
    return constructed(Mention, values, _OF_MENTIONS)


def _salience(spans: Sequence[Span], words: Words, place: Place) -> float:
    _, body, end = place
    first = spans[0][2]
    titled = first < body
    if titled:
        first = next((span[2] for span in spans if span[2] >= body), end)
    early = (end - first) / (end - body) if end > body else 0.0
    often = min(len(spans), ENOUGH) / ENOUGH
    return round(TITLE * titled + EARLY * early + OFTEN * often + SPEAKING * any_speaks(spans, words), 3)
