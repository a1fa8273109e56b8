"""Everything one partition remembers, and how a decision changes it."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from streams.dedup.copies import Copies
from streams.dedup.ledger import Known, Ledger
from streams.dedup.record import Mark, Record
from streams.dedup.shelf import StoryState, all_united
from streams.dedup.stories import Members
from streams.dedup.terms import Terms
from streams.dedup.texts import Texts

VERSION = 1
GENERATIONS = 8
"""Into as many parts a window is divided; the oldest is forgotten whole."""

BULK = 8_000_000
"""Postings that are gathered before they are indexed."""

_SUMMARY = struct.Struct("<BqqI")
_LANGUAGE = struct.Struct("<HqI")


@dataclass(slots=True)
class Language:
    """What is remembered of the articles of one language."""

    name: str
    number: int
    copies: Copies = field(default_factory=Copies)
    members: Members = field(default_factory=Members)


@dataclass(slots=True)
class Pending:
    """What is still to be indexed when many decisions are taken in."""

    members: list[tuple[int, Terms, int]] = field(default_factory=list)
    prints: list[NDArray[np.uint32]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    size: int = 0

    def flush(self, language: Language) -> None:
        """Index what has been gathered."""
        if self.prints:
            sizes = [len(prints) for prints in self.prints]
            numbers = np.repeat(np.array(self.groups, dtype=np.uint32), sizes)
            language.copies.postings.add_many(np.concatenate(self.prints), numbers)
        language.members.extend(self.members)
        self.members, self.prints, self.groups, self.size = [], [], [], 0


class State:
    """The memory of a partition: a fold over its records. Nothing here reads a clock."""

    def __init__(self, window: int, cap: int) -> None:
        self.window, self.cap = window, cap
        self.now = 0
        """Stream time: the latest effective time so far."""
        self.ledger = Ledger()
        self.languages: dict[str, Language] = {}
        self.stories: dict[int, StoryState] = {}
        """Stories of two and more articles, by the decision that began them."""
        self.names: dict[int, str] = {}
        """Ids of stories whose first article is forgotten."""
        self.headlines: dict[tuple[int, int], dict[int, int]] = {}
        """Titles of bodies a site has sent again under another one, and the decision that brought each."""
        self.apart: dict[tuple[int, int], int] = {}
        """Pairs of stories a person has taken apart, and the decision that did."""
        self.texts = Texts()

    def language(self, name: str) -> Language:
        """What is remembered of a language; something empty, not kept, for one never seen."""
        return self.languages.get(name) or Language(name, len(self.languages))

    def story_name(self, story: int) -> str:
        """The id of a story."""
        return self.names[story] if story < self.ledger.base else self.ledger.note(story).id

    def story(self, story: int) -> StoryState:
        """The state of a story, made up for one of a single article; empty for none."""
        found = self.stories.get(story)
        if found is not None:
            return found
        ledger = self.ledger
        at = story - ledger.base
        if not 0 <= at < len(ledger) or ledger.story(story) != story:
            return StoryState(self.names.get(story, ""), 0, 0, 0, 0)
        publisher, time = ledger.publisher(story), ledger.time(story)
        seen = {publisher: story} if publisher else {}
        return StoryState(ledger.note(story).id, 1, len(seen), time, time, [story], seen)

    def titles(self, body: Known, publisher: int) -> set[int]:
        """Titles under which a publisher has sent a body."""
        known = set(self.headlines.get((body.body, publisher), ()))
        if self.ledger.publisher(body.number) == publisher:
            known.add(body.title)
        return known

    def take(self, position: str, answer: bytes, record: Record) -> None:
        """Take a decision in."""
        language = self._note(position, answer, record)
        if record.marks & Mark.CORRECTION:
            self._correct(record)
        elif not record.marks & Mark.REPEATED:
            self._learn(record, language)
            self._post(record, language)

    def take_many(self, decisions: Iterable[tuple[str, bytes, Record]]) -> None:
        """Take many decisions in, to the same state as one by one, but faster."""
        pending: dict[str, Pending] = {}
        for position, answer, record in decisions:
            language = self._note(position, answer, record)
            if record.marks & Mark.CORRECTION:
                self._correct(record)
            elif not record.marks & Mark.REPEATED:
                waiting = pending.setdefault(language.name, Pending())
                self._learn(record, None)
                self._queue(record, language, waiting)
                if waiting.size > BULK:
                    waiting.flush(language)
        for name, waiting in pending.items():
            waiting.flush(self.languages[name])

    def closing(self) -> tuple[int, bytes] | None:
        """How many of the oldest decisions a closed window drops, and their summary; changes nothing.

        What came before the stream had any time is as old as what came first after: it goes with that.
        """
        spans = self.ledger.rows.column("span")
        if not len(spans):
            return None
        timed = int(np.searchsorted(spans, 1 << 32))
        oldest = spans[min(timed, len(spans) - 1)]
        ended = int(oldest >> 32) + 1
        step = self.window // GENERATIONS
        expired = self.window and timed < len(spans) and ended * step + self.window <= self.now
        if not (expired or len(spans) > self.cap):
            return None
        count = int(np.searchsorted(spans, oldest if expired else spans[0], side="right"))
        if count == len(spans):
            return None
        return count, self._summary(count)

    def close(self, summary: bytes) -> None:
        """Forget what the summary stands for, live or into an empty state."""
        if not summary or summary[0] != VERSION:
            raise ValueError(f"expected a dedupe summary of version {VERSION}, found {summary[:1].hex() or 'nothing'}")
        _, base, now, languages = _SUMMARY.unpack_from(summary)
        at = _SUMMARY.size
        self._keep_names(base)
        for _ in range(languages):
            length, groups, stops = _LANGUAGE.unpack_from(summary, at)
            at += _LANGUAGE.size
            name = summary[at : at + length].decode()
            prints = np.frombuffer(summary, np.uint32, stops, at + length)
            ages = np.frombuffer(summary, np.uint8, stops, at + length + 4 * stops)
            at += length + 5 * stops
            language = self.languages.setdefault(name, Language(name, len(self.languages)))
            language.copies.forget(groups, prints, ages)
            language.members.forget(base)
        self.now = max(self.now, now)
        self._forget(base)

    def nbytes(self) -> dict[str, int]:
        """Bytes held, by part."""
        stories = sum(500 + 36 * len(state.members) + 100 * len(state.seen) for state in self.stories.values())
        return {
            "ledger": self.ledger.nbytes(),
            "copies": sum(language.copies.nbytes() for language in self.languages.values()),
            "members": sum(language.members.nbytes() for language in self.languages.values()),
            "stories": stories + 150 * len(self.names) + 400 * len(self.headlines),
            "texts": self.texts.nbytes(),
        }

    def _note(self, position: str, answer: bytes, record: Record) -> Language:
        language = self.languages.setdefault(record.language, self.language(record.language))
        self.now = record.stream
        step = max(1, self.window // GENERATIONS)
        part = max(1, self.cap // GENERATIONS)
        # a generation ends with its share of the window or of the cap, whichever is first
        span = (self.now // step << 32) | (self.ledger.next // part & 0xFFFFFFFF)
        self.ledger.append(position, answer, record, language.number, span)
        return language

    def _queue(self, record: Record, language: Language, waiting: "Pending") -> None:
        """What is indexed of a record, to be done with that of many others."""
        if record.marks & Mark.BEGINS:
            waiting.members.append((self.ledger.next - 1, Terms.unpacked(record.terms), record.told))
            language.copies.start(self.ledger.next - 1, record.reach, record.numbers)
        if record.added and record.group >= language.copies.base:
            added, stopped = np.frombuffer(record.added, np.uint32), np.frombuffer(record.stopped, np.uint32)
            waiting.prints.append(added)
            waiting.groups.append(record.group - language.copies.base + 1)
            waiting.size += len(added)
            language.copies.settle(record.group, len(added), stopped, record.reach)

    def _learn(self, record: Record, language: Language | None) -> None:
        number = self.ledger.next - 1
        story = record.story if record.story >= 0 else number
        self.texts.put(number, record.text)
        self._note_headline(record, number)
        if record.marks & Mark.REVISION:
            return
        if story < self.ledger.base:
            self.names[story] = record.name
        if record.merged:
            self._merge(story, record.merged)
        if story != number:
            state = self.story(story)
            state.name = record.name
            state.joined(number, record)
            self.stories[story] = state
        if language is not None and record.marks & Mark.BEGINS:
            language.members.append(number, Terms.unpacked(record.terms), record.told)

    def _post(self, record: Record, language: Language) -> None:
        if record.marks & Mark.BEGINS:
            language.copies.start(self.ledger.next - 1, record.reach, record.numbers)
        if record.added and record.group >= language.copies.base:
            added, stopped = np.frombuffer(record.added, np.uint32), np.frombuffer(record.stopped, np.uint32)
            language.copies.post(record.group, added, stopped, record.reach)

    def _note_headline(self, record: Record, number: int) -> None:
        first = self.ledger.by_body(record.body, record.words)
        if first is not None and first.number != number and record.publisher:
            titles = self.headlines.setdefault((record.body, record.publisher), {})
            titles[record.title] = number

    def _merge(self, story: int, others: list[int]) -> None:
        states = [self.story(other) for other in others]
        self.stories[story] = all_united(self.story(story), states)
        for other, state in zip(others, states, strict=True):
            self._rename(state.members, story)
            self.stories.pop(other, None)

    def _rename(self, members: list[int], story: int) -> None:
        for number in members:
            if number >= self.ledger.base:
                self.ledger.rename(number, story)

    def _correct(self, record: Record) -> None:
        """Merge stories into another, or let members leave theirs; nothing where the person was refused."""
        if record.merged and record.marks & Mark.SPLIT:
            self._split(record)
        elif record.merged:
            if record.story < self.ledger.base:
                self.names[record.story] = record.name
            self._merge(record.story, record.merged)
            state = self.stories[record.story]
            state.size, state.publishers, state.first = record.size, record.publishers, record.first

    def _split(self, record: Record) -> None:
        old, story, gone = self.story(record.story), record.merged[0], set(record.merged)
        leaving = [number for number in record.merged if number >= self.ledger.base]
        self._rename(leaving, story)
        old.members = [number for number in old.members if number not in gone]
        old.size = record.size
        self.stories[record.story] = old
        if story < self.ledger.base:
            self.names[story] = record.id
        self.stories[story] = self.gathered(record.id, leaving, len(record.merged))
        self.apart[min(record.story, story), max(record.story, story)] = self.ledger.next - 1

    def gathered(self, name: str, members: list[int], size: int) -> StoryState:
        """A story of these members."""
        ledger = self.ledger
        times = [time for number in members if (time := ledger.time(number))]
        seen = {p: number for number in members if (p := ledger.publisher(number))}
        return StoryState(name, size, len(seen), min(times, default=0), max(times, default=0), list(members), seen)

    def _summary(self, count: int) -> bytes:
        base = self.ledger.base + count
        parts = [_SUMMARY.pack(VERSION, base, self.now, len(self.languages))]
        for language in self.languages.values():
            copies = language.copies
            groups = copies.base + int(np.searchsorted(copies.roots.all(), base))
            prints, ages = copies.carried(groups)
            name = language.name.encode()
            parts += [_LANGUAGE.pack(len(name), groups, len(prints)), name, prints.tobytes(), ages.tobytes()]
        return b"".join(parts)

    def _keep_names(self, base: int) -> None:
        for story in self.stories:
            if self.ledger.base <= story < base:
                self.names[story] = self.story_name(story)

    def _forget(self, base: int) -> None:
        self.ledger.forget(base - self.ledger.base)
        self.texts.forget(base)
        for state in self.stories.values():
            if state.members and state.members[0] < base:
                state.forget(base)
        self.stories = {story: state for story, state in self.stories.items() if state.members}
        self.names = {story: name for story, name in self.names.items() if story in self.stories}
        self.apart = {pair: number for pair, number in self.apart.items() if number >= base}
        kept = {key: {t: n for t, n in titles.items() if n >= base} for key, titles in self.headlines.items()}
        self.headlines = {key: titles for key, titles in kept.items() if titles}
