"""Groups of mentions as the entities of the message."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from schemas.base import constructed
from schemas.entity import Entity, EntityType, Mention
from streams.entities.coreference import Group
from streams.entities.spans import Span, Words

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


def described(groups: Sequence[Group], words: Words, place: Place) -> tuple[Entity, ...]:
    """The entities, the most salient first."""
    entities = [_entity(group, words, place) for group in groups]
    entities.sort(key=attrgetter("salience"), reverse=True)
    return tuple(entities)


def _entity(group: Group, words: Words, place: Place) -> Entity:
    text = words.text
    title, body, _ = place
    mentions = []
    for _, _, start, end, kind, _, _, _ in group.spans:
        if start >= body:
            field, first, last = "body", start - body, end - body
        else:
            field, first, last = "title", start - title, end - title
        values = {"field": field, "start": first, "end": last, "surface": text[start:end], "type": _TYPES[kind]}
        mentions.append(constructed(Mention, values, _OF_MENTIONS))
    values = {
        "id": group.id,
        "name": group.name,
        "type": _TYPES[group.type],
        "count": len(mentions),
        "salience": _salience(group.spans, words, place),
        "mentions": tuple(mentions),
    }
    return constructed(Entity, values, _OF_ENTITIES)


def _salience(spans: Sequence[Span], words: Words, place: Place) -> float:
    _, body, end = place
    first = spans[0][2]
    titled = first < body
    if titled:
        first = next((span[2] for span in spans if span[2] >= body), end)
    early = (end - first) / (end - body) if end > body else 0.0
    often = min(len(spans), ENOUGH) / ENOUGH
    return round(TITLE * titled + EARLY * early + OFTEN * often + SPEAKING * words.any_speaks(spans), 3)
