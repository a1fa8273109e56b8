"""What the names of an article are known by, while its mentions are joined: full names, last names, acronyms."""

from streams.entities.names import given_name_hashes, initials
from streams.entities.rules import STORMS
from streams.entities.spans import Span
from streams.entities.words import Key, Words

ORGANISATIONS = frozenset({"ORG", "ARMED_GROUP", "MEDIA"})
PLACED = frozenset({"GPE", "NORP"})


class Group:
    """The mentions of one entity."""

    __slots__ = ("id", "name", "spans", "type")

    def __init__(self, identifier: str, name: str, kind: str) -> None:
        self.id, self.name, self.type = identifier, name, kind
        self.spans: list[Span] = []


class KnownNames:
    """The groups of an article by what their names are shortened to; who was named first keeps a short form."""

    __slots__ = ("by_first", "by_initials", "by_last", "by_last_name", "by_name", "by_nickname", "words")

    def __init__(self, words: Words) -> None:
        self.words = words
        self.by_name: dict[Key, Group] = {}
        self.by_last: dict[int, Group] = {}
        self.by_last_name: dict[Key, Group] = {}
        self.by_first: dict[int, Group] = {}
        self.by_initials: dict[str, Group] = {}
        self.by_nickname: dict[int, Group] = {}

    def learn(self, group: Group, span: Span, kind: str, key: Key) -> None:
        """Take in a name of a group, and its short forms when it has several words.

        ``kind`` is the span's type, ``key`` that of its words.
        """
        if kind in PLACED:
            return
        self.by_name.setdefault(key, group)
        if len(key) == 1:
            return
        if group.type == "PERSON":
            self._learn_person(group, span, key)
        elif group.type == "EVENT":
            if is_storm(self.words, span):
                self.by_nickname.setdefault(key[-1], group)
        elif group.type in ORGANISATIONS:
            self.by_initials.setdefault(initials(self.words.surface(span)), group)
            for length in range(1, len(key)):
                self.by_name.setdefault(key[:length], group)

    def _learn_person(self, group: Group, span: Span, key: Key) -> None:
        words = self.words
        self.by_last.setdefault(words.family(span), group)
        if span[1] - span[0] > 2:
            self.by_last_name.setdefault(words.last_name(span) or _double(key), group)
            self._learn_nickname(words.nickname(span), group)
        self.by_first.setdefault(key[0], group)
        if len(key) > 2 and key[-2] not in given_name_hashes():
            self.by_first.setdefault(key[-2], group)

    def _learn_nickname(self, key: Key, group: Group) -> None:
        if len(key) == 1:
            self.by_nickname.setdefault(key[0], group)
        elif key:
            self.by_last_name.setdefault(key, group)

    def owner(self, span: Span, key: Key) -> Group | None:
        """The group that a short name belongs to, when one fits."""
        if len(key) > 1:
            group = self.by_name.get(key)
            return group if group is not None and group.type == span[4] else None
        word = key[0]
        if word in self.by_nickname:
            return self.by_nickname[word]
        person = self.by_last.get(word) or (self.by_first.get(word) if span[4] == "PERSON" else None)
        if person is not None:
            return person
        known = self.by_name.get(key) if span[4] in ORGANISATIONS else None
        if known is None and self.by_initials:
            return self.by_initials.get(self.words.surface(span).replace(".", ""))
        return known


def is_storm(words: Words, event: Span) -> bool:
    """Whether the word before the last one of an event's name is one for a storm."""
    return words.lower(event)[-2] in STORMS


def _double(key: Key) -> Key:
    """The key of a last name of two words, López Aliaga of Rafael López Aliaga, or empty.

    Not where the first of them is a given name: Saddam Hussein is another man than Uday Saddam Hussein.
    """
    return () if key[-2] in given_name_hashes() else key[-2:]
