"""Which mentions of an article name the same thing.

Full names come first, wherever they stand; then short forms are joined to them: last names, names with
al-, acronyms, the beginning of an organisation's name. Two different full names are never joined.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from streams.entities.lexicon import Lexicon
from streams.entities.names import folded_key, initials, stable_id
from streams.entities.segments import articles
from streams.entities.spans import Source, Span, Words

ORGANISATIONS = frozenset({"ORG", "ARMED_GROUP", "MEDIA"})


@dataclass(slots=True)
class Group:
    """The mentions of one entity."""

    id: str
    name: str
    type: str
    spans: list[Span] = field(default_factory=list)


class Grouping:
    """The entities of one article while they are being found."""

    def __init__(self, lexicon: Lexicon, words: Words) -> None:
        self.lexicon, self.words = lexicon, words
        self.groups: dict[str, Group] = {}
        self.by_name: dict[tuple[int, ...], Group] = {}
        self.by_part: dict[int, Group] = {}
        self.by_initials: dict[str, Group] = {}

    def listed(self, span: Span) -> Group:
        """The group of a span that a table knows."""
        entry = span.entries[0]
        name = self.lexicon.name[entry]
        points_at_country = span.type == "NORP" and self.lexicon.country[entry]
        kind = "GPE" if points_at_country else span.type
        identifier = self.lexicon.id[entry] or stable_id(folded_key(name), kind)
        return self._group(identifier, name, kind, span)

    def named(self, span: Span) -> Group:
        """The group of a span that no table knows."""
        known = self.by_name.get(self.key(span))
        if known is not None:
            return self._join(known, span)
        name = self.words.surface(span)
        return self._group(stable_id(folded_key(name), span.type), name, span.type, span)

    def key(self, span: Span) -> tuple[int, ...]:
        """The words of a name without its articles."""
        words = self.words.key(span)
        return tuple(word for word in words if word not in articles()) or words

    def _group(self, identifier: str, name: str, kind: str, span: Span) -> Group:
        group = self.groups.get(identifier)
        if group is None:
            group = self.groups[identifier] = Group(identifier, name, kind)
        return self._join(group, span)

    def _join(self, group: Group, span: Span) -> Group:
        group.spans.append(span)
        if span.type == "NORP":
            return group
        key = self.key(span)
        self.by_name.setdefault(key, group)
        if group.type == "PERSON" and len(key) > 1:
            self.by_part[key[-1]] = group
            self.by_part.setdefault(key[0], group)
        elif group.type in ORGANISATIONS and len(key) > 1:
            self.by_initials.setdefault(initials(self.words.surface(span)), group)
            for length in range(1, len(key)):
                self.by_name.setdefault(key[:length], group)
        return group

    def short(self, span: Span) -> Group:
        """The group that a short name belongs to, its own where none fits."""
        key = self.key(span)
        group = self.by_name.get(key)
        if group is None and len(key) == 1:
            group = self.by_part.get(key[0]) or self.by_initials.get(self.words.surface(span).replace(".", ""))
        if group is None or not _fits(span, group):
            return self.named(span)
        return self._join(group, span.changed(group.type, Source.COREFERENCE, group.name))


def _fits(span: Span, group: Group) -> bool:
    return span.type == group.type or (span.type != "NORP" and len(span) <= 2)


def grouped(lexicon: Lexicon, spans: Sequence[Span], words: Words) -> list[Group]:
    """Spans by the entity they name."""
    grouping = Grouping(lexicon, words)
    unlisted = [span for span in spans if not span.entries]
    for span in spans:
        if span.entries:
            grouping.listed(span)
    for span in unlisted:
        if len(grouping.key(span)) > 1:
            grouping.named(span)
    for span in unlisted:
        if len(grouping.key(span)) == 1:
            grouping.short(span)
    for group in grouping.groups.values():
        group.spans.sort(key=lambda span: span.start)
    return list(grouping.groups.values())


def overlooked(groups: Iterable[Group], spans: Sequence[Span], words: Words) -> list[Span]:
    """Nothing yet."""
    return []
