"""Everything one partition remembers, and how a decision changes it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from streams.dedup.belonging import Belonging
from streams.dedup.bulk import Numbers, Records
from streams.dedup.copies import Copies
from streams.dedup.groups import STOP
from streams.dedup.headlines import Headlines, Sent
from streams.dedup.ledger import Known
from streams.dedup.record import Mark, Record
from streams.dedup.stories import Members
from streams.dedup.summary import LanguageSummary, Summary
from streams.dedup.terms import Terms
from streams.dedup.texts import LATEST, Texts

Several = TypeVar("Several", int, Numbers)

GENERATIONS = 8
"""Into as many parts a window is divided; the oldest is forgotten whole."""
_NEVER = 1 << 40
SWEPT = 32
"""Forgotten decisions that are swept out with a new one: so that none waits for an eighth of the window."""


@dataclass(slots=True)
class Language:
    """What is remembered of the articles of one language."""

    name: str
    number: int
    copies: Copies = field(default_factory=Copies)
    members: Members = field(default_factory=Members)
    latest: int = -1
    """Its latest decision; -1 where none has been taken in since the memory was restored from a summary."""


class State(Belonging):
    """The memory of a partition: a fold over its records. Nothing here reads a clock."""

    def __init__(self, window: int, cap: int) -> None:
        super().__init__()
        self.window, self.cap = window, cap
        self._step = max(1, window // GENERATIONS) if window else _NEVER
        self.now = 0
        """Stream time: the latest effective time so far."""
        self.languages: dict[str, Language] = {}
        self.headlines = Headlines()
        self.texts = Texts()
        self.expected = 0
        """How many decisions more are to be taken in, as far as that is known: room is made for them at once."""

    def language(self, name: str) -> Language:
        """What is remembered of a language; something empty, not kept, for one never seen."""
        return self.languages.get(name) or Language(name, self._unused())

    def titles(self, body: Known, publisher: int) -> set[int]:
        """Titles under which a publisher has sent a body; of many the latest."""
        known = self.headlines.titles(Sent(body.body, publisher, body.language), self.ledger.base)
        if self.ledger.publisher(body.number) == publisher:
            known.add(body.title)
        return known

    def take(self, position: str, answer: bytes, record: Record) -> None:
        """Take a decision in."""
        self._sweep(self.ledger.swept + SWEPT)
        language = self._note(position, answer, record)
        if record.marks & Mark.CORRECTION:
            self.correct(record, self.ledger.next - 1)
        elif not record.marks & Mark.REPEATED:
            self._learn(record, language)
            self._post(record, language)

    def take_many(self, positions: Sequence[str], answers: Sequence[bytes], packed: Sequence[bytes]) -> None:
        """Take many decisions in, with their packed records: to the same state as one by one."""
        if not packed:
            return
        records = Records(packed)
        share = max(1.0, (self.ledger.next + self.expected) / (self.ledger.next + len(records)))
        self.expected = max(0, self.expected - len(records))
        start = self.ledger.next
        names, spoken = records.languages
        languages = [self.languages.setdefault(name, self.language(name)) for name in names]
        for index, latest in dict(zip(spoken.tolist(), range(len(records)), strict=True)).items():
            languages[index].latest = start + latest
        streams = records.column("stream")
        numbers = np.array([language.number for language in languages])[spoken]
        spans = self._span(streams, start + np.arange(len(records)))
        self.ledger.extend(positions, answers, records, numbers, spans)
        self.now = int(streams[-1])
        self._learn_many(records, start, numbers)
        for index, language in enumerate(languages):
            which = np.flatnonzero(records.learned & (spoken == index))
            language.copies.extend(records, which, start, share)
            begins = which[records.marked(Mark.BEGINS)[which] != 0]
            told = np.where(records.marked(Mark.UNDATED) != 0, 0, records.column("time"))[begins]
            sites, strands = records.column("publisher")[begins], records.column("strand")[begins]
            language.members.extend(start + begins, records.section("terms", begins), told, sites, strands)

    def settle(self) -> None:
        """Be ready to be asked, after many decisions were taken in."""
        self.ledger.settle()
        self.texts.settle()
        for language in self.languages.values():
            language.members.settle()

    def closing(self) -> tuple[int, bytes] | None:
        """How many of the oldest decisions a closed window drops, and their summary; changes nothing.

        What came before the stream had any time is as old as what came first after: it goes with that.
        """
        generations = self.ledger.generations
        if not generations:
            return None
        timed = next((place for place, own in enumerate(generations) if own.span >> 32), len(generations))
        last = min(timed, len(generations) - 1)
        ended = (generations[last].span >> 32) + 1
        expired = timed < len(generations) and ended * self._step + self.window <= self.now
        if not (expired or len(self.ledger) > self.cap):
            return None
        kept = last + 1 if expired else 1
        if kept == len(generations):
            return None
        base = generations[kept].first
        return base - self.ledger.base, self._summary(base)

    def close(self, summary: bytes) -> None:
        """Forget what the summary stands for, live or into an empty state."""
        left = Summary.from_bytes(summary)
        names = {each.name for each in left.languages}
        self.languages = {name: language for name, language in self.languages.items() if name in names}
        for each in left.languages:
            language = self.languages.setdefault(each.name, self.language(each.name))
            language.copies.forget(each.groups, each.stops, each.ages)
            language.members.forget(left.base, each.rings)
        self.now = max(self.now, left.now)
        self.ledger.forget(left.base)
        self.apart = {pair: number for pair, number in self.apart.items() if number >= left.base}
        self.parted = {name: parted for name, parted in self.parted.items() if parted[1] >= left.base}

    def nbytes(self) -> dict[str, int]:
        """Bytes held, by part."""
        stories = self.stories.nbytes() + self.ledger.joined.nbytes()
        return {
            "ledger": self.ledger.nbytes(),
            "copies": sum(language.copies.nbytes() for language in self.languages.values()),
            "members": sum(language.members.nbytes() for language in self.languages.values()),
            "stories": stories + 250 * len(self.revised) + 400 * len(self.headlines),
            "texts": self.texts.nbytes(),
        }

    def _unused(self) -> int:
        """A number that no language has."""
        taken = {language.number for language in self.languages.values()}
        return next(number for number in range(len(taken) + 1) if number not in taken)

    def _note(self, position: str, answer: bytes, record: Record) -> Language:
        language = self.languages.setdefault(record.language, self.language(record.language))
        language.latest = self.ledger.next
        self.now = record.stream
        span = self._span(self.now, self.ledger.next)
        self.ledger.append(position, answer, record, language.number, span)
        return language

    def _span(self, stream: Several, number: Several) -> Several:
        """The generation of a decision, by the time of the stream: one ends with its share of the window or of the
        cap, whichever is first."""
        part = max(1, self.cap // GENERATIONS)
        return (stream // self._step << 32) | (number // part & 0xFFFFFFFF)

    def _learn(self, record: Record, language: Language) -> None:
        number = self.ledger.next - 1
        self.texts.put(number, record.text)
        if record.marks & Mark.KNOWN:
            self.headlines.note(Sent(record.body, record.publisher, language.number), record.title, number)
        if record.marks & Mark.REVISION:
            self.revised[record.story] = record.name, number
            return
        self.join(record, number)
        if record.marks & Mark.BEGINS:
            terms = Terms.unpacked(record.terms)
            language.members.append(number, terms, record.told, record.publisher, record.strand)

    def _learn_many(self, records: Records, start: int, languages: Numbers) -> None:
        told = np.flatnonzero(records.learned & (records.lengths("text") > 0))[-LATEST:]
        self.texts.wait((start + told).tolist(), lambda: records.section("text", told))
        again = np.flatnonzero(records.learned & (records.marked(Mark.KNOWN) != 0))
        columns = [records.column(name)[again].tolist() for name in ("body", "publisher", "title")]
        spoken = languages[again].tolist()
        for body, publisher, title, language, number in zip(*columns, spoken, (start + again).tolist(), strict=True):
            self.headlines.note(Sent(body, publisher, language), title, number)
        revised = np.flatnonzero(records.learned & (records.marked(Mark.REVISION) != 0))
        for number, join in zip((start + revised).tolist(), records.joins(revised), strict=True):
            self.revised[join.story] = join.name, number
        self._join_many(records, start)

    def _join_many(self, records: Records, start: int) -> None:
        stories = records.column("story")
        joins = records.learned & (records.marked(Mark.REVISION) == 0) & (stories >= 0)
        joins &= stories != start + np.arange(len(records))
        corrects = records.marked(Mark.CORRECTION) != 0
        which = np.flatnonzero(joins | corrects)
        self.stories.wait()
        for at, correct, join in zip(which.tolist(), corrects[which].tolist(), records.joins(which), strict=True):
            if correct:
                self.correct(records.opened(at), start + at)
            else:
                self.join(join, start + at)
        self.stories.pack()

    def _post(self, record: Record, language: Language) -> None:
        if record.marks & Mark.BEGINS:
            language.copies.start(self.ledger.next - 1, record.reach, record.numbers)
        if record.united:
            language.copies.unite_under(record.group, record.united)
        if record.added or record.united:
            added, stopped = np.frombuffer(record.added, np.uint32), np.frombuffer(record.stopped, np.uint32)
            language.copies.post(record.group, added, stopped.reshape(-1, STOP), record.reach, record.numbers)

    def _summary(self, base: int) -> bytes:
        languages = []
        for language in self.languages.values():
            copies = language.copies
            groups = bisect_left(range(copies.base, copies.next), base, key=copies.roots.__getitem__) + copies.base
            stops, ages = copies.carried(groups)
            if language.latest >= base or len(stops):
                rings = language.members.rings_without(base)
                languages.append(LanguageSummary(language.name, groups, rings, stops, ages))
        return Summary(base, self.now, languages).to_bytes()

    def _sweep(self, end: int) -> None:
        """Let go of what only the forgotten decisions below ``end`` need."""
        ledger = self.ledger
        end = min(end, ledger.base)
        if ledger.swept >= end:
            return
        for number in range(ledger.swept, end):
            body, title, publisher, *_, language = ledger.rows[number]
            story = ledger.story(number)
            self.stories.sweep(story, number)
            self.headlines.sweep(Sent(body, publisher, language), title, number)
            if self.revised.get(story, ("", -1))[1] == number:
                del self.revised[story]
        ledger.sweep(end)
        self.texts.forget(end)
