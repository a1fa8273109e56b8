"""Dedupe: what an article is to those that came before it, and the story it belongs to. Nothing is deleted."""

from collections.abc import Sequence
from typing import Any

import orjson

from schemas.article import (
    Changes,
    EnrichedArticle,
    Passage,
    SharedText,
    Story,
    StoryCorrection,
    TaggedArticle,
    Verdict,
    instant,
)
from schemas.base import constructed
from streams.dedup.correct import correction
from streams.dedup.judge import Judgement, judge
from streams.dedup.ledger import hashed
from streams.dedup.record import Mark, Record
from streams.dedup.sketch import read_sketch
from streams.dedup.state import State
from streams.dedup.strands import joined
from streams.dedup.tell import moment, stories_to_tell, told_story
from streams.dedup.texts import packed
from streams.stage import Decision, Outcome

DAY = 24 * 3600
AHEAD = 7 * DAY
"""An effective time further ahead of the stream moves no window, unless the record's own time vouches for it."""
EARLIEST = 631_152_000
"""1990: a time before it is taken for none."""
NOTED = 5
"""Entities remembered of an article."""
HEADLINE = 160
"""Code points of a headline that are remembered."""
_ENRICHED = set(EnrichedArticle.model_fields)
_OWN = 1
"""Stands for the article's own id in an answer."""


class DedupeMemory:
    """What a partition of ``articles.tagged`` has brought so far; a fold over its decisions.

    ``window`` is how long an article is remembered, seconds of stream time; ``cap`` how many at most.
    The oldest part of a window is forgotten whole, once it lies a window behind the stream.
    """

    version = 6
    """Of what is remembered; 1 and 2 weighed the terms of stories in other ways, 3 kept texts as zlib packs them, 4
    had copies of one text in two languages, 5 never made groups of copies one."""
    complete = True
    """Every message leaves a decision: an empty changelog behind committed messages has been lost."""

    def __init__(self, window: int = 7 * DAY, cap: int = 1_000_000) -> None:
        self.state = State(window, cap)
        self._latest = (b"", Record())
        """What was learned of the latest article, packed and not: it is mostly taken in at once."""

    def __len__(self) -> int:
        return len(self.state.ledger)

    def recall(self, position: str) -> bytes | None:
        """The answer given at ``position`` before."""
        return self.state.ledger.answer_at(position)

    def decide(self, message: TaggedArticle | StoryCorrection) -> Decision:
        """Compare with everything remembered; changes nothing."""
        if isinstance(message, StoryCorrection):
            record, told = correction(self.state, message)
            return Decision(orjson.dumps(told), record.to_bytes())
        sketch = read_sketch(message.sketch, message.title, message.body)
        record = self._record(message)
        record.body, record.title, record.words = sketch.body, sketch.title, sketch.words
        record.reach, record.numbers = sketch.reach, sketch.numbers[:, 0].tobytes()
        record.terms = sketch.terms.packed()
        if self.state.ledger.by_body(record.body, record.words, record.language) is not None:
            record.marks |= Mark.KNOWN
        judgement = judge(self.state, record, sketch, message.body)
        if judgement.verdict is not Verdict.EXACT:
            record.text = packed(message.body)
        self._latest = record.to_bytes(), record
        return Decision(self._answer(judgement), self._latest[0])

    def apply(self, position: str, decision: Decision) -> None:
        """Take a decision in, live or when restoring."""
        learned, record = self._latest
        if decision.learned is not learned:
            record = Record.from_bytes(decision.learned)
        self.state.take(position, decision.answer, record)

    def expect(self, decisions: int) -> None:
        """Be told how many decisions are about to be restored, so that room is made for them at once; 0 after them."""
        self.state.expected = decisions
        if not decisions:
            self.state.settle()

    def apply_many(self, positions: Sequence[str], answers: Sequence[bytes], learned: Sequence[bytes]) -> None:
        """Take many decisions in, to the same state as one by one, but faster: for restoring."""
        self.state.take_many(positions, answers, learned)

    def outcome(self, message: TaggedArticle | StoryCorrection, answer: bytes) -> Outcome[EnrichedArticle | Story]:
        """The article with what was answered, and stories that changed enough to say so."""
        found = orjson.loads(answer)
        if isinstance(message, StoryCorrection):
            return [told_story(told) for told in found]
        told = found.pop()
        return [_enriched(message, *found), *map(told_story, told)]

    def closing(self) -> tuple[int, bytes] | None:
        """How many of the oldest decisions a closed window drops, and the summary that stands for them."""
        return self.state.closing()

    def close(self, dropped: int, summary: bytes) -> None:
        """Forget the ``dropped`` oldest decisions for ``summary``.

        To restore, close an empty memory with the latest summary, then apply the decisions that remain.
        """
        self.state.close(summary)

    def nbytes(self) -> dict[str, int]:
        """Bytes held, by part."""
        return self.state.nbytes()

    def _record(self, message: TaggedArticle) -> Record:
        time = _time_of(message)
        return Record(
            marks=0 if instant(message.published) else Mark.UNDATED,
            time=time,
            stream=max(self.state.now, _seen(message) or self._vouched(time)),
            publisher=hashed(site_of(message)),
            maker=hashed(f"{message.cleaner} {message.tier}") & 0xFFFFFFFF,
            language=message.language or "und",
            id=message.id,
            headline=" ".join((message.title or "")[:HEADLINE].split()),
            entities=_main_entities(message),
            revision=message.revision,
        )

    def _vouched(self, time: int) -> int:
        """A stated time as far as it may move the stream: 0 if it is too far ahead."""
        return 0 if self.state.now and time > self.state.now + AHEAD else time

    def _answer(self, judgement: Judgement) -> bytes:
        record, state = judgement.record, self.state
        changes = None
        if judgement.verdict is Verdict.REVISION:
            before = state.ledger.by_id(record.id)
            old = state.ledger.note(before.number).revision if before else ""
            changes = [old, *(judgement.changes or ((), ()))]
        return orjson.dumps([
            judgement.verdict.value, _named(state, judgement.original, record), _named(state, judgement.group, record),
            judgement.shared, judgement.passage, changes, int(bool(record.marks & Mark.FAILURE)),
            _OWN if record.name == record.id else record.name, record.size, record.first, record.publishers,
            [state.story_name(story) for story in record.merged], *_told_strand(state, judgement),
            [_named(state, root, record) for root in judgement.united], stories_to_tell(state, record),
        ])  # fmt: skip


def site_of(message: TaggedArticle) -> str | None:
    """Who published an article: its publisher, else the host of its address, else its source."""
    return message.publisher or _host(message.url) or message.source


def _host(url: str | None) -> str | None:
    """The host of an address, without its user and port."""
    if not url:
        return None
    authority = url.partition("://")[2].partition("/")[0].partition("?")[0]
    return authority.rpartition("@")[2].partition(":")[0].lower() or None


def _named(state: State, number: int | None, record: Record) -> str | int | None:
    if number is None:
        return None
    return _OWN if number == state.ledger.next else state.ledger.note(number).id


def _told_strand(state: State, judgement: Judgement) -> tuple[str | int | None, int]:
    """The strand of a story that began within it, if the article is of one, and whether it stands apart."""
    strand = judgement.strand
    if strand is None or not joined(state, strand.first):
        return None, 0
    return _named(state, strand.first, judgement.record), int(strand.apart)


def _main_entities(message: TaggedArticle) -> str:
    ranked = sorted(message.entities, key=lambda entity: (-entity.salience, -entity.count, entity.id))
    return " ".join(entity.id for entity in ranked[:NOTED])


def _enriched(
    message: TaggedArticle, verdict: str, original: str | None, group: str | int | None, shared: list[float] | None,
    passage: list[int] | None, changes: list[Any] | None, failure: int, story: str | int, size: int, first: int,
    publishers: int, merged: list[str], strand: str | int | None, apart: int, united: list[str],
) -> EnrichedArticle:  # fmt: skip
    values = {
        **message.__dict__,
        "verdict": Verdict(verdict),
        "duplicate_of": original,
        "group": message.id if group == _OWN else group,
        "group_merged": tuple(united),
        "shared": constructed(SharedText, {"of_this": shared[0], "of_other": shared[1]}) if shared else None,
        "passage": _passage(message.body, *passage) if passage else None,
        "changes": _changes(*changes) if changes else None,
        "extraction_failure": bool(failure),
        "story": message.id if story == _OWN else story,
        "story_size": size,
        "story_first_seen": moment(first),
        "story_publishers": publishers,
        "story_merged": tuple(merged),
        "story_strand": message.id if strand == _OWN else strand,
        "strand_apart": bool(apart),
    }
    del values["sketch"]
    return constructed(EnrichedArticle, values, _ENRICHED)


def _passage(body: str, start: int, end: int) -> Passage:
    return constructed(Passage, {"text": body[start:end], "start": start, "end": end})


def _changes(revision: str, added: list[str], removed: list[str]) -> Changes:
    return constructed(Changes, {"of_revision": revision, "added": tuple(added), "removed": tuple(removed)})


def _time_of(message: TaggedArticle) -> int:
    """Effective time, seconds since 1970; 0 where there is none to be believed."""
    moment = message.effective
    time = int(moment.timestamp()) if moment else 0
    return time if time >= EARLIEST else 0


def _seen(message: TaggedArticle) -> int:
    """When the raw record was written, seconds since 1970; 0 where that is not known.

    This moves the stream, not what an article says of itself: one that was published years ago and arrives
    now is as new to the memory as its neighbours in the log.
    """
    return int(message.first_seen.timestamp()) if message.first_seen else 0
