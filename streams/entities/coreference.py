"""Which mentions of an article name the same thing.

Full names come first, wherever they stand; then short forms are joined to them: last names, names with
al-, acronyms, the beginning of an organisation's name. Two different full names are never joined.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from operator import itemgetter

from streams import kernels
from streams.entities.characters import OPEN, QUOTES
from streams.entities.entries import PLACES, TYPE_NUMBER, TYPES, WIKIDATA
from streams.entities.known import ORGANISATIONS, Group, KnownNames, is_storm
from streams.entities.lexicon import Lexicon
from streams.entities.meanings import Meanings
from streams.entities.names import (
    are_two_people,
    identifier_of,
    initials,
    other_identifier,
)
from streams.entities.spans import DOUBTED, Source, Span, made
from streams.entities.tokens import CAPITALS
from streams.entities.vocabulary import GIVEN
from streams.entities.words import Key, Words

TABLE, LASTING = Source.TABLE, frozenset({"GPE", "LOC", "PERSON"})


class Grouping:
    """The entities of one article while they are being found."""

    __slots__ = ("groups", "lexicon", "meanings", "names", "namesakes", "said", "words")

    def __init__(self, lexicon: Lexicon, words: Words, spans: Sequence[Span]) -> None:
        self.lexicon, self.words = lexicon, words
        self.groups: dict[str, Group] = {}
        self.names = KnownNames(words)
        self.meanings = Meanings(lexicon, spans)
        self.said: dict[tuple[tuple[int, ...], str, str], tuple[Group, str]] = {}
        self.namesakes: dict[int, bool] = {}

    def full_names(self, spans: Sequence[Span]) -> list[Span]:
        """Add the full names; the short ones are returned."""
        later: list[Span] = []
        particled: list[tuple[Span, Key]] = []
        words = self.words
        for span in spans:
            first, last, _, _, kind, source, entries, _ = span
            if last - first == 1 and (source is not TABLE or kind in LASTING):
                later.append(span)
            elif entries:
                self.listed(span)
            elif len(key := words.key_between(first, last)) == 1:
                later.append(span)
            elif kind == "PERSON" and (words.joins(first) or (last - first == 2 and not words.marks[first] & GIVEN)):
                particled.append((span, key))
            else:
                self.named(span, key)
        for span, key in particled:
            self._particled(span, key)
        return later

    def short_names(self, later: Sequence[Span]) -> None:
        """Add short names to the groups they belong to, or to their own where none fits."""
        by_last, hashes = self.names.by_last, self.words.hash
        for span in later:
            if span[5] is TABLE and not (hashes[span[0]] in by_last and self._yields(span)):
                self.listed(span)
            else:
                self._short(span)

    def in_order(self) -> list[Group]:
        """The groups that have spans, these in the order of the text."""
        found = [group for group in self.groups.values() if group.spans]
        for group in found:
            if len(group.spans) > 1:
                group.spans.sort(key=itemgetter(2))
        return found

    def listed(self, span: Span) -> None:
        """Add a span that a table knows; the same words mean the same thing all over the article."""
        _, _, start, end, kind, _, entries, _ = span
        said = (entries, kind, self.words.text[start:end])
        meaning = self.said.get(said)
        if meaning is None:
            meaning = self.said[said] = self._meaning(span)
        group, meant = meaning
        group.spans.append(span if kind == meant else span._replace(type=meant))

    def _meaning(self, span: Span) -> tuple[Group, str]:
        """The group that a span of a table belongs to, which learns its name, and the type of the span there."""
        lexicon = self.lexicon
        entry = self.meanings.meant(span)
        kind = TYPES[lexicon.kinds[entry]]
        if kind == "-":
            kind = span.type
        pointed = lexicon.points_at.get(entry)
        owner = kind if pointed is None else TYPES[pointed]
        name = lexicon.name[entry]
        identifier = lexicon.id[entry] or self.meanings.nearby_id(entry, span) or identifier_of(name, owner)
        group = self._group(identifier, name, owner)
        self.names.learn(group, span, kind, self.words.key(span))
        if span.size > 1 and entry in lexicon.teams:
            self.names.by_nickname.setdefault(self.words.hash[span.last - 1], group)
        return group, kind

    def named(self, span: Span, key: Key) -> None:
        """Add a span that no table knows; ``key`` is that of its words."""
        known, name, kind = self.names.by_name.get(key), self.words.surface(span), span[4]
        if known is None or known.type != kind or are_two_people(known.name, name):
            identifier = identifier_of(name, kind)
            if identifier in self.groups and are_two_people(self.groups[identifier].name, name):
                identifier = other_identifier(name, kind)
            known = self._group(identifier, name, kind)
        known.spans.append(span)
        self.names.learn(known, span, kind, key)

    def _particled(self, span: Span, key: Key) -> None:
        """Add a person's name that begins with a small word or no given name: the last name of somebody, or its own."""
        group = self.names.by_last_name.get(key)
        if group is None:
            self.named(span, key)
        else:
            self._join_short(group, span)

    def _group(self, identifier: str, name: str, kind: str) -> Group:
        group = self.groups.get(identifier)
        if group is None:
            group = self.groups[identifier] = Group(identifier, name, kind)
        return group

    def _short(self, span: Span) -> None:
        """Add a short name to the group it belongs to, or to its own where none fits."""
        key = self.words.key_between(span[0], span[1])
        group = self.names.owner(span, key)
        if group is not None:
            self._join_short(group, span)
        elif span[6]:
            self.listed(span)
        else:
            self.named(span, key)

    def _join_short(self, group: Group, span: Span) -> None:
        """Add a short form of a group's name, with the small words that are of it: de la Rey."""
        words = self.words
        longer = words.with_particles(span)
        if longer is not span and self.names.by_last_name.get(words.key(longer)) is group:
            span = longer
        first, last, start, end, _, _, entries, _ = span
        span = made((first, last, start, end, group.type, Source.COREFERENCE, entries, group.name))
        group.spans.append(span)
        self.names.learn(group, span, group.type, words.key_between(first, last))

    def _yields(self, span: Span) -> bool:
        """Whether a one-word place, in a gazetteer or doubted, is rather the last name of somebody in the article.

        So is a listed last name, where somebody else of that name stands before it and the listed one nowhere in full.
        """
        first, last, start, _, kind, _, entries, note = span
        if last - first > 1:
            return False
        if kind == "PERSON":
            word = self.words.hash[first]
            group, earlier = self._meaning(span)[0], self.names.by_last[word]
            return self.namesakes.setdefault(word, not group.spans and earlier.spans[0][2] < start)
        return note == DOUBTED or self.lexicon.sources[entries[0]] in (PLACES, WIKIDATA)

    def overlooked(self, spans: Sequence[Span], capitalised: Sequence[int], later: Sequence[Span]) -> list[Span]:
        """Add capitalised words outside the spans that are last names of people, or acronyms in brackets.

        Returns those that are a short name once more which no table knows, with its type.
        """
        words, again = self.words, []
        unknown = {words.hash[span[0]]: span for span in later if span[5] is not TABLE and span[1] - span[0] == 1}
        ends = {span[1]: span for span in spans if span[4] in ORGANISATIONS and span[1] - span[0] > 1}
        by_last, by_nickname = self.names.by_last, self.names.by_nickname
        known = {*by_last, *by_nickname, *unknown}
        covered = {span[0] for span in spans}
        for span in spans:
            if span[1] - span[0] > 1:
                covered.update(range(span[0] + 1, span[1]))
        for number in capitalised:
            word = words.hash[number]
            if not (word in known or number in ends) or number in covered:
                continue
            group = self._explained(number, ends) or by_last.get(word) or by_nickname.get(word)
            start, end = words.start[number], words.end[number]
            if group is not None:
                self._join_short(group, Span(number, number + 1, start, end, group.type, Source.COREFERENCE))
            elif word in unknown:
                again.append(Span(number, number + 1, start, end, unknown[word].type, Source.COREFERENCE))
        return again

    def _explained(self, number: int, ends: Mapping[int, Span]) -> Group | None:
        """The organisation whose name stands before the word, when that is capitals in brackets."""
        words, span = self.words, ends.get(number)
        if span is None or words.case[number] != CAPITALS or words.before[number] != OPEN:
            return None
        return self.names.by_name.get(words.key(span))


@cache
def _forms() -> tuple[object, ...]:
    """What the compiled form takes of this module and others, in its order."""
    slots = (Group.id, Group.name, Group.type, Group.spans)  # type: ignore[misc]
    return (
        *(Span, Group, slots, TYPE_NUMBER, TYPES, TABLE, Source.COREFERENCE, DOUBTED),
        *(identifier_of, other_identifier, are_two_people, initials, is_storm, QUOTES),
    )


def grouped(lexicon: Lexicon, spans: list[Span], words: Words, capitalised: list[int]) -> list[Group]:
    """Spans by the entity they name; ``capitalised`` are the words that may name something, too, in order."""
    if kernels.native is not None:
        return kernels.native.grouped(
            spans, capitalised, words, words.text, lexicon.lists, _forms(),
            lexicon.type, lexicon.order, lexicon.source, *words.columns, PLACES, WIKIDATA,
        )  # fmt: skip
    grouping = Grouping(lexicon, words, spans)
    later = grouping.full_names(spans)
    if capitalised:
        later += grouping.overlooked(spans, capitalised, later)
    grouping.short_names(later)
    return grouping.in_order()


def apart(lexicon: Lexicon, spans: list[Span], words: Words, _: list[int]) -> list[Group]:
    """Spans by table entry, and by name where no table knows it; nothing else is joined."""
    grouping = Grouping(lexicon, words, spans)
    for span in spans:
        if span.entries:
            grouping.listed(span)
        else:
            grouping.named(span, words.key(span))
    return list(grouping.groups.values())
