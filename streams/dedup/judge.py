"""What an article is to those before it: the decision itself, without its encoding."""

from dataclasses import dataclass, replace

from schemas.article import Verdict
from streams.dedup.containment import Found, Likeness
from streams.dedup.joining import choose, least_of
from streams.dedup.ledger import Known
from streams.dedup.record import Mark, Record
from streams.dedup.shelf import all_united
from streams.dedup.sketch import Sketch
from streams.dedup.state import Language, State
from streams.dedup.strands import Strand, strand_of
from streams.dedup.strays import with_stray
from streams.dedup.texts import changed_words, common_passage
from streams.dedup.uniting import merge_stories, united

HEADLINES = 3
"""One body under as many headlines of a site is a failure of extraction."""
TELLING = 20
"""Words from which a body alone, under another headline, makes a copy."""


@dataclass(slots=True)
class Judgement:
    """The decision on an article, and the record by which it is remembered."""

    record: Record
    verdict: Verdict
    original: int | None = None
    """The decision of the article it copies."""
    group: int | None = None
    """The decision of the first article of its group of copies."""
    shared: tuple[float, float] | None = None
    passage: tuple[int, int] | None = None
    changes: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    united: tuple[int, ...] = ()
    """The decisions that began the groups it makes one with its own."""
    strand: Strand | None = None
    """The strand of the story it joins; None for what begins a story, and for copies."""


def judge(state: State, record: Record, sketch: Sketch, body: str) -> Judgement:
    """Compare an article with everything remembered; changes nothing but ``record``."""
    known = state.ledger.by_id(record.id)
    judgement = _again(state, record, sketch, body, known) if known is not None else _first(state, record, sketch, body)
    return _counted(state, judgement)


def _again(state: State, record: Record, sketch: Sketch, body: str, known: Known) -> Judgement:
    """An id that came before: delivered again, or with another text."""
    same = (known.body, known.title, known.words) == (sketch.body, sketch.title, sketch.words)
    record.group, record.story = _group(state, known), known.story
    root, language = _root(state, known), state.language(record.language)
    if known.language != language.number:
        record.group = -1  # its number means another group among those of this language
    if same or known.maker != record.maker:
        record.marks |= Mark.REPEATED
        return Judgement(record, Verdict.EXACT, known.number, root, (1.0, 1.0) if same else None)
    record.marks |= Mark.REVISION
    if known.language == language.number and known.group >= language.copies.base:
        _extend(record, language, record.group, sketch, language.copies.compare(sketch))
    before = state.texts.get(known.number)
    changes = ((), ()) if before is None else changed_words(before, body)
    return Judgement(record, Verdict.REVISION, None, root, changes=changes)


def _first(state: State, record: Record, sketch: Sketch, body: str) -> Judgement:
    """An id never seen."""
    ledger = state.ledger
    equal = ledger.by_content(sketch.body, sketch.title, record.language)
    if equal is not None and equal.words == sketch.words:
        return _copy(state, record, equal, Verdict.EXACT, (1.0, 1.0), body)
    same_body = ledger.by_body(sketch.body, sketch.words, record.language)
    if same_body is not None and len(state.titles(same_body, record.publisher) | {record.title}) >= HEADLINES:
        record.marks |= Mark.FAILURE
        return Judgement(record, Verdict.NEW)
    if same_body is not None and sketch.words >= TELLING:
        return _copy(state, record, same_body, Verdict.NEAR, (1.0, 1.0), body)
    language = state.language(record.language)
    found = language.copies.compare(sketch, lambda first: language.members.alike_whenever(first, sketch.terms))
    likeness = copied(found)
    original = None if likeness is None else ledger.by_number(language.copies.root(likeness.group) or 0)
    if likeness is None or original is None:
        return _new(state, record, sketch, language, found)
    group, found = united(state, record, language, sketch, found)
    shared = round(min(1.0, likeness.of_this), 4), round(min(1.0, likeness.of_other), 4)
    judgement = _copy(state, record, original, Verdict.NEAR, shared, body)
    _extend(record, language, group, sketch, found)
    return _united(state, judgement, language) if record.united else judgement


def copied(found: Found) -> Likeness | None:
    """The group a text is a copy in, if any."""
    return next((likeness for likeness in found.likeness if likeness.copied), None)


def _new(state: State, record: Record, sketch: Sketch, language: Language, found: Found) -> Judgement:
    record.marks |= Mark.BEGINS
    record.group = language.copies.next
    _extend(record, language, record.group, sketch, found)
    terms = language.members.weeded(sketch.terms, record.publisher)
    record.terms = terms.packed()
    neighbours = language.members.neighbours(terms, record.told)
    least, strand = least_of(terms.sizes[0]), None
    choice = choose(state, language.members, neighbours, least)
    if choice is not None:
        choice = with_stray(state, language.members, neighbours, choice, least)
        record.story, record.merged = choice.story, list(choice.merged)
        record.likeness = round(choice.likeness * 1000)
        strand = strand_of(state, neighbours, (choice.story, *choice.merged))
    record.strand = state.ledger.next if strand is None else strand.first
    return Judgement(record, Verdict.NEW, None, state.ledger.next, strand=strand)


def _copy(
    state: State, record: Record, original: Known, verdict: Verdict, shared: tuple[float, float], body: str
) -> Judgement:
    record.group, record.story = _group(state, original), original.story
    passage = None
    if verdict is Verdict.NEAR and (text := state.texts.get(original.number)) is not None:
        passage = common_passage(body, text)
    return Judgement(record, verdict, original.number, _root(state, original), shared, passage)


def _united(state: State, judgement: Judgement, language: Language) -> Judgement:
    """The judgement on a copy that makes groups one."""
    record, roots = judgement.record, language.copies.roots
    merge_stories(state, record, language)
    judgement.group, judgement.united = roots[record.group], tuple(roots[group] for group, _ in record.united)
    return judgement


def _root(state: State, known: Known) -> int | None:
    """The decision that began an article's group, itself once that is forgotten; None without a group."""
    group = _group(state, known)
    if group < 0:
        return None
    root = _spoken(state, known).copies.root(group)
    return known.number if root is None or root < state.ledger.base else root


def _group(state: State, known: Known) -> int:
    """The group of an article now, -1 for none."""
    return known.group if known.group < 0 else _spoken(state, known).copies.united.of(known.group)


def _spoken(state: State, known: Known) -> Language:
    return next(language for language in state.languages.values() if language.number == known.language)


def _extend(record: Record, language: Language, group: int, sketch: Sketch, found: Found) -> None:
    added, stopped = language.copies.additions(group, sketch, found)
    record.group, record.added, record.stopped = group, added.tobytes(), stopped.tobytes()


def _outlived(state: State, record: Record) -> int:
    """The story that an article of this id began and that outlived it; -1 for none."""
    story = state.outlived(record.id)
    return -1 if story is None else story


def _counted(state: State, judgement: Judgement) -> Judgement:
    """Fill in what the story counts after this article."""
    record = judgement.record
    number = state.ledger.next
    if record.story < 0 or record.story == number:
        # an id that is forgotten may come again while others still tell of the story it began
        record.story = _outlived(state, record)
    if record.story < 0:
        record.story, record.name = number, record.id
        record.size, record.publishers = 1, int(record.publisher != 0)
        record.first = record.last = record.time
        return judgement
    story = state.story(record.story)
    if record.merged:
        story = all_united(replace(story), [state.story(other) for other in record.merged])
    counts = not record.marks & (Mark.REPEATED | Mark.REVISION)
    record.name = story.name or state.story_name(record.story)
    record.size = max(1, story.size + counts)
    record.publishers = story.publishers + (counts and record.publisher != 0 and record.publisher not in story.seen)
    times = [time for time in (story.first, story.last, record.time if counts else 0) if time]
    record.first, record.last = min(times, default=0), max(times, default=0)
    return judgement
