"""Every decision remembered: its position and answer, and of the article what later ones are compared with."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from streams.dedup.bulk import Numbers, Records, hashes_of
from streams.dedup.columns import Blobs, HashIndex, Rows
from streams.dedup.record import Mark, Record
from streams.dedup.words import combined, combined_many

_ROW = np.dtype([
    ("body", "<u8"), ("title", "<u8"), ("publisher", "<u8"), ("time", "<i8"), ("story", "<i8"), ("span", "<i8"),
    ("words", "<u4"), ("maker", "<u4"), ("group", "<i4"), ("likeness", "<u2"), ("language", "<u2"),
])  # fmt: skip
"""What is remembered of an article at fixed size; ``span`` is the key of the generation it belongs to."""


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
        self.rows = Rows(_ROW)

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

    def publisher(self, number: int) -> int:
        """Hash of the publisher of an article that is remembered."""
        return int(self.rows.column("publisher")[number - self.base])

    def time(self, number: int) -> int:
        """Effective time of an article that is remembered."""
        return int(self.rows.column("time")[number - self.base])

    def story(self, number: int) -> int:
        """The story of an article that is remembered."""
        return int(self.rows.column("story")[number - self.base])

    def rename(self, number: int, story: int) -> None:
        """Let an article that is remembered belong to another story."""
        self.rows.column("story")[number - self.base] = story

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
        self.rows.append(
            record.body, record.title, record.publisher, record.time, story, span, record.words, record.maker,
            record.group, record.likeness, language,
        )  # fmt: skip

    def extend(
        self, positions: Sequence[str], answers: Sequence[bytes], records: Records, languages: Numbers, spans: Numbers
    ) -> None:
        """Take many decisions in."""
        start = self.next
        self.answers.extend(answers)
        self.notes.extend(records.notes())
        self.positions.extend(hashes_of([position.encode() for position in positions]))
        self.ids.extend(np.where(records.learned, hashes_of(records.ids), np.uint64(0)))
        body, title, words = map(records.column, ("body", "title", "words"))
        findable = records.learned & (records.marked(Mark.FAILURE) == 0) & (body != 0)
        self.contents.extend(np.where(findable, combined_many(body, title), np.uint64(0)))
        self.bodies.extend(np.where(findable, combined_many(body, words), np.uint64(0)))
        rows = np.zeros(len(records), dtype=_ROW)
        for name in ("body", "title", "publisher", "time", "story", "words", "maker", "group", "likeness"):
            rows[name] = records.column(name)
        rows["story"] = np.where(rows["story"] < 0, start + np.arange(len(records)), rows["story"])
        rows["span"], rows["language"] = spans, languages
        self.rows.extend(rows)

    def first_of(self, records: Records) -> Numbers:
        """The first article of the text of each record, by absolute number, -1 for none."""
        body = records.column("body")
        keys = np.where(body != 0, combined_many(body, records.column("words")), np.uint64(0))
        found = self.bodies.find(keys)
        return np.where(found < 0, -1, found + self.base)

    def forget(self, count: int) -> None:
        """Forget the oldest ``count`` decisions."""
        self.base += count
        for part in self._parts():
            part.drop(count)

    def nbytes(self) -> int:
        """Bytes held."""
        return sum(part.nbytes() for part in self._parts())

    def _parts(self) -> tuple[Rows | HashIndex | Blobs, ...]:
        return (self.rows, *self._indexes(), self.answers, self.notes)

    def _indexes(self) -> tuple[HashIndex, ...]:
        return self.positions, self.ids, self.contents, self.bodies

    def _known(self, at: int) -> Known | None:
        if at < 0:
            return None
        body, title, _, _, story, _, words, maker, group, _, language = self.rows[at]
        return Known(at + self.base, body, title, words, maker, group, story, language)


def hashed(text: str | None) -> int:
    """64 bits of a text, never 0; 0 for none."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) or 1 if text else 0
