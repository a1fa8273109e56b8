"""The parts of a query that take some of what another finds: in a field, early, often, how spoken of."""

from collections.abc import Sequence

from schemas.alert import Modality
from streams.rules.combining import placed
from streams.rules.nodes import NOTHING, Group, Node, Spans, View


class OfOne(Node):
    """Some of the spans of one operand."""

    __slots__ = ("part",)
    part: Node

    @property
    def parts(self) -> Sequence[Node]:
        return (self.part,)

    def groups(self) -> Sequence[Group]:
        return self.part.groups()


class Within(OfOne):
    """Spans of the operand inside a field: title, lead or body."""

    __slots__ = ("field",)

    def __init__(self, field: str, part: Node) -> None:
        self.field, self.part, self.text = field, part, f"{field}:{part.text}"

    def find(self, view: View) -> Spans:
        analysis = view.analysis
        low = 0 if self.field == "title" else analysis.split
        high = {"title": analysis.split, "lead": analysis.lead}.get(self.field, analysis.size)
        return [span for span in placed(self.part.find(view)) if low <= span[0] and span[1] < high]


class Early(OfOne):
    """Spans of the operand in the title or within the first words of the body."""

    __slots__ = ("count",)

    def __init__(self, count: int, part: Node) -> None:
        self.count, self.part, self.text = count, part, f"FIRST({count}, {part.text})"

    def find(self, view: View) -> Spans:
        high = view.analysis.split + self.count
        return [span for span in placed(self.part.find(view.before(high))) if span[1] < high]


class Often(OfOne):
    """The operand is found at least so many times, counted by where its spans begin."""

    __slots__ = ("count",)

    def __init__(self, count: int, part: Node) -> None:
        self.count, self.part, self.text = count, part, f"ATLEAST({count}, {part.text})"

    def find(self, view: View) -> Spans:
        spans = placed(self.part.find(view.whole))
        return spans if len({span[0] for span in spans}) >= self.count else NOTHING


class Spoken(OfOne):
    """Spans of the operand of which their sentence speaks in one of these ways."""

    __slots__ = ("modalities",)

    def __init__(self, modalities: frozenset[Modality], part: Node) -> None:
        self.modalities, self.part = modalities, part
        self.text = f"modality({'|'.join(sorted(modalities))}, {part.text})"

    def find(self, view: View) -> Spans:
        return [span for span in placed(self.part.find(view)) if view.modality(span) in self.modalities]
