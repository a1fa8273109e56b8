"""The tagger: articles in, entities with their mentions out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from schemas.article import CleanArticle
from schemas.entity import Entity
from streams.entities.clues import bit_table, load_word_case, painted
from streams.entities.coreference import grouped
from streams.entities.entities import Place, described
from streams.entities.guessing import Guesser
from streams.entities.lexicon import DATA, Lexicon, fingerprint, load_lexicon
from streams.entities.matching import believed, by_words, rows_of, spans_of, written_out
from streams.entities.merging import merged
from streams.entities.model import load_model
from streams.entities.segments import ARTICLES, among
from streams.entities.spans import Span, Words, without_overlaps
from streams.entities.tokens import Tokens, joined, tokenise

CHUNK = 40_000
"""Code points that go through the arrays together: what fits the processor's cache is fastest."""

SUFFIXING = frozenset({"tr", "az", "kk"})
"""Languages that write endings after an apostrophe: Irak'ta."""

LEARNED = frozenset({"en", None})
"""Languages the trained tagger is asked about."""


@dataclass(frozen=True)
class Found:
    """What was found in one article: kept and rejected spans, and where its texts lie."""

    kept: list[Span]
    rejected: list[Span]
    place: Place


@dataclass(frozen=True)
class Tagger:
    """Finds entities with one state of the tables; a change of tables makes a new one."""

    lexicon: Lexicon
    guesser: Guesser
    version: str

    def tag(self, article: CleanArticle) -> tuple[Entity, ...]:
        """The entities of one article, the most salient first."""
        return self.tag_many([article])[0]

    def tag_many(self, articles: Sequence[CleanArticle]) -> list[tuple[Entity, ...]]:
        """The entities of each article; the same as for each alone."""
        return [entities for chunk in chunks(articles) for entities in self._entities(chunk)]

    def _entities(self, articles: Sequence[CleanArticle]) -> Iterator[tuple[Entity, ...]]:
        words, found = self.found(articles)
        for each in found:
            yield described(grouped(self.lexicon, each.kept, words), words.text, each.place)

    def found(self, articles: Sequence[CleanArticle]) -> tuple[Words, list[Found]]:
        """The spans of each article before names are joined."""
        texts = [text for article in articles for text in (article.title or "", article.body)]
        split = [article.language in SUFFIXING for article in articles for _ in range(2)]
        tokens = tokenise(texts, split)
        matches = self.lexicon.index.agreeing(tokens, self.lexicon.index.search(tokens))
        matches = matches.where(written_out(self.lexicon, tokens, matches))
        tables = painted(tokens, matches, self.lexicon.index.owner, self.guesser.bits)
        sure = believed(self.lexicon, tokens, matches, tables, self.guesser.word_case)
        rows = rows_of(self.lexicon, tokens, matches, sure)
        listed = spans_of(self.lexicon, [row for row in rows if row.sure], len(articles))
        maybe = by_words(row for row in rows if not row.sure)
        asked = np.array([article.language in LEARNED for article in articles], np.bool_)
        guessed = self.guesser.spans(tokens, tables, asked)
        words = words_of(joined(texts)[0], tokens)
        places = tokens.text_start.tolist()
        found = []
        for number in range(len(articles)):
            believable, overlapped = without_overlaps(listed[number])
            kept, rejected = merged(self.lexicon, words, believable, maybe, guessed[number])
            found.append(Found(kept, [*overlapped, *rejected], Place(*places[2 * number : 2 * number + 3])))
        return words, found


def words_of(text: str, tokens: Tokens) -> Words:
    columns = (tokens.start, tokens.end, tokens.hash, tokens.case, tokens.before, among(tokens.hash, ARTICLES))
    return Words(text, *(column.tolist() for column in columns))


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
    lexicon = load_lexicon(tables)
    data = Path(str(DATA))
    guesser = Guesser(load_model(data / "model.npz"), load_word_case(data / "word_case.npz"), bit_table(lexicon))
    return Tagger(lexicon, guesser, fingerprint(tables))
