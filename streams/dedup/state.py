"""Everything one partition remembers, and how a decision changes it."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from streams.dedup.bulk import Numbers, Records
from streams.dedup.copies import Copies
from streams.dedup.ledger import Known, Ledger
from streams.dedup.record import Mark, Record
from streams.dedup.shelf import Joining, StoryState, all_united
from streams.dedup.stories import Members
from streams.dedup.terms import Terms
from streams.dedup.texts import LATEST, Texts

Several = TypeVar("Several", int, Numbers)

VERSION = 1
GENERATIONS = 8
"""Into as many parts a window is divided; the oldest is forgotten whole."""

_SUMMARY = struct.Struct("<BqqI")
_LANGUAGE = struct.Struct("<HqI")


@dataclass(slots=True)
class Language:
    """What is remembered of the articles of one language."""

    name: str
    number: int
    copies: Copies = field(default_factory=Copies)
    members: Members = field(default_factory=Members)


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
        self.expected = 0
        """How many decisions more are to be taken in, as far as that is known: room is made for them at once."""

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
            self._correct(record, self.ledger.next - 1)
        elif not record.marks & Mark.REPEATED:
            self._learn(record, language)
            self._post(record, language)

    def take_many(self, decisions: Sequence[tuple[str, bytes, bytes]]) -> None:
        """Take many decisions in, given as position, answer and packed record: to the same state as one by one."""
        if not decisions:
            return
        positions, answers, packed = zip(*decisions, strict=True)
        records = Records(packed)
        share = max(1.0, (self.ledger.next + self.expected) / (self.ledger.next + len(records)))
        self.expected = max(0, self.expected - len(records))
        start = self.ledger.next
        names, spoken = records.languages()
        languages = [self.languages.setdefault(name, self.language(name)) for name in names]
        streams = records.column("stream")
        numbers = np.array([language.number for language in languages])[spoken]
        spans = self._span(streams, start + np.arange(len(records)))
        self.ledger.extend(positions, answers, records, numbers, spans)
        self.now = int(streams[-1])
        self._learn_many(records, start)
        for index, language in enumerate(languages):
            which = np.flatnonzero(records.learned & (spoken == index))
            language.copies.extend(records, which, start, share)
            begins = which[records.marked(Mark.BEGINS)[which] != 0]
            told = np.where(records.marked(Mark.UNDATED) != 0, 0, records.column("time"))[begins]
            language.members.extend(start + begins, records.section("terms", begins), told)

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
        span = self._span(self.now, self.ledger.next)
        self.ledger.append(position, answer, record, language.number, span)
        return language

    def _span(self, stream: Several, number: Several) -> Several:
        """The generation of a decision, by the time of the stream: one ends with its share of the window or of the
        cap, whichever is first."""
        step, part = max(1, self.window // GENERATIONS), max(1, self.cap // GENERATIONS)
        return (stream // step << 32) | (number // part & 0xFFFFFFFF)

    def _learn(self, record: Record, language: Language) -> None:
        number = self.ledger.next - 1
        self.texts.put(number, record.text)
        first = self.ledger.by_body(record.body, record.words)
        if first is not None:
            self._note_headline(record.body, record.publisher, record.title, number, first.number)
        if record.marks & Mark.REVISION:
            return
        self._join(record, number)
        if record.marks & Mark.BEGINS:
            language.members.append(number, Terms.unpacked(record.terms), record.told)

    def _learn_many(self, records: Records, start: int) -> None:
        learned = np.flatnonzero(records.learned)
        kept = learned[-LATEST:]
        for number, text in zip((start + kept).tolist(), records.section("text", kept), strict=True):
            self.texts.put(number, text)
        firsts = self.ledger.first_of(records)
        again = learned[(firsts[learned] >= 0) & (firsts[learned] != start + learned)]
        columns = (records.column(name)[again].tolist() for name in ("body", "publisher", "title"))
        for number, first, *seen in zip((start + again).tolist(), firsts[again].tolist(), *columns, strict=True):
            self._note_headline(seen[0], seen[1], seen[2], number, first)
        stories = records.column("story")
        joins = records.learned & (records.marked(Mark.REVISION) == 0) & (stories >= 0)
        joins &= stories != start + np.arange(len(records))
        corrects = records.marked(Mark.CORRECTION) != 0
        which = np.flatnonzero(joins | corrects)
        for at, correct, join in zip(which.tolist(), corrects[which].tolist(), records.joins(which), strict=True):
            if correct:
                self._correct(records.opened(at), start + at)
            else:
                self._join(join, start + at)

    def _join(self, record: Joining, number: int) -> None:
        """Let an article join its story, and stories merge where it shows them to be one."""
        story = record.story if record.story >= 0 else number
        if story < self.ledger.base:
            self.names[story] = record.name
        if record.merged:
            self._merge(story, record.merged)
        if story != number:
            state = self.story(story)
            state.name = record.name
            state.joined(number, record)
            self.stories[story] = state

    def _post(self, record: Record, language: Language) -> None:
        if record.marks & Mark.BEGINS:
            language.copies.start(self.ledger.next - 1, record.reach, record.numbers)
        if record.added and record.group >= language.copies.base:
            added, stopped = np.frombuffer(record.added, np.uint32), np.frombuffer(record.stopped, np.uint32)
            language.copies.post(record.group, added, stopped, record.reach)

    def _note_headline(self, body: int, publisher: int, title: int, number: int, first: int) -> None:
        """Keep the title under which a publisher sends a text that is not new."""
        if first != number and publisher:
            titles = self.headlines.setdefault((body, publisher), {})
            titles[title] = number

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

    def _correct(self, record: Record, number: int) -> None:
        """Merge stories into another, or let members leave theirs; nothing where the person was refused."""
        if record.merged and record.marks & Mark.SPLIT:
            self._split(record, number)
        elif record.merged:
            if record.story < self.ledger.base:
                self.names[record.story] = record.name
            self._merge(record.story, record.merged)
            state = self.stories[record.story]
            state.size, state.publishers, state.first = record.size, record.publishers, record.first

    def _split(self, record: Record, number: int) -> None:
        old, story, gone = self.story(record.story), record.merged[0], set(record.merged)
        leaving = [number for number in record.merged if number >= self.ledger.base]
        self._rename(leaving, story)
        old.members = [number for number in old.members if number not in gone]
        old.size = record.size
        self.stories[record.story] = old
        if story < self.ledger.base:
            self.names[story] = record.id
        self.stories[story] = self.gathered(record.id, leaving, len(record.merged))
        self.apart[min(record.story, story), max(record.story, story)] = number

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
