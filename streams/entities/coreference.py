"""Which mentions of an article name the same thing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.article import CleanArticle
from streams.entities.lexicon import Lexicon
from streams.entities.names import folded_key, stable_id
from streams.entities.spans import Span


@dataclass(slots=True)
class Group:
    """The mentions of one entity."""

    id: str
    name: str
    type: str
    spans: list[Span] = field(default_factory=list)


def grouped(lexicon: Lexicon, spans: Sequence[Span], article: CleanArticle, starts: Sequence[int]) -> list[Group]:
    """Spans by the entity they name, in order of first mention."""
    groups: dict[str, Group] = {}
    for span in spans:
        group = _entry_group(lexicon, span) if span.entries else _named_group(span, article, starts)
        groups.setdefault(group.id, group).spans.append(span)
    return list(groups.values())


def surface_of(span: Span, article: CleanArticle, starts: Sequence[int]) -> str:
    """The span's text in the field it stands in."""
    text, start = (article.title or "", starts[0]) if span.start < starts[1] else (article.body, starts[1])
    return text[span.start - start : span.end - start]


def _entry_group(lexicon: Lexicon, span: Span) -> Group:
    entry = span.entries[0]
    kind = "GPE" if span.type == "NORP" and lexicon.country[entry] else span.type
    name = lexicon.name[entry]
    return Group(lexicon.id[entry] or stable_id(folded_key(name), kind), name, kind)


def _named_group(span: Span, article: CleanArticle, starts: Sequence[int]) -> Group:
    name = surface_of(span, article, starts)
    return Group(stable_id(folded_key(name), span.type), name, span.type)
