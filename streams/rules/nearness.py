"""The parts of a query that ask how near each other words stand."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import StrEnum

from streams.rules.combining import Gate, merged, placed
from streams.rules.frequency import ranked
from streams.rules.nodes import MOST, MOST_LEAVES, NOTHING, Group, Leaf, Node, Span, Spans, View, normal_form


class Scope(StrEnum):
    """How far a nearness reaches."""

    WORDS = "words"
    CLAUSE = "clause"
    SENTENCE = "sentence"
    NEXT = "next"
    PARAGRAPH = "paragraph"

    @property
    def beyond(self) -> bool:
        """Whether it reaches beyond a sentence."""
        return self in (Scope.NEXT, Scope.PARAGRAPH)


SCOPES = {"CLAUSE": Scope.CLAUSE, "SENT": Scope.SENTENCE, "NEXT": Scope.NEXT, "PARA": Scope.PARAGRAPH}
"""Of each operator of nearness that counts no words, how far it reaches."""
_SPELLED = {scope: name for name, scope in SCOPES.items()}


class Near(Node):
    """Two operands with at most ``words`` words between them, in one sentence or paragraph.

    ``ordered`` wants the left one first. Its spans cover both. Spans that overlap have no number of words between
    them and are not near each other; in one sentence or paragraph they are together, unless they are the same words.
    """

    __slots__ = ("_in_pairs", "gates", "left", "ordered", "right", "scope", "words")

    def __init__(self, left: Node, right: Node, *, words: int = 0, ordered: bool = False, scope: Scope) -> None:
        self.left, self.right, self.words, self.ordered, self.scope = left, right, words, ordered, scope
        self.text = normal_form(f"({left.text} {operator(self)} {right.text})")
        self.gates: Sequence[Gate] = ()
        """Its operands, where they may stand in different sentences."""
        self._in_pairs = scope is Scope.NEXT and not left.crosses
        """Whether it may be looked for in two sentences at a time."""

    @property
    def parts(self) -> Sequence[Node]:
        return (self.left, self.right)

    @property
    def crosses(self) -> bool:
        return self.scope.beyond

    def find(self, view: View) -> Spans:
        if self.scope.beyond:
            asked, view = view, view.whole
            if not all(gate.open(view) for gate in self.gates):
                return NOTHING
            if self._in_pairs and (pairs := self._pairs(asked if asked.start == 0 else view)) is not None:
                return merged([span for first in pairs for span in self._in_pair(view, first)])
        left, right = self.gates or (self.left, self.right)
        lefts = placed(left.find(view))
        if not lefts:
            return NOTHING
        rights = placed(right.find(view))
        if not rights:
            return NOTHING
        found: list[Span] = []
        widest = max(last - first for first, last, _ in rights)
        for one in lefts:
            found += [_covering(one, other) for other in self._reached(view, one, rights, widest)]
            if len(found) > MOST:
                break
        return merged(found)

    def _pairs(self, view: View) -> list[int] | None:
        """Numbers of the sentences of the article's beginning that have what the left operand needs and are followed
        by one that has what the right one needs; None where these are not known."""
        sentences, whole = view.sentences, view.whole.sentences
        if sentences is None or whole is None or not self.gates or not all(gate.need for gate in self.gates):
            return None
        seconds = set(whole.where(self.gates[1]))
        return [number for number in sentences.where(self.gates[0]) if number + 1 in seconds]

    def _in_pair(self, view: View, first: int) -> Iterator[Span]:
        """What a sentence and the one after it have."""
        one, other = view.sentence(first), view.sentence(first + 1)
        lefts = [span for span in placed(self.left.find(one)) if one.start <= span[0] < one.end]
        if not lefts or other.start == view.analysis.split:
            return
        rights = [span for span in placed(self.right.find(other)) if other.start <= span[0] and span[1] < other.end]
        yield from (_covering(left, right) for left in lefts for right in rights)

    def _reached(self, view: View, left: Span, rights: Spans, widest: int) -> Iterator[Span]:
        if self.scope is not Scope.WORDS:
            yield from self._together(view, left, rights)
            return
        sentence, limit = view.analysis.sentence, left[1] + self.words + 1
        for index in range(bisect_left(rights, (left[1] + 1,)), len(rights)):
            right = rights[index]
            if right[0] > limit:
                break
            if sentence(left[0]) == sentence(right[1]):
                yield right
        if self.ordered:
            return
        for index in range(bisect_left(rights, (left[0] - 1 - self.words - widest,)), len(rights)):
            right = rights[index]
            if right[0] >= left[0]:
                break
            if 0 <= left[0] - right[1] - 1 <= self.words and sentence(right[0]) == sentence(left[1]):
                yield right

    def _together(self, view: View, left: Span, rights: Spans) -> Iterator[Span]:
        low, high = stretch(view, left, self.scope)
        if left[1] >= high:
            return
        for index in range(bisect_left(rights, (low,)), len(rights)):
            right = rights[index]
            if right[0] >= high:
                break
            if right[1] < high and right[:2] != left[:2]:
                yield right

    def groups(self) -> Sequence[Group]:
        return ranked([*self.left.groups(), *self.right.groups()])


class Apart(Node):
    """Spans of the left operand that have none of the right one near, where overlapping counts as near."""

    __slots__ = ("_enters", "left", "ordered", "right", "scope", "words")

    def __init__(self, left: Node, right: Node, *, words: int = 0, ordered: bool = False, scope: Scope) -> None:
        self.left, self.right, self.words, self.ordered, self.scope = left, right, words, ordered, scope
        self.text = normal_form(f"({left.text} NOT {operator(self)} {right.text})")
        self._enters = right.crosses

    @property
    def parts(self) -> Sequence[Node]:
        return (self.left, self.right)

    @property
    def crosses(self) -> bool:
        return self.left.crosses

    def find(self, view: View) -> Spans:
        view = view.whole if self.scope.beyond else view
        start, end = view.start, view.end
        lefts = [left for left in placed(self.left.find(view)) if start <= left[0] < end]
        if not lefts:
            return NOTHING
        leaves = (self._enters and start) or any(left[1] >= end for left in lefts)
        rights = placed(self.right.find(view.whole if leaves else view))
        if not rights:
            return lefts
        widest = max(last - first for first, last, _ in rights)
        return [left for left in lefts if not self._disturbed(view, left, rights, widest)]

    def _disturbed(self, view: View, left: Span, rights: Spans, widest: int) -> bool:
        """Whether a right one overlaps, or is within reach in the same sentence or paragraph."""
        low = high = -1
        if self.scope is Scope.WORDS:
            before, after = left[0] if self.ordered else left[0] - self.words - 1, left[1] + self.words + 1
        else:
            low, high = stretch(view, left, self.scope)
            before, after = min(left[0], low), max(left[1], high)
        for index in range(bisect_left(rights, (before - widest,)), len(rights)):
            first, last, _ = rights[index]
            if first > after:
                break
            if last < before:
                continue
            if first <= left[1] and left[0] <= last:
                return True
            if high < 0:
                low, high = stretch(view, left, self.scope)
            if low <= first and max(left[1], last) < high:
                return True
        return False

    def groups(self) -> Sequence[Group]:
        return self.left.groups()


def operator(node: "Near | Apart") -> str:
    """The operator as a query spells it."""
    if node.scope is not Scope.WORDS:
        return _SPELLED[node.scope]
    return f"{'ONEAR' if node.ordered else 'NEAR'}/{node.words}"


def stretch(view: View, span: Span, scope: Scope) -> tuple[int, int]:
    """Positions of the first word of the span's clauses, sentence or paragraph, or of the next sentence in its field,
    and of the one after its last."""
    analysis = view.analysis
    if scope is Scope.PARAGRAPH:
        return analysis.paragraph_bounds(analysis.paragraph(span[0]))
    if scope is Scope.CLAUSE:
        return analysis.clause_bounds(span[0], span[1])
    if scope is Scope.NEXT:
        after = analysis.bounds(analysis.sentence(span[1]))[1]
        return (after, after) if after in (analysis.split, analysis.size) else analysis.bounds(analysis.sentence(after))
    return analysis.bounds(analysis.sentence(span[0]))


def _covering(left: Span, right: Span) -> Span:
    return min(left[0], right[0]), max(left[1], right[1]), _joined(left[2], right[2])


def _joined(leaves: tuple[Leaf, ...], others: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Ascending leaves of both, each once, at most MOST_LEAVES; quick where one is added to many, as in a chain."""
    if len(others) != 1:
        return tuple(sorted({*leaves, *others}))[:MOST_LEAVES]
    if len(leaves) >= MOST_LEAVES:
        return leaves
    place = bisect_left(leaves, others[0])
    return leaves if leaves[place : place + 1] == others else leaves[:place] + others + leaves[place:]
