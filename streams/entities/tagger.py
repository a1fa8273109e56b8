"""The tagger: articles in, entities with their mentions out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from schemas.article import CleanArticle
from schemas.entity import Entity
from streams.entities.characters import LATIN
from streams.entities.clues import bit_table, painted
from streams.entities.coreference import Group, apart, grouped
from streams.entities.datafiles import DATA
from streams.entities.entities import Place, described
from streams.entities.guessing import COMMON, Guesser, dateline
from streams.entities.index import Matches
from streams.entities.lexicon import Lexicon, fingerprint, load_lexicon
from streams.entities.matching import Maybe, alike, believed, spans_of, written_out
from streams.entities.merging import bodies, merged, nicknamed
from streams.entities.model import load_model
from streams.entities.spans import ARTICLED, FRAMED, Span, Words, without_overlaps
from streams.entities.tokens import INITIAL, LOWER, SOFT, Flags, Ints, Tokens, tokenise
from streams.entities.vocabulary import ARTICLE, FUNCTION, JOINS, REPORTS, Seen, Vocabulary, load_vocabulary

CHUNK = 100_000
"""Code points that go through the arrays together: what fits the processor's cache is fastest."""

SUFFIXING = frozenset({"tr", "az", "kk"})
"""Languages that write endings after an apostrophe: Irak'ta."""


INFLECTING = frozenset({"de", "nl", "sv", "da", "no", "nb", "nn"})
"""Languages that write the s of the genitive without an apostrophe: Israels."""

PARTS = frozenset({"tables", "model", "coreference"})
"""What the tagger is made of; less of it is for measuring what each part gives."""

ENGLISH_SHARE, FEW_WORDS = 0.08, 25
"""Share of function words from which a text without a stated language is taken for English, unless it is short."""


@dataclass(frozen=True)
class Found:
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
        words = words_of(tokens, seen)
        (listed, maybe), guessed = self._listed_and_guessed(articles, tokens, seen)
        places = tokens.text_start.tolist()
        capitals = capitals_of(tokens, seen)
        edges = capitals.searchsorted(tokens.first[::2]).tolist()
        capitalised = capitals.tolist()
        found = []
        for number in range(len(articles)):
            longest, overlapped = without_overlaps(listed[number])
            proper = [words.proper(span) if span[1] - span[0] > 1 and span[4] in FRAMED else span for span in longest]
            kept, rejected = merged(self.lexicon, words, proper, maybe, guessed[number])
            kept = nicknamed(bodies(kept, words), words)
            kept = [words.with_article(span) if span[4] in ARTICLED else span for span in kept]
            place = Place(*places[2 * number : 2 * number + 3])
            found.append(Found(kept, [*overlapped, *rejected], place, capitalised[edges[number] : edges[number + 1]]))
        return words, found

    def _listed_and_guessed(
        self, articles: Sequence[CleanArticle], tokens: Tokens, seen: Seen
    ) -> tuple[tuple[list[list[Span]], Maybe], list[list[Span]]]:
        """What the tables know in the tokens, and what the trained tagger makes of them."""
        lexicon, guesser = self.lexicon, self.guesser
        matches = lexicon.index.names(tokens, inflecting(articles, tokens))
        matches = matches.where(written_out(lexicon, tokens, matches, seen))
        if "tables" not in self.parts:
            matches = matches.where(np.zeros(len(matches.start), np.bool_))
        clues = painted(tokens, matches, lexicon.index.owner, guesser.bits)
        sure = believed(lexicon, tokens, matches, clues, seen)
        guessed: list[list[Span]] = [[] for _ in articles]
        if "model" in self.parts:
            guessed = guesser.spans(tokens, clues, seen, asked_about(articles, tokens, seen))
            for number, (spans, article) in enumerate(zip(guessed, articles, strict=True)):
                place = dateline(article.body, int(tokens.text_start[2 * number + 1]), tokens)
                if place is not None:
                    guessed[number] = opened(spans, place)
        wanted = sure | lexicon.unsure[matches.alias] | guessed_alike(tokens, matches, guessed)
        return spans_of(lexicon, tokens, matches.where(wanted), sure[wanted]), guessed


def inflecting(articles: Sequence[CleanArticle], tokens: Tokens) -> Flags | None:
    """Which words are of an article in a language of INFLECTING; None where no article is."""
    found = [article.language in INFLECTING for article in articles]
    return np.array(found, np.bool_).repeat(np.diff(tokens.first[::2])) if any(found) else None


def opened(spans: list[Span], place: Span) -> list[Span]:
    """The spans of the trained tagger with the place of a dateline, unless they have a longer name there."""
    others = [span for span in spans if not place.covers(span)]
    if any(span.first < place.last and place.first < span.last for span in others):
        return spans
    return sorted([*others, place])


def guessed_alike(tokens: Tokens, matches: Matches, guessed: Sequence[Sequence[Span]]) -> Flags:
    """Which matches have the words of a span of the trained tagger: the others that need its word are of no use."""
    first = np.array([span[0] for spans in guessed for span in spans], np.int64)
    last = np.array([span[1] for spans in guessed for span in spans], np.int64)
    return alike(tokens, matches, first, last - first)


def capitals_of(tokens: Tokens, seen: Seen) -> Ints:
    """The capitalised words that may name something: not common ones that open a sentence, unless a speaker's.

    A common word can be somebody's last name or what a team is called: ``Sharp told reporters``, ``beat the Heat``.
    """
    speaks = np.zeros(len(tokens), np.bool_)
    speaks[:-1] = (seen.marked(REPORTS) & (tokens.gap == SOFT))[1:]
    inside = ~tokens.opens & (tokens.case == INITIAL)
    capital = (tokens.case != LOWER) & (tokens.script == LATIN)
    return np.asarray(np.flatnonzero(capital & ((seen.level < COMMON) | inside | speaks)))


def asked_about(articles: Sequence[CleanArticle], tokens: Tokens, seen: Seen) -> Flags:
    """Which articles the trained tagger is asked about: English ones, stated or by their function words."""
    language = [article.language for article in articles]
    english = np.array([stated == "en" for stated in language], np.bool_)
    if None not in language:
        return english
    edges = tokens.first[::2]
    running = np.concatenate((np.zeros(1, np.int64), seen.marked(FUNCTION).cumsum(dtype=np.int64)))
    every: Ints = edges[1:] - edges[:-1]
    small: Ints = running[edges[1:]] - running[edges[:-1]]
    likely = (small >= ENGLISH_SHARE * every) | (every < FEW_WORDS)
    return np.asarray(english | (np.array([stated is None for stated in language], np.bool_) & likely))


def words_of(tokens: Tokens, seen: Seen) -> Words:
    """The words for what goes by one of them at a time: as views and bytes, which give single items faster than arrays.

    Lists give them faster still, but few words are asked for, and to make the lists took a twentieth of the time.
    """
    long = (tokens.start.data, tokens.end.data, tokens.hash.data)
    joining = seen.marked(JOINS) & ~((tokens.case != LOWER) & (tokens.high - tokens.low == 1))
    short = (tokens.case, tokens.before, seen.marked(ARTICLE), seen.marked(REPORTS), joining)
    return Words(tokens.text, *long, *(column.tobytes() for column in short))


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
