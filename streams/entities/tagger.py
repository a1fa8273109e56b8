"""The tagger: articles in, entities with their mentions out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.article import CleanArticle
from schemas.entity import Entity
from streams.entities.coreference import grouped
from streams.entities.entities import described
from streams.entities.lexicon import Lexicon, fingerprint, load_lexicon
from streams.entities.matching import spans_of_tables
from streams.entities.spans import without_overlaps
from streams.entities.tokens import tokenise

CHUNK = 40_000
"""Code points that go through the arrays together: what fits the processor's cache is fastest."""

SUFFIXING = frozenset({"tr", "az", "kk"})
"""Languages that write endings after an apostrophe: Irak'ta."""


@dataclass(frozen=True)
class Tagger:
    """Finds entities with one state of the tables; a change of tables makes a new one."""

    lexicon: Lexicon
    version: str

    def tag(self, article: CleanArticle) -> tuple[Entity, ...]:
        """The entities of one article, the most salient first."""
        return next(iter(self.tag_many([article])))

    def tag_many(self, articles: Sequence[CleanArticle]) -> list[tuple[Entity, ...]]:
        """The entities of each article; the same as for each alone."""
        return [entities for chunk in chunks(articles) for entities in self._chunk(chunk)]

    def _chunk(self, articles: Sequence[CleanArticle]) -> Iterator[tuple[Entity, ...]]:
        texts = [text for article in articles for text in (article.title or "", article.body)]
        split = [article.language in SUFFIXING for article in articles for _ in range(2)]
        tokens = tokenise(texts, split)
        candidates = spans_of_tables(self.lexicon, tokens, len(articles))
        for number, (article, spans) in enumerate(zip(articles, candidates, strict=True)):
            kept, _ = without_overlaps(spans)
            starts = tokens.text_start[2 * number : 2 * number + 2].tolist()
            yield described(article, starts, grouped(self.lexicon, kept, article, starts))


def chunks(articles: Sequence[CleanArticle]) -> Iterator[Sequence[CleanArticle]]:
    """Runs of articles of about CHUNK code points; a longer article stands alone."""
    first, size = 0, 0
    for number, article in enumerate(articles):
        length = len(article.body) + len(article.title or "")
        if number > first and size + length > CHUNK:
            yield articles[first:number]
            first, size = number, 0
        size += length
    if first < len(articles):
        yield articles[first:]


def load_tagger(tables: Sequence[Path] = ()) -> Tagger:
    """A tagger with the shipped tables and ``tables`` of the user's own; raises TableError."""
    return Tagger(load_lexicon(tables), fingerprint(tables))
