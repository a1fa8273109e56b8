"""Dedupe: what an article is to those that came before it, and the story it belongs to. Nothing is deleted."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import numpy as np
import orjson

from schemas.article import EnrichedArticle, SharedText, Story, TaggedArticle, Verdict
from streams.dedup.copies import Copies, Found, Likeness
from streams.dedup.record import Mark, Record
from streams.dedup.sketch import Sketch, read_sketch
from streams.dedup.stories import JOIN, Stories
from streams.dedup.terms import Terms
from streams.stage import Decision, Outcome

DAY = 24 * 3600
AHEAD = 7 * DAY
"""An effective time further ahead of the stream moves no window, unless the record's own time vouches for it."""
EARLIEST = 631_152_000
"""1990: a time before it is taken for none."""
HEADLINES = 3
"""One body under as many headlines of a site is a failure of extraction."""
TELLING = 20
"""Words from which a body alone, under another headline, makes a copy."""


@dataclass(slots=True)
class _Language:
    copies: Copies = field(default_factory=Copies)
    stories: Stories = field(default_factory=Stories)
    roots: list[str] = field(default_factory=list)
    """Id of the first article of each group."""
    root_story: list[str] = field(default_factory=list)
    base: int = 0
    """Groups forgotten so far: the absolute number of the first one kept."""


@dataclass(slots=True)
class _Known:
    """The latest version of an id."""

    body: int
    title: int
    words: int
    maker: int
    revision: int
    group: int
    story: str
    language: str


@dataclass(slots=True)
class _StoryState:
    title: str | None
    size: int
    publishers: set[int]
    members: list[str]
    first: int
    last: int


class DedupeMemory:
    """What a partition of ``articles.tagged`` has brought so far; a fold over its decisions.

    ``window`` is how long an article is remembered, seconds of stream time; ``cap`` how many at most.
    """

    def __init__(self, window: int = 7 * DAY, cap: int = 1_000_000) -> None:
        self._window, self._cap = window, cap
        self._answers: dict[str, bytes] = {}
        self._languages: dict[str, _Language] = {}
        self._ids: dict[str, _Known] = {}
        self._contents: dict[tuple[int, int], str] = {}
        self._bodies: dict[tuple[int, int], str] = {}
        self._headlines: dict[tuple[int, int], set[int]] = {}
        self._stories: dict[str, _StoryState] = {}
        self._alias: dict[str, str] = {}
        self._now = 0

    def __len__(self) -> int:
        return len(self._answers)

    def recall(self, position: str) -> bytes | None:
        """The answer given at ``position`` before."""
        return self._answers.get(position)

    def decide(self, message: TaggedArticle) -> Decision:
        """Compare with everything remembered; changes nothing."""
        sketch = read_sketch(message.sketch, message.title, message.body)
        name = message.language or "und"
        language = self._languages.get(name) or _Language()
        record = self._record(message, sketch, name)
        known = self._ids.get(message.id)
        if known is not None:
            return self._again(message, sketch, record, known)
        return self._first_time(message, sketch, record, language)

    def apply(self, position: str, decision: Decision) -> None:
        """Take a decision in, live or when restoring."""
        self._answers[position] = decision.answer
        record = Record.from_bytes(decision.learned)
        if record.marks & Mark.TIMED:
            self._now = max(self._now, record.time)
        if not record.marks & Mark.REPEATED:
            self._learn(record)

    def outcome(self, message: TaggedArticle, answer: bytes) -> Outcome[EnrichedArticle | Story]:
        """The article with what was answered, and the story where it changed enough to say so."""
        verdict, original, group, shared, failure, story, size, first, publishers, told = orjson.loads(answer)
        values = {name: getattr(message, name) for name in _CARRIED}
        enriched = EnrichedArticle.model_construct(
            **values,
            verdict=Verdict(verdict),
            duplicate_of=original,
            group=group,
            shared=None if shared is None else SharedText(of_this=shared[0], of_other=shared[1]),
            passage=None,
            changes=None,
            extraction_failure=failure,
            story=story,
            story_size=size,
            story_first_seen=_moment(first),
            story_publishers=publishers,
            story_merged=(),
        )
        return [enriched] if told is None else [enriched, _story(told)]

    def closing(self) -> tuple[int, bytes] | None:
        """Nothing is forgotten yet."""
        return None

    def close(self, dropped: int, summary: bytes) -> None:
        """Nothing is forgotten yet."""

    def _record(self, message: TaggedArticle, sketch: Sketch, language: str) -> Record:
        time = self._time_of(message)
        return Record(
            marks=Mark.TIMED if time else 0,
            time=time,
            body=sketch.body,
            title=sketch.title,
            words=sketch.words,
            publisher=_hash(_site(message)),
            maker=_hash(f"{message.cleaner} {message.tier}") & 0xFFFFFFFF,
            revision=_hash(message.revision),
            group=-1,
            reach=sketch.reach,
            language=language,
            id=message.id,
            numbers=sketch.numbers.tobytes(),
            terms=sketch.terms.packed(),
            headline=(message.title or "")[:200],
        )

    def _time_of(self, message: TaggedArticle) -> int:
        moment = message.effective
        if moment is None:
            return 0
        time = int(moment.timestamp())
        ahead = self._now and message.first_seen is None and time > self._now + AHEAD
        return 0 if time < EARLIEST or ahead else time

    def _again(self, message: TaggedArticle, sketch: Sketch, record: Record, known: _Known) -> Decision:
        same = known.body == sketch.body and known.title == sketch.title and known.words == sketch.words
        if same or known.maker != record.maker:
            record = replace(record, marks=record.marks | Mark.REPEATED, story=known.story, group=known.group)
            return self._answered(record, Verdict.EXACT, message.id, self._root(known), (1.0, 1.0) if same else None)
        language = self._languages[known.language]
        if known.language == record.language and known.group >= 0:
            found = language.copies.compare(sketch)
            record = _extending(record, language, known.group, sketch, found)
        record = replace(record, story=known.story, group=known.group)
        return self._answered(record, Verdict.REVISION, None, self._root(known), None)

    def _first_time(self, message: TaggedArticle, sketch: Sketch, record: Record, language: _Language) -> Decision:
        equal = self._contents.get((sketch.body, sketch.title)) if sketch.body else None
        if equal is not None:
            known = self._ids[equal]
            record = replace(record, group=known.group, story=known.story)
            return self._answered(record, Verdict.EXACT, equal, self._root(known), (1.0, 1.0))
        if self._is_failure(record):
            record = replace(record, marks=record.marks | Mark.FAILURE, story=message.id)
            return self._answered(record, Verdict.NEW, None, None, None)
        same_body = self._bodies.get((sketch.body, sketch.words)) if sketch.words >= TELLING else None
        found = language.copies.compare(sketch)
        if same_body is not None and self._ids[same_body].language == record.language:
            known = self._ids[same_body]
            record = replace(record, group=known.group, story=known.story)
            return self._answered(record, Verdict.NEAR, same_body, self._root(known), (1.0, 1.0))
        likeness = next((like for like in found.likeness if like.enough and not like.vetoed), None)
        if likeness is not None:
            return self._copy(record, language, sketch, found, likeness)
        record = _beginning(record, language, sketch, found)
        record = replace(record, story=self._story_for(sketch, record, language))
        return self._answered(record, Verdict.NEW, None, message.id, None)

    def _copy(self, record: Record, language: _Language, sketch: Sketch, found: Found, likeness: Likeness) -> Decision:
        record = _extending(record, language, likeness.group, sketch, found)
        root = language.roots[likeness.group]
        record = replace(record, group=likeness.group, story=self._ids[root].story)
        shared = round(min(1.0, likeness.of_this), 4), round(min(1.0, likeness.of_other), 4)
        return self._answered(record, Verdict.NEAR, root, root, shared)

    def _is_failure(self, record: Record) -> bool:
        titles = self._headlines.get((record.body, record.publisher))
        return titles is not None and len(titles | {record.title}) >= HEADLINES

    def _story_for(self, sketch: Sketch, record: Record, language: _Language) -> str:
        nearest = language.stories.nearest(sketch.terms, record.time, alias=self._alias)
        return nearest.story if nearest is not None and nearest.score >= JOIN else record.id

    def _root(self, known: _Known) -> str | None:
        return self._languages[known.language].roots[known.group] if known.group >= 0 else None

    def _answered(
        self, record: Record, verdict: Verdict, original: str | None, group: str | None,
        shared: tuple[float, float] | None,
    ) -> Decision:  # fmt: skip
        state = self._stories.get(record.story) or _StoryState(
            record.headline or None, 0, set(), [], record.time, record.time
        )
        counted = 0 if record.marks & Mark.REPEATED or verdict is Verdict.REVISION else 1
        size = max(1, state.size + counted)
        publishers = len(state.publishers | {record.publisher} - {0})
        first = min(filter(None, (state.first, record.time)), default=0)
        told = None
        if counted and size > 1 and _worth_telling(size):
            last = max(state.last, record.time)
            told = [record.story, state.title, size, publishers, [*state.members, record.id][-100:], first, last]
        answer = orjson.dumps([
            verdict.value, original, group, shared, bool(record.marks & Mark.FAILURE), record.story, size, first,
            publishers, told,
        ])  # fmt: skip
        return Decision(answer, record.to_bytes())

    def _learn(self, record: Record) -> None:
        language = self._languages.setdefault(record.language, _Language())
        known = self._ids.get(record.id)
        self._place(language, record)
        self._ids[record.id] = _Known(
            record.body, record.title, record.words, record.maker, record.revision, record.group, record.story,
            record.language,
        )  # fmt: skip
        if record.body and not record.marks & Mark.FAILURE:
            self._contents.setdefault((record.body, record.title), record.id)
            self._bodies.setdefault((record.body, record.words), record.id)
        self._headlines.setdefault((record.body, record.publisher), set()).add(record.title)
        if known is None:
            self._grow_story(record)

    def _place(self, language: _Language, record: Record) -> None:
        copies = language.copies
        if record.marks & Mark.BEGINS:
            language.roots.append(record.id)
            copies.start(record.reach, record.numbers)
        if record.added:
            copies.post(
                record.group,
                np.frombuffer(record.added, np.uint32),
                np.frombuffer(record.stopped, np.uint32),
                record.reach,
            )

    def _grow_story(self, record: Record) -> None:
        state = self._stories.get(record.story)
        if state is None:
            state = _StoryState(record.headline or None, 0, set(), [], record.time, record.time)
            self._stories[record.story] = state
        state.size += 1
        state.members = [*state.members[-99:], record.id]
        if record.publisher:
            state.publishers.add(record.publisher)
        if record.time:
            state.first = min(state.first or record.time, record.time)
            state.last = max(state.last, record.time)
        if record.marks & Mark.BEGINS:
            self._languages[record.language].stories.add(Terms.unpacked(record.terms), record.time, record.story)


_CARRIED = tuple(name for name in TaggedArticle.model_fields if name != "sketch")


def _extending(record: Record, language: _Language, group: int, sketch: Sketch, found: Found) -> Record:
    added, stopped = language.copies.additions(group, sketch, found)
    return replace(record, added=added.tobytes(), stopped=stopped.tobytes())


def _beginning(record: Record, language: _Language, sketch: Sketch, found: Found) -> Record:
    group = len(language.copies)
    record = _extending(record, language, group, sketch, found)
    return replace(record, marks=record.marks | Mark.BEGINS, group=group)


def _worth_telling(size: int) -> bool:
    """Every change of a small story, every eighth part of growth of a large one."""
    return size <= 8 or size % (1 << (size.bit_length() - 4)) == 0


def _story(told: Sequence[object]) -> Story:
    name, title, size, publishers, members, first, last = told
    return Story.model_construct(
        id=name, title=title, size=size, publishers=publishers, members=tuple(members), entities=(),  # type: ignore[arg-type]
        first_time=_moment(first), last_time=_moment(last), merged_into=None,  # type: ignore[arg-type]
    )  # fmt: skip


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _site(message: TaggedArticle) -> str | None:
    return message.publisher or (urlsplit(message.url).hostname if message.url else None) or message.source


def _hash(text: str | None) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) if text else 0
