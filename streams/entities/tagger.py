"""The tagger: articles in, entities with their mentions out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from schemas.article import CleanArticle
from schemas.entity import Entity
from streams.entities.clues import bit_table, painted
from streams.entities.coreference import apart, grouped
from streams.entities.datafiles import DATA
from streams.entities.entities import Place, described
from streams.entities.entries import NAMELESS
from streams.entities.everyday import without_everyday
from streams.entities.extents import proper, without_papers
from streams.entities.guessing import Guesser, dateline
from streams.entities.known import Group
from streams.entities.lexicon import Lexicon, fingerprint, load_lexicon
from streams.entities.listing import Maybe, spans_of
from streams.entities.matching import TEXTS_EACH, believed, written_out
from streams.entities.merging import merged
from streams.entities.model import load_model
from streams.entities.screening import Screened, asked_about, inflecting, screened
from streams.entities.spans import Span, without_overlaps
from streams.entities.tokens import Ints, Tokens, tokenise
from streams.entities.vocabulary import Seen, Vocabulary, load_vocabulary
from streams.entities.words import Words, words_of

CHUNK = 100_000
"""Code points that go through the arrays together: what fits the processor's cache is fastest."""

SUFFIXING = frozenset({"tr", "az", "kk"})
"""Languages that write endings after an apostrophe: Irak'ta."""


PARTS = frozenset({"tables", "model", "coreference"})
"""What the tagger is made of; less of it is for measuring what each part gives."""


class Found(NamedTuple):
    """What was found in one article: kept and rejected spans, and where its texts lie."""

    kept: list[Span]
    rejected: list[Span]
    place: Place
    capitalised: list[int]
    """Numbers of the words in Latin letters that may name something: capitalised, and not as common words are."""


@dataclass(frozen=True)
class Tagger:
    """Finds entities with one state of the tables; a change of tables makes a new one."""

    lexicon: Lexicon
    guesser: Guesser
    vocabulary: Vocabulary
    version: str
    parts: frozenset[str] = PARTS

    def tag(self, article: CleanArticle) -> tuple[Entity, ...]:
        """The entities of one article, the most salient first."""
        return self.tag_many([article])[0]

    def tag_many(self, articles: Sequence[CleanArticle]) -> list[tuple[Entity, ...]]:
        """The entities of each article; the same as for each alone."""
        return [entities for chunk in chunks(articles) for entities in self._entities(chunk)]

    def _entities(self, articles: Sequence[CleanArticle]) -> Iterator[tuple[Entity, ...]]:
        words, found = self.found(articles)
        for each in found:
            yield described(self.groups(each, words), words, each.place)

    def groups(self, found: Found, words: Words) -> list[Group]:
        """The entities of an article as groups of spans."""
        join = grouped if "coreference" in self.parts else apart
        return join(self.lexicon, found.kept, words, found.capitalised)

    def found(self, articles: Sequence[CleanArticle]) -> tuple[Words, list[Found]]:
        """The spans of each article before names are joined."""
        texts = [text for article in articles for text in (article.title or "", article.body)]
        tokens = tokenise(texts, [article.language in SUFFIXING for article in articles for _ in range(2)])
        seen = self.vocabulary.of(tokens.hash)
        words, articles_at = words_of(tokens, seen), np.ascontiguousarray(tokens.first[::TEXTS_EACH])
        screen = screened(tokens, seen, articles_at)
        (listed, maybe), guessed = self._listed_and_guessed(articles, tokens, seen, screen, articles_at)
        places, edges, capitalised = (each.tolist() for each in (tokens.text_start, screen.edges, screen.capitalised))
        found = []
        for number, article in enumerate(articles):
            longest, overlapped = without_overlaps(without_papers(listed[number], words))
            longest, everyday = without_everyday(longest, article.language, words, tokens.opens, self.lexicon)
            named = [proper(span, words) for span in longest if span[4] != NAMELESS]
            kept, rejected = merged(self.lexicon, words, named, maybe, guessed[number])
            place = Place(*places[2 * number : 2 * number + 3])
            rejected = [*overlapped, *everyday, *rejected]
            found.append(Found(kept, rejected, place, capitalised[edges[number] : edges[number + 1]]))
        return words, found

    def _listed_and_guessed(
        self, articles: Sequence[CleanArticle], tokens: Tokens, seen: Seen, screen: Screened, articles_at: Ints
    ) -> tuple[tuple[list[list[Span]], Maybe], list[list[Span]]]:
        """What the tables know in the tokens, and what the trained tagger makes of them."""
        lexicon, guesser, sizes = self.lexicon, self.guesser, articles_at[1:] - articles_at[:-1]
        matches = lexicon.index.names(tokens, inflecting(articles, sizes))
        matches = matches.where(written_out(lexicon, tokens, matches, seen))
        if "tables" not in self.parts:
            matches = matches.where(np.zeros(len(matches.start), np.bool_))
        clues = painted(tokens, matches, lexicon.index.owner, guesser.bits)
        sure = believed(lexicon, tokens, matches, clues, seen)
        guessed: list[list[Span]] = [[] for _ in articles]
        ends = [np.zeros(0, np.int64)] * 2
        if "model" in self.parts:
            asked = asked_about(articles, sizes, screen.small)
            guessed, *ends = guesser.spans(tokens, clues, seen, asked, articles_at)
            if opened(guessed, articles, tokens):
                ends = [np.array([span[at] for spans in guessed for span in spans], np.int64) for at in (0, 1)]
        return spans_of(lexicon, tokens, matches, sure, (ends[0], ends[1]), articles_at), guessed


def opened(guessed: list[list[Span]], articles: Sequence[CleanArticle], tokens: Tokens) -> bool:
    """Whether an article has a dateline, the place of which is then among its spans."""
    found = False
    for number, article in enumerate(articles):
        place = dateline(article.body, int(tokens.text_start[2 * number + 1]), tokens)
        if place is not None:
            guessed[number], found = with_place(guessed[number], place), True
    return found


def with_place(spans: list[Span], place: Span) -> list[Span]:
    """The spans of the trained tagger with the place of a dateline, unless they have a longer name there."""
    others = [span for span in spans if not place.covers(span)]
    if any(span.first < place.last and place.first < span.last for span in others):
        return spans
    return sorted([*others, place])


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


def load_tagger(tables: Sequence[Path] = (), lexicon: Lexicon | None = None) -> Tagger:
    """A tagger with the shipped tables and ``tables`` of the user's own; raises TableError.

    ``lexicon`` is what these tables were read to before, if they were.
    """
    lexicon = lexicon or load_lexicon(tables)
    data = Path(str(DATA))
    guesser = Guesser(load_model(data / "model.npz"), bit_table(lexicon))
    return Tagger(lexicon, guesser, load_vocabulary(data / "word_case.npz"), fingerprint(tables))
