"""Groups of mentions as the entities of the message."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.entity import Entity, EntityType, Mention
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


def described(groups: Sequence[Group], words: Words, place: Place) -> tuple[Entity, ...]:
    """The entities, the most salient first."""
    entities = [_entity(group, words, place) for group in groups]
    return tuple(sorted(entities, key=lambda entity: -entity.salience))


def _entity(group: Group, words: Words, place: Place) -> Entity:
    mentions = tuple(_mention(span, words, place) for span in group.spans)
    return Entity(
        id=group.id,
        name=group.name,
        type=EntityType(group.type),
        count=len(mentions),
        salience=_salience(group.spans, place),
        mentions=mentions,
    )


def _mention(span: Span, words: Words, place: Place) -> Mention:
    in_title = span.start < place.body
    offset = place.title if in_title else place.body
    return Mention(
        field="title" if in_title else "body",
        start=span.start - offset,
        end=span.end - offset,
        surface=words.surface(span),
        type=EntityType(span.type),
    )


def _salience(spans: Sequence[Span], place: Place) -> float:
    titled = spans[0].start < place.body
    first = min((span.start for span in spans if span.start >= place.body), default=place.end)
    early = 1 - (first - place.body) / max(place.end - place.body, 1)
    return round(TITLE * titled + EARLY * early + OFTEN * min(len(spans), ENOUGH) / ENOUGH, 3)
