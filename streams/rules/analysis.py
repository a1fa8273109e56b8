"""An article as the matcher reads it: words with places, sentences, and the keys they answer to."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property

from streams import kernels
from streams.rules.clauses import clauses_in
from streams.rules.numbered import Numbered, numbered
from streams.rules.places import Places
from streams.rules.splitting import Parts, Reading, loosely, strictly
from streams.rules.words import JOINED, Lexicon, fold

LIMIT = 400_000
"""Code points of a body that are read; the rest of a longer one is not, and the match says so."""


class Analysis:
    """The words of title and body in one row of positions; the title's come first.

    What only some rules need (offsets, sentences, paragraphs) is worked out when first asked for.
    """

    def __init__(self, title: str | None, body: str, lexicon: Lexicon) -> None:
        self.title, self.body = title or "", body
        self.read_in: Callable[[], tuple[int | None, int | None]] = lambda: (None, None)
        """Gives the year that its sentences are read in, if known, and the month: what is dated earlier is past."""
        self.cut = len(body) > LIMIT
        self.recalled: dict[tuple[int, int], bool] = {}
        """Of words from a first to a last one, whether they are told of as past: `recency`."""
        self._folded: dict[tuple[int, int], list[str]] = {}
        self._clauses: dict[int, list[int]] = {}
        self.reading = self._read(lexicon, self.title, body[:LIMIT] if self.cut else body)
        self.split, self.size = self.reading.split, self.reading.size

    def _read(self, lexicon: Lexicon, title: str, body: str) -> Reading:
        """The words of both fields."""
        native = kernels.native
        if native is not None:
            return numbered(native, title, body, lexicon)
        head, text, known = loosely(title), loosely(body), lexicon.words()
        parts = Parts(head, text, known)
        return Parts(strictly(head), strictly(text), known) if JOINED in parts.answers else parts

    @cached_property
    def keys(self) -> set[str]:
        """Every key that one of its words answers to."""
        return self.places.keys

    @cached_property
    def dated(self) -> tuple[int | None, int | None]:
        """Year and month that its sentences are read in, if known."""
        return self.read_in()

    @property
    def numbered(self) -> Numbered | None:
        """Its words by number, where they have been read by the compiled kernels."""
        return self.reading if isinstance(self.reading, Numbered) else None

    @cached_property
    def words(self) -> list[str]:
        """The words as they stand."""
        return self.reading.words(0, self.size)

    def folded(self, start: int, end: int) -> Sequence[str]:
        """The words of a stretch, folded."""
        found = self._folded.get((start, end))
        if found is None:
            found = self._folded[start, end] = list(map(fold, self.reading.words(start, end)))
        return found

    @cached_property
    def places(self) -> Places:
        """Where its words stand."""
        return Places(self.reading, 0, self.size)

    def places_in(self, start: int, end: int) -> Places:
        """Where the words of a stretch stand."""
        return Places(self.reading, start, end)

    @cached_property
    def starts(self) -> list[int]:
        """Offset of each word in its field, code points."""
        return self.reading.starts()

    @cached_property
    def _breaks(self) -> tuple[list[int], list[int]]:
        return self.reading.breaks()

    @cached_property
    def firsts(self) -> list[int]:
        """Position of each sentence's first word."""
        return self._breaks[0]

    @cached_property
    def _paragraphs(self) -> list[int]:
        return self._breaks[1]

    def sentence(self, position: int) -> int:
        """Number of the sentence that a word stands in."""
        return bisect_right(self.firsts, position) - 1

    def paragraph(self, position: int) -> int:
        """Number of the paragraph that a word stands in."""
        return bisect_right(self._paragraphs, position) - 1

    def bounds(self, sentence: int) -> tuple[int, int]:
        """Positions of a sentence's first word and of the one after its last."""
        first = self.firsts[sentence]
        return first, self.firsts[sentence + 1] if sentence + 1 < len(self.firsts) else self.size

    def clause_bounds(self, first: int, last: int) -> tuple[int, int]:
        """Positions of the first word of the clause that one word stands in, and of the one after that of another."""
        sentence = self.sentence(first)
        low, high = self.bounds(sentence)
        begins = self._clauses.get(sentence)
        if begins is None:
            words, gaps = self.reading.words(low, high), self.reading.gaps(low, high)
            begins = self._clauses[sentence] = [*clauses_in(words, gaps, low), high]
        after = bisect_right(begins, last)
        return begins[bisect_right(begins, first) - 1], begins[after] if after < len(begins) else high

    def paragraph_bounds(self, paragraph: int) -> tuple[int, int]:
        """Positions of a paragraph's first word and of the one after its last."""
        first = self._paragraphs[paragraph]
        last = self._paragraphs[paragraph + 1] if paragraph + 1 < len(self._paragraphs) else self.size
        return first, last

    @cached_property
    def lead(self) -> int:
        """Position after the lead: the sentences that begin within the body's first 60 words."""
        after = bisect_left(self.firsts, self.split + 60)
        return self.firsts[after] if after < len(self.firsts) else self.size

    def end(self, position: int) -> int:
        """Offset after the word at ``position``."""
        return self.starts[position] + len(self.words[position])

    def between(self, position: int) -> str:
        """What stands after the word at ``position``, up to the next."""
        return self.reading.gaps(position, position + 1)[0]

    def position_at(self, field: str, offset: int) -> int:
        """Position of the first word that ends after ``offset`` of ``field``."""
        low, high = (0, self.split) if field == "title" else (self.split, self.size)
        found = bisect_right(self.starts, offset, low, high) - 1
        return found if found >= low and self.end(found) > offset else found + 1
