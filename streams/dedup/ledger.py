"""Every decision remembered: its position and answer, and of the article what later ones are compared with."""

import hashlib
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from streams.dedup.blobs import Blobs
from streams.dedup.bulk import Numbers, Records, hashes_of
from streams.dedup.columns import Column, Packed, runs
from streams.dedup.index import HashIndex
from streams.dedup.record import Mark, Record
from streams.dedup.words import combined, combined_many

_ROW = np.dtype([
    ("body", "<u8"), ("title", "<u8"), ("publisher", "<u8"), ("time", "<i8"), ("words", "<u4"), ("maker", "<u4"),
    ("group", "<i4"), ("language", "<u2"),
])  # fmt: skip
"""What is remembered of an article at fixed size, but for what may change."""


class Known(NamedTuple):
    """The latest version of an article under its id."""

    number: int
    body: int
    title: int
    words: int
    maker: int
    group: int
    story: int
    language: int


class Note(NamedTuple):
    """What is remembered of an article to be told."""

    entities: str
    revision: str
    headline: str
    id: str


class Generation(NamedTuple):
    """Consecutive decisions that are forgotten together."""

    span: int
    first: int
    """The number of its first decision."""


class Ledger:
    """Decisions by absolute number, in the order they were taken.

    What is forgotten is found no more from then on, but leaves its rows when it is swept out.
    """

    def __init__(self) -> None:
        self.base = 0
        """Decisions forgotten so far: the number of the oldest one kept."""
        self.generations: deque[Generation] = deque()
        """Those of the decisions kept, oldest first."""
        self.answers = Blobs()
        self.notes = Blobs()
        """The fields of a ``Note``, separated by line feeds."""
        self.positions = HashIndex()
        self.ids = HashIndex(latest=True)
        self.contents = HashIndex()
        """Body under its title, in its language."""
        self.bodies = HashIndex()
        self.joined = HashIndex(latest=True)
        """Ids of the stories that articles joined which another one had begun."""
        self.rows = Packed(_ROW)
        self.stories = Column(np.int64)
        self.likeness = Column(np.uint16)
        """To the members of its story when an article joined it, in thousandths."""

    def __len__(self) -> int:
        return self.rows.next - self.base

    @property
    def next(self) -> int:
        """The number of the next decision."""
        return self.rows.next

    @property
    def swept(self) -> int:
        """The oldest decision that still has its row: the ``base``, once all that is forgotten is swept out."""
        return self.rows.base

    def answer_at(self, position: str) -> bytes | None:
        """What was answered at a position."""
        at = self.positions.get(hashed(position))
        return None if at < 0 else self.answers[at]

    def by_id(self, name: str) -> Known | None:
        """The latest version of an id."""
        return self._known(self.ids.get(hashed(name)))

    def by_content(self, body: int, title: int, language: str) -> Known | None:
        """The first article of a language with this text under this headline."""
        return self._known(self.contents.get(combined(_spoken(body, language), title))) if body else None

    def by_body(self, body: int, words: int, language: str) -> Known | None:
        """The first article of a language with this text."""
        return self._known(self.bodies.get(combined(_spoken(body, language), words))) if body else None

    def by_story(self, name: str) -> int | None:
        """The story now of the latest article that joined the story of this id; None where none is remembered."""
        number = self.joined.get(hashed(name))
        return None if number < 0 else self.story(number)

    def publisher(self, number: int) -> int:
        """Hash of the publisher of an article that is remembered."""
        publisher: int = self.rows[number][2]
        return publisher

    def time(self, number: int) -> int:
        """Effective time of an article that is remembered."""
        time: int = self.rows[number][3]
        return time

    def told(self, number: int) -> tuple[int, int]:
        """Hash of the publisher and effective time of an article that is remembered."""
        row = self.rows[number]
        return row[2], row[3]

    def story(self, number: int) -> int:
        """The story of an article that is remembered."""
        return self.stories[number]

    def rename(self, number: int, story: int) -> None:
        """Let an article that is remembered belong to another story."""
        self.stories[number] = story

    def by_number(self, number: int) -> Known | None:
        """The article of a decision; None once it is forgotten."""
        return self._known(number) if number >= self.base else None

    def note(self, number: int) -> Note:
        """What is remembered of an article to be told."""
        return Note(*self.notes[number].decode().split("\n", 3))

    def append(self, position: str, answer: bytes, record: Record, language: int, span: int) -> None:
        """Take a decision in."""
        learns = not record.marks & (Mark.REPEATED | Mark.CORRECTION)
        findable = learns and not record.marks & Mark.FAILURE and record.body
        if not self.generations or self.generations[-1].span != span:
            self.generations.append(Generation(span, self.next))
        first = self.generations[-1].first
        self.answers.append(answer)
        self.positions.append(hashed(position), first)
        self.ids.append(hashed(record.id) if learns else 0, first)
        spoken = _spoken(record.body, record.language)
        self.contents.append(combined(spoken, record.title) if findable else 0, first)
        self.bodies.append(combined(spoken, record.words) if findable else 0, first)
        self.joined.append(hashed(record.name) if learns and record.name != record.id else 0, first)
        self.notes.append(
            f"{record.entities}\n{record.revision}\n{record.headline}\n{record.id}".encode() if learns else b""
        )
        self.stories.append(record.story if record.story >= 0 else self.next)
        self.likeness.append(record.likeness)
        self.rows.append(
            record.body, record.title, record.publisher, record.time, record.words, record.maker, record.group, language
        )

    def extend(
        self, positions: Sequence[str], answers: Sequence[bytes], records: Records, languages: Numbers, spans: Numbers
    ) -> None:
        """Take many decisions in."""
        numbers = self.next + np.arange(len(records))
        first = self._generations_of(spans)
        self.answers.extend(answers)
        self.notes.extend_joined(*records.notes())
        told = [position.encode() for position in positions]
        self.positions.extend(hashes_of(b"".join(told), np.cumsum([*map(len, told)], dtype=np.int64)), first)
        ids = hashes_of(records.joined("id", numbers - self.next), np.cumsum(records.lengths("id")))
        self.ids.extend(np.where(records.learned, ids, np.uint64(0)), first)
        body, title, words = map(records.column, ("body", "title", "words"))
        findable = records.learned & (records.marked(Mark.FAILURE) == 0) & (body != 0)
        names, spoken = records.languages
        body = combined_many(body, np.array([hashed(name) for name in names], np.uint64)[spoken])
        self.contents.extend(np.where(findable, combined_many(body, title), np.uint64(0)), first)
        self.bodies.extend(np.where(findable, combined_many(body, words), np.uint64(0)), first)
        names_of = hashes_of(records.joined("name", numbers - self.next), np.cumsum(records.lengths("name")))
        self.joined.extend(np.where(records.learned & (names_of != ids), names_of, np.uint64(0)), first)
        stories = records.column("story")
        self.stories.extend(np.where(stories < 0, numbers, stories))
        self.likeness.extend(records.column("likeness"))
        self.rows.extend(_rows_of(records, languages))

    def settle(self) -> None:
        """Be ready to be asked, after many decisions were taken in."""
        for index in self._indexes():
            index.settle()

    def forget(self, base: int) -> None:
        """Forget the decisions below ``base``, where a generation begins; nothing is left to sweep before."""
        for index in self._indexes():
            index.forget(base)
        while self.generations and self.generations[0].first < base:
            self.generations.popleft()
        if not self.rows.next > self.rows.base:
            self.sweep(base)
        self.base = base

    def sweep(self, base: int) -> None:
        """Let go of the rows below ``base``."""
        for part in (self.rows, self.answers, self.notes, self.stories, self.likeness):
            part.forget(base)

    def nbytes(self) -> int:
        """Bytes held, but for the ids of stories."""
        held: list[Column | Blobs | HashIndex] = [self.rows, self.stories, self.likeness, self.answers, self.notes]
        return sum(part.nbytes() for part in [*held, *self._indexes()]) - self.joined.nbytes()

    def _generations_of(self, spans: Numbers) -> Numbers:
        """The first decision of the generation of each of the next decisions, and those generations kept."""
        first, sizes = runs(spans)
        begins = self.next + first
        if len(begins) and self.generations and self.generations[-1].span == spans[0]:
            begins[0] = self.generations.pop().first
        self.generations.extend(Generation(int(spans[at]), int(begin)) for at, begin in zip(first, begins, strict=True))
        return np.repeat(begins, sizes)

    def _indexes(self) -> tuple[HashIndex, ...]:
        return self.positions, self.ids, self.contents, self.bodies, self.joined

    def _known(self, number: int) -> Known | None:
        if number < 0:
            return None
        body, title, _, _, words, maker, group, language = self.rows[number]
        return Known(number, body, title, words, maker, group, self.stories[number], language)


def _rows_of(records: Records, languages: Numbers) -> NDArray[Any]:
    rows = np.zeros(len(records), dtype=_ROW)
    for name in ("body", "title", "publisher", "time", "words", "maker", "group"):
        rows[name] = records.column(name)
    rows["language"] = languages
    return rows


def _spoken(body: int, language: str) -> int:
    """The hash of a text in its language: the same letters in another one are no copy, wherever both are remembered."""
    return combined(body, hashed(language))


@lru_cache(maxsize=4096)
def hashed(text: str | None) -> int:
    """64 bits of a text, never 0; 0 for none."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) or 1 if text else 0
