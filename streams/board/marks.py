"""Text in parts, so that a browser can mark matches without counting characters."""

from collections.abc import Iterable, Iterator, Sequence

from schemas.alert import Alert, Evidence, Member

Part = tuple[str, str | None]
"""A stretch of text, and the term of the rule that matched it."""


def parts(text: str, members: Iterable[Member]) -> Sequence[Part]:
    """``text`` cut at the members, whose offsets are in it; of overlapping ones the earlier has its whole.

    >>> parts("troops left", [Member(start=7, end=11, text="left", term="leave")])
    [('troops ', None), ('left', 'leave')]
    """
    return list(_parts(text, sorted(members, key=lambda member: (member.start, -member.end))))


def _parts(text: str, members: Sequence[Member]) -> Iterator[Part]:
    at = 0
    for member in members:
        start, end = max(at, member.start), min(member.end, len(text))
        if start >= end:
            continue
        if start > at:
            yield text[at:start], None
        yield text[start:end], member.term
        at = end
    if at < len(text):
        yield text[at:], None


def sentences(found: Iterable[Evidence]) -> Iterator[tuple[Evidence, Sequence[Part]]]:
    """Each sentence once for each way it speaks, with all that matched in it marked, and the first of its matches."""
    groups: dict[tuple[str, int, str], list[Evidence]] = {}
    for evidence in found:
        groups.setdefault((evidence.field, evidence.sentence_start, evidence.modality), []).append(evidence)
    for group in groups.values():
        yield group[0], parts(group[0].sentence, [member for each in group for member in _inside(each)])


def _inside(evidence: Evidence) -> Sequence[Member]:
    """The members of a match that lie in its sentence, counted from there; all that matched where none does."""
    whole = Member(start=evidence.start, end=evidence.end, text=evidence.text, term="")
    return list(_moved(evidence.members, evidence)) or list(_moved([whole], evidence))


def _moved(members: Iterable[Member], evidence: Evidence) -> Iterator[Member]:
    """Those within the sentence, with offsets that count from its start."""
    first, last = evidence.sentence_start, evidence.sentence_end
    for member in members:
        if first <= member.start and member.end <= last:
            yield member.model_copy(update={"start": member.start - first, "end": member.end - first})


def title(alert: Alert) -> Sequence[Part]:
    """The title of an alert's article with all that matched in it marked."""
    return parts(alert.title or "", [m for e in alert.evidence if e.field == "title" for m in e.members])
