"""Groups of mentions as the entities of the message."""

from collections.abc import Sequence

from schemas.article import CleanArticle
from schemas.entity import Entity, EntityType, Mention
from streams.entities.coreference import Group, surface_of
from streams.entities.spans import Span

TITLE, EARLY, OFTEN = 0.4, 0.25, 0.35
"""What of the salience comes from standing in the title, from standing early, and from being named often."""

ENOUGH = 8
"""Mentions from which more of them add nothing."""


def described(article: CleanArticle, starts: Sequence[int], groups: Sequence[Group]) -> tuple[Entity, ...]:
    """The entities, the most salient first."""
    entities = [_entity(article, starts, group) for group in groups]
    return tuple(sorted(entities, key=lambda entity: -entity.salience))


def _entity(article: CleanArticle, starts: Sequence[int], group: Group) -> Entity:
    mentions = tuple(_mention(article, starts, span) for span in group.spans)
    return Entity(
        id=group.id,
        name=group.name,
        type=EntityType(group.type),
        count=len(mentions),
        salience=_salience(article, mentions),
        mentions=mentions,
    )


def _mention(article: CleanArticle, starts: Sequence[int], span: Span) -> Mention:
    field, start = ("title", starts[0]) if span.start < starts[1] else ("body", starts[1])
    surface = surface_of(span, article, starts)
    return Mention(
        field="title" if field == "title" else "body",
        start=span.start - start,
        end=span.end - start,
        surface=surface,
        type=EntityType(span.type),
    )


def _salience(article: CleanArticle, mentions: Sequence[Mention]) -> float:
    titled = any(mention.field == "title" for mention in mentions)
    first = min((mention.start for mention in mentions if mention.field == "body"), default=len(article.body))
    early = 1 - first / max(len(article.body), 1)
    return round(TITLE * titled + EARLY * early + OFTEN * min(len(mentions), ENOUGH) / ENOUGH, 3)
