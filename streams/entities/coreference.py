"""Which mentions of an article name the same thing.

Full names come first, wherever they stand; then short forms are joined to them: last names, names with
al-, acronyms, the beginning of an organisation's name. Two different full names are never joined.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter

from streams.entities.characters import OPEN
from streams.entities.entries import PLACES, TYPES, WIKIDATA
from streams.entities.lexicon import Lexicon
from streams.entities.names import (
    are_two_people,
    given_name_hashes,
    identifier_of,
    initials,
    middle_initials,
    person_key,
    stable_id,
)
from streams.entities.spans import DOUBTED, Source, Span, Words
from streams.entities.tokens import CAPITALS

ORGANISATIONS = frozenset({"ORG", "ARMED_GROUP", "MEDIA"})
PLACED = frozenset({"GPE", "NORP"})
TABLE, LASTING = Source.TABLE, frozenset({"GPE", "LOC", "PERSON"})


class Group:
    """The mentions of one entity."""

    __slots__ = ("id", "name", "spans", "type")

    def __init__(self, identifier: str, name: str, kind: str) -> None:
        self.id, self.name, self.type = identifier, name, kind
        self.spans: list[Span] = []


class Grouping:
    """The entities of one article while they are being found."""

    def __init__(self, lexicon: Lexicon, words: Words, spans: Sequence[Span]) -> None:
        self.lexicon, self.words = lexicon, words
        self.groups: dict[str, Group] = {}
        self.by_name: dict[tuple[int, ...], Group] = {}
        self.by_last: dict[int, Group] = {}
        self.by_last_name: dict[tuple[int, ...], Group] = {}
        self.by_first: dict[int, Group] = {}
        self.by_initials: dict[str, Group] = {}
        self.by_nickname: dict[int, Group] = {}
        self.meanings: dict[tuple[tuple[int, ...], str, str], tuple[Group, str]] = {}
        self.namesakes: dict[int, bool] = {}
        placed = {span.entries for span in spans if span.type in PLACED}
        self.countries = {country for entries in placed if (country := self._country(entries))}

    def _country(self, entries: tuple[int, ...]) -> str:
        """The country that a place or a people is of, when all that it may be are of one."""
        country = self.lexicon.country
        if len(entries) == 1:
            return country[entries[0]]
        found = {country[number] for number in entries} - {""}
        return found.pop() if len(found) == 1 else ""

    def meant(self, span: Span) -> int:
        """The entry that the span means: the best known, unless the article names another's country and not its own."""
        if len(span.entries) == 1:
            return span.entries[0]
        order, country = self.lexicon.orders, self.lexicon.country
        best = max(span.entries, key=lambda number: (order[number], self._nearness(country[number])))
        if not country[best] or country[best] in self.countries:
            return best
        nearby = [number for number in span.entries if country[number] in self.countries]
        return max(nearby, key=order.__getitem__, default=best)

    def _nearness(self, country: str) -> int:
        """1 for a country that the article names, 0 for none, -1 for another."""
        return 1 if country in self.countries else -1 if country else 0

    def listed(self, span: Span) -> None:
        """Add a span that a table knows; the same words mean the same thing all over the article."""
        _, _, start, end, kind, _, entries, _ = span
        said = (entries, kind, self.words.text[start:end])
        meaning = self.meanings.get(said)
        if meaning is None:
            meaning = self.meanings[said] = self._meaning(span)
        group, meant = meaning
        group.spans.append(span if kind == meant else span._replace(type=meant))

    def _meaning(self, span: Span) -> tuple[Group, str]:
        """The group that a span of a table belongs to, which learns its name, and the type of the span there."""
        entry = self.meant(span)
        kind = TYPES[self.lexicon.kinds[entry]]
        if kind == "-":
            kind = span.type
        pointed = self.lexicon.points_at.get(entry)
        owner = kind if pointed is None else TYPES[pointed]
        name = self.lexicon.name[entry]
        identifier = self.lexicon.id[entry] or self._nearby_id(entry, span) or identifier_of(name, owner)
        group = self._group(identifier, name, owner)
        self._learn(group, span, kind)
        if span.size > 1 and entry in self.lexicon.teams:
            self.by_nickname.setdefault(self.words.hash[span.last - 1], group)
        return group, kind

    def _nearby_id(self, entry: int, span: Span) -> str:
        """The id of a place of the same name in a country that the article names."""
        lexicon = self.lexicon
        for other in span.entries if span.type == "GPE" else ():
            if (
                lexicon.kinds[other] == lexicon.kinds[entry]
                and lexicon.id[other]
                and lexicon.country[other] in self.countries
            ):
                return lexicon.id[other]
        return ""

    def named(self, span: Span) -> None:
        """Add a span that no table knows."""
        known, name = self.by_name.get(self.words.key(span)), self.words.surface(span)
        if known is None or known.type != span.type or are_two_people(known.name, name):
            identifier = identifier_of(name, span.type)
            if identifier in self.groups and are_two_people(self.groups[identifier].name, name):
                identifier = stable_id(f"{person_key(name)} {middle_initials(name)}", span.type)
            known = self._group(identifier, name, span.type)
        self._join(known, span)

    def particled(self, span: Span) -> None:
        """Add a person's name that begins with a small word or no given name: the last name of somebody, or its own."""
        group = self.by_last_name.get(self.words.key(span))
        if group is None:
            self.named(span)
        else:
            self._join_short(group, span)

    def _group(self, identifier: str, name: str, kind: str) -> Group:
        group = self.groups.get(identifier)
        if group is None:
            group = self.groups[identifier] = Group(identifier, name, kind)
        return group

    def _join(self, group: Group, span: Span) -> None:
        group.spans.append(span)
        self._learn(group, span, span.type)

    def _join_short(self, group: Group, span: Span) -> None:
        """Add a short form of a group's name, with the small words that are of it: de la Rey."""
        longer = self.words.with_particles(span)
        if longer is not span and self.by_last_name.get(self.words.key(longer)) is group:
            span = longer
        self._join(group, span.changed(group.type, Source.COREFERENCE, group.name))

    def _learn(self, group: Group, span: Span, kind: str) -> None:
        """Take in the name of a group, and the short forms of a name of several words; ``kind`` is the span's type."""
        if kind in PLACED:
            return
        key = self.words.key(span)
        self.by_name.setdefault(key, group)
        if len(key) == 1:
            return
        if group.type == "PERSON":
            self.by_last.setdefault(self.words.family(span), group)
            if span.size > 2:
                self.by_last_name.setdefault(self.words.last_name(span) or self._double(key), group)
                self._learn_nickname(self.words.nickname(span), group)
            self.by_first.setdefault(key[0], group)
            if len(key) > 2 and key[-2] not in given_name_hashes():
                self.by_first.setdefault(key[-2], group)
        elif group.type in ORGANISATIONS:
            self.by_initials.setdefault(initials(self.words.surface(span)), group)
            for length in range(1, len(key)):
                self.by_name.setdefault(key[:length], group)

    def _double(self, key: tuple[int, ...]) -> tuple[int, ...]:
        """The key of a last name of two words, López Aliaga of Rafael López Aliaga, or empty.

        Not where the first of them is a given name: Saddam Hussein is another man than Uday Saddam Hussein.
        """
        return () if key[-2] in given_name_hashes() else key[-2:]

    def _learn_nickname(self, key: tuple[int, ...], group: Group) -> None:
        if len(key) == 1:
            self.by_nickname.setdefault(key[0], group)
        elif key:
            self.by_last_name.setdefault(key, group)

    def short(self, span: Span) -> None:
        """Add a short name to the group it belongs to, or to its own where none fits."""
        group = self._owner(span)
        if group is not None:
            self._join_short(group, span)
        elif span.entries:
            self.listed(span)
        else:
            self.named(span)

    def _owner(self, span: Span) -> Group | None:
        key = self.words.key(span)
        if len(key) > 1:
            group = self.by_name.get(key)
            return group if group is not None and group.type == span.type else None
        if key[0] in self.by_nickname:
            return self.by_nickname[key[0]]
        person = self.by_last.get(key[0]) or (self.by_first.get(key[0]) if span.type == "PERSON" else None)
        if person is not None:
            return person
        known = self.by_name.get(key) if span.type in ORGANISATIONS else None
        return known or self.by_initials.get(self.words.surface(span).replace(".", ""))

    def yields(self, span: Span) -> bool:
        """Whether a one-word place, in a gazetteer or doubted, is rather the last name of somebody in the article.

        So is a listed last name, where somebody else of that name stands before it and the listed one nowhere in full.
        """
        first, last, start, _, kind, _, entries, note = span
        word = self.words.hash[first]
        if word not in self.by_last or last - first > 1:
            return False
        if kind == "PERSON":
            group, earlier = self._meaning(span)[0], self.by_last[word]
            return self.namesakes.setdefault(word, not group.spans and earlier.spans[0][2] < start)
        return note == DOUBTED or self.lexicon.sources[entries[0]] in (PLACES, WIKIDATA)

    def overlooked(self, spans: Sequence[Span], capitalised: Sequence[int], unknown: Mapping[int, Span]) -> list[Span]:
        """Add capitalised words outside the spans that are last names of people, or acronyms in brackets.

        Returns those that are an ``unknown`` name of one word once more, with its type.
        """
        again: list[Span] = []
        covered = {number for span in spans for number in range(span[0], span[1])}
        ends = {span[1]: span for span in spans if span[4] in ORGANISATIONS and span[1] - span[0] > 1}
        words, by_last, by_nickname = self.words, self.by_last, self.by_nickname
        for number in capitalised:
            word = words.hash[number]
            if not (word in by_last or number in ends or word in by_nickname or word in unknown) or number in covered:
                continue
            group = self._explained(number, ends) or by_last.get(word) or by_nickname.get(word)
            if group is not None:
                start, end = words.start[number], words.end[number]
                self._join_short(group, Span(number, number + 1, start, end, group.type, Source.COREFERENCE))
            elif word in unknown:
                start, end = words.start[number], words.end[number]
                again.append(Span(number, number + 1, start, end, unknown[word].type, Source.COREFERENCE))
        return again

    def _explained(self, number: int, ends: Mapping[int, Span]) -> Group | None:
        """The organisation whose name stands before the word, when that is capitals in brackets."""
        words, span = self.words, ends.get(number)
        if span is None or words.case[number] != CAPITALS or words.before[number] != OPEN:
            return None
        return self.by_name.get(words.key(span))


def grouped(lexicon: Lexicon, spans: Sequence[Span], words: Words, capitalised: Sequence[int] = ()) -> list[Group]:
    """Spans by the entity they name; ``capitalised`` are the words that may name something, too."""
    grouping = Grouping(lexicon, words, spans)
    given = given_name_hashes()
    particled: list[Span] = []
    later: list[Span] = []
    for span in spans:
        first, last, _, _, kind, source, entries, _ = span
        if last - first == 1 and (source is not TABLE or kind in LASTING):
            later.append(span)
        elif entries:
            grouping.listed(span)
        elif len(words.key(span)) == 1:
            later.append(span)
        elif kind == "PERSON" and (words.joining[first] or (last - first == 2 and words.hash[first] not in given)):
            particled.append(span)
        else:
            grouping.named(span)
    for span in particled:
        grouping.particled(span)
    if capitalised:
        unknown = {words.hash[span[0]]: span for span in later if span[5] is not TABLE and span[1] - span[0] == 1}
        later += grouping.overlooked(spans, capitalised, unknown)
    for span in later:
        if span[5] is TABLE and not grouping.yields(span):
            grouping.listed(span)
        else:
            grouping.short(span)
    for group in grouping.groups.values():
        if len(group.spans) > 1:
            group.spans.sort(key=itemgetter(2))
    return [group for group in grouping.groups.values() if group.spans]


def apart(lexicon: Lexicon, spans: Sequence[Span], words: Words, _: Sequence[int] = ()) -> list[Group]:
    """Spans by table entry, and by name where no table knows it; nothing else is joined."""
    grouping = Grouping(lexicon, words, spans)
    for span in spans:
        (grouping.listed if span.entries else grouping.named)(span)
    return list(grouping.groups.values())
