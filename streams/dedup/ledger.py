"""Every decision remembered: its position and answer, and of the article what later ones are compared with."""

import hashlib
from typing import NamedTuple

import numpy as np

from streams.dedup.columns import Blobs, Column, HashIndex
from streams.dedup.record import Mark, Record
from streams.dedup.words import combined


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


class Ledger:
    """Decisions by absolute number, in the order they were taken."""

    def __init__(self) -> None:
        self.base = 0
        """Decisions forgotten so far: the number of the oldest one kept."""
        self.answers = Blobs()
        self.notes = Blobs()
        """The fields of a ``Note``, separated by line feeds."""
        self.positions = HashIndex()
        self.ids = HashIndex(latest=True)
        self.contents = HashIndex()
        """Body under its title."""
        self.bodies = HashIndex()
        self.body = Column(np.uint64)
        self.title = Column(np.uint64)
        self.words = Column(np.uint32)
        self.maker = Column(np.uint32)
        self.publisher = Column(np.uint64)
        self.time = Column(np.int64)
        self.group = Column(np.int32)
        self.story = Column(np.int64)
        self.likeness = Column(np.uint16)
        self.language = Column(np.int16)
        self.span = Column(np.int64)
        """Key of the generation each decision belongs to."""

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def next(self) -> int:
        """The number of the next decision."""
        return self.base + len(self.answers)

    def answer_at(self, position: str) -> bytes | None:
        """What was answered at a position."""
        at = self.positions.get(hashed(position))
        return None if at < 0 else self.answers[at]

    def by_id(self, name: str) -> Known | None:
        """The latest version of an id."""
        return self._known(self.ids.get(hashed(name)))

    def by_content(self, body: int, title: int) -> Known | None:
        """The first article of this text under this headline."""
        return self._known(self.contents.get(combined(body, title))) if body else None

    def by_body(self, body: int, words: int) -> Known | None:
        """The first article of this text."""
        return self._known(self.bodies.get(combined(body, words))) if body else None

    def by_number(self, number: int) -> Known | None:
        """The article of a decision; None once it is forgotten."""
        return self._known(number - self.base) if number >= self.base else None

    def note(self, number: int) -> Note:
        """What is remembered of an article to be told."""
        return Note(*self.notes[number - self.base].decode().split("\n", 3))

    def append(self, position: str, answer: bytes, record: Record, language: int, span: int) -> None:
        """Take a decision in."""
        learns = not record.marks & (Mark.REPEATED | Mark.CORRECTION)
        findable = learns and not record.marks & Mark.FAILURE
        self.answers.append(answer)
        self.positions.append(hashed(position))
        self.ids.append(hashed(record.id) if learns else 0)
        self.contents.append(combined(record.body, record.title) if findable and record.body else 0)
        self.bodies.append(combined(record.body, record.words) if findable and record.body else 0)
        self.notes.append(
            f"{record.entities}\n{record.revision}\n{record.headline}\n{record.id}".encode() if learns else b""
        )
        story = record.story if record.story >= 0 else self.next - 1
        values = (*_values(record), story, record.likeness, language, span)
        for column, value in zip(self._columns(), values, strict=True):
            column.append(value)

    def forget(self, count: int) -> None:
        """Forget the oldest ``count`` decisions."""
        self.base += count
        for part in self._parts():
            part.drop(count)

    def nbytes(self) -> int:
        """Bytes held."""
        return sum(part.nbytes() for part in self._parts())

    def _parts(self) -> tuple[Column | HashIndex | Blobs, ...]:
        return (*self._columns(), *self._indexes(), self.answers, self.notes)

    def _columns(self) -> tuple[Column, ...]:
        return (
            self.body, self.title, self.words, self.maker, self.publisher, self.time, self.group, self.story,
            self.likeness, self.language, self.span,
        )  # fmt: skip

    def _indexes(self) -> tuple[HashIndex, ...]:
        return self.positions, self.ids, self.contents, self.bodies

    def _known(self, at: int) -> Known | None:
        if at < 0:
            return None
        return Known(
            at + self.base, self.body[at], self.title[at], self.words[at], self.maker[at], self.group[at],
            self.story[at], self.language[at],
        )  # fmt: skip


def hashed(text: str | None) -> int:
    """64 bits of a text, never 0; 0 for none."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) or 1 if text else 0


def _values(record: Record) -> tuple[int, ...]:
    return record.body, record.title, record.words, record.maker, record.publisher, record.time, record.group
