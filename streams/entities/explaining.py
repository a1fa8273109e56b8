"""Why a mention is one, and what was rejected."""

from dataclasses import dataclass

from schemas.article import CleanArticle
from streams.entities.entities import Place
from streams.entities.known import Group
from streams.entities.lexicon import Lexicon
from streams.entities.spans import Source, Span
from streams.entities.tagger import Tagger
from streams.entities.words import Words

TABLES = ("user table", "knowledge table", "countries", "legislators", "wikidata", "places", "companies", "names")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One span, ``article[field][start:end] == surface``: who decided it, and its entity unless it was rejected."""

    field: str
    start: int
    end: int
    surface: str
    type: str
    source: Source
    reason: str
    entity: str | None = None
    name: str | None = None

    @property
    def kept(self) -> bool:
        return self.entity is not None

    def __str__(self) -> str:
        place = f"{self.field}[{self.start}:{self.end}]"
        outcome = f"{self.name} ({self.entity})" if self.kept else "rejected"
        return f"{place:18} {self.type:12} {self.surface!r}: {outcome}; {self.source}: {self.reason}"


def explain(tagger: Tagger, article: CleanArticle) -> list[Explanation]:
    """Every span that was considered in the article, in order of place; of the kept ones, the entity."""
    words, [found] = tagger.found([article])
    explanations = [
        _explanation(tagger.lexicon, words, found.place, span, group)
        for group in tagger.groups(found, words)
        for span in group.spans
    ]
    explanations += [_explanation(tagger.lexicon, words, found.place, span, None) for span in found.rejected]
    return sorted(explanations, key=lambda each: (each.field != "title", each.start, each.end, not each.kept))


def _explanation(lexicon: Lexicon, words: Words, place: Place, span: Span, group: Group | None) -> Explanation:
    in_title = span.start < place.body
    offset = place.title if in_title else place.body
    return Explanation(
        field="title" if in_title else "body",
        start=span.start - offset,
        end=span.end - offset,
        surface=words.surface(span),
        type=span.type,
        source=span.source,
        reason=_reason(lexicon, span, kept=group is not None),
        entity=group.id if group else None,
        name=group.name if group else None,
    )


def _reason(lexicon: Lexicon, span: Span, *, kept: bool) -> str:
    if span.source is Source.COREFERENCE:
        return f"short for {span.note}"
    known = ""
    if span.entries:
        meant = sorted({f"{lexicon.name[n]} in {TABLES[int(lexicon.source[n])]}" for n in span.entries})
        known = " or ".join(meant)
    note = span.note or ("" if kept else "a longer name covers it")
    return ", ".join(part for part in (known, note) if part)
