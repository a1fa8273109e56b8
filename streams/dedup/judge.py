"""What an article is to those before it: the decision itself, without its encoding."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from schemas.article import Verdict
from streams.dedup.containment import Found, Likeness
from streams.dedup.ledger import Known
from streams.dedup.record import Mark, Record
from streams.dedup.shelf import all_united
from streams.dedup.sketch import Sketch
from streams.dedup.state import Language, State
from streams.dedup.stories import Members, Neighbours
from streams.dedup.strands import Strand, strand_of
from streams.dedup.terms import MOST
from streams.dedup.texts import changed_words, common_passage

HEADLINES = 3
"""One body under as many headlines of a site is a failure of extraction."""
TELLING = 20
"""Words from which a body alone, under another headline, makes a copy."""
JOIN, JOIN_SHORT = 0.15, 0.08
"""Likeness from which an article belongs to a story: a long text, and one of few words, which has fewer in common."""
FEW = 16
"""Terms up to which a text has few words; it has many from ``MOST[0]`` on."""
ONE = 1.4
"""How much more a story of a single article asks: one pair says less than several."""
COHESION = 0.2
"""How much of what the story's members are more alike than that is asked in addition."""
LINKED = 0.21
"""Mean likeness of an article and the members of its story to those of another, from which both are one."""
NEAREST = 3
"""Members of a story that decide."""


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
    strand: Strand | None = None
    """The strand of the story it joins; None for what begins a story, and for copies."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The story an article joins."""

    story: int
    likeness: float
    merged: tuple[int, ...] = ()


class Rival(NamedTuple):
    """A story that would take an article."""

    beyond: float
    """How much more alike it is than it asks."""
    likeness: float
    story: int
    places: list[int]
    """Where among the neighbours its members stand."""


def judge(state: State, record: Record, sketch: Sketch, body: str) -> Judgement:
    """Compare an article with everything remembered; changes nothing but ``record``."""
    known = state.ledger.by_id(record.id)
    judgement = _again(state, record, sketch, body, known) if known is not None else _first(state, record, sketch, body)
    return _counted(state, judgement)


def _again(state: State, record: Record, sketch: Sketch, body: str, known: Known) -> Judgement:
    """An id that came before: delivered again, or with another text."""
    same = (known.body, known.title, known.words) == (sketch.body, sketch.title, sketch.words)
    record.group, record.story = known.group, known.story
    root, language = _root(state, known), state.language(record.language)
    if known.language != language.number:
        record.group = -1  # its number means another group among those of this language
    if same or known.maker != record.maker:
        record.marks |= Mark.REPEATED
        return Judgement(record, Verdict.EXACT, known.number, root, (1.0, 1.0) if same else None)
    record.marks |= Mark.REVISION
    if known.language == language.number and known.group >= language.copies.base:
        _extend(record, language, known.group, sketch, language.copies.compare(sketch))
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
    if likeness is not None:
        _extend(record, language, likeness.group, sketch, found)
        original = ledger.by_number(language.copies.root(likeness.group) or 0)
        if original is not None:
            shared = round(min(1.0, likeness.of_this), 4), round(min(1.0, likeness.of_other), 4)
            return _copy(state, record, original, Verdict.NEAR, shared, body)
    return _new(state, record, sketch, language, found)


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
    choice = choose(state, language.members, neighbours, least_of(terms.sizes[0]))
    strand = None
    if choice is not None:
        record.story, record.merged = choice.story, list(choice.merged)
        record.likeness = round(choice.likeness * 1000)
        strand = strand_of(state, neighbours, (choice.story, *choice.merged))
    record.strand = state.ledger.next if strand is None else strand.first
    return Judgement(record, Verdict.NEW, None, state.ledger.next, strand=strand)


def _copy(
    state: State, record: Record, original: Known, verdict: Verdict, shared: tuple[float, float], body: str
) -> Judgement:
    record.group, record.story = original.group, original.story
    passage = None
    if verdict is Verdict.NEAR and (text := state.texts.get(original.number)) is not None:
        passage = common_passage(body, text)
    return Judgement(record, verdict, original.number, _root(state, original), shared, passage)


def _root(state: State, known: Known) -> int | None:
    """The decision that began an article's group, itself once that is forgotten; None without a group."""
    if known.group < 0:
        return None
    name = next(language for language in state.languages.values() if language.number == known.language)
    root = name.copies.root(known.group)
    return known.number if root is None or root < state.ledger.base else root


def _extend(record: Record, language: Language, group: int, sketch: Sketch, found: Found) -> None:
    added, stopped = language.copies.additions(group, sketch, found)
    record.group, record.added, record.stopped = group, added.tobytes(), stopped.tobytes()


def choose(state: State, members: Members, neighbours: Neighbours, least: float) -> Choice | None:
    """The story whose nearest members are most alike, if they are alike enough for a text that asks ``least``."""
    rivals = _rivals(state, neighbours, least)
    if not rivals:
        return None
    best, *rest = rivals
    for other in rest:
        linked = members.linked(neighbours, best.places, other.places)
        if linked >= LINKED and not _apart(state, best.story, other.story):
            return Choice(min(best.story, other.story), best.likeness, (max(best.story, other.story),))
    return Choice(best.story, best.likeness)


def _apart(state: State, one: int, other: int) -> bool:
    return (min(one, other), max(one, other)) in state.apart


def _rivals(state: State, neighbours: Neighbours, least: float) -> list[Rival]:
    """The stories that would take an article, by how much more alike they are than they ask."""
    scores = neighbours.scores.tolist()
    if max(scores, default=0.0) < least:
        return []
    numbers = neighbours.numbers.tolist()
    stories, joined = state.ledger.stories.some(numbers), state.ledger.likeness.some(numbers)
    places: dict[int, list[int]] = {story: [] for story, score in zip(stories, scores, strict=True) if score >= least}
    for place, story in enumerate(stories):
        if story in places:
            places[story].append(place)
    rivals = []
    for story, at in places.items():
        nearest = sorted([scores[place] for place in at], reverse=True)[:NEAREST]
        likeness = sum(nearest) / len(nearest)
        beyond = round(likeness - asked_of([joined[place] for place in at if joined[place]], least), 9)
        if beyond >= 0:
            rivals.append(Rival(beyond, likeness, story, at))
    return sorted(rivals, key=lambda rival: (-rival.beyond, rival.story))


def least_of(words: int) -> float:
    """The likeness that a text with so many different terms asks of any story."""
    many = min(max(words - FEW, 0), MOST[0] - FEW) / (MOST[0] - FEW)
    return JOIN_SHORT + (JOIN - JOIN_SHORT) * many


def asked_of(joined: list[int], least: float) -> float:
    """The likeness that a story asks, by how alike its members were when they joined, in thousandths."""
    if not joined:
        return least * ONE
    return least + COHESION * max(0.0, sum(joined) / (1000 * len(joined)) - least)


def _outlived(state: State, record: Record) -> int:
    """The story that an article of this id began and that outlived it; -1 for none."""
    story = state.ledger.by_story(record.id)
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
