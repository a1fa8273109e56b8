"""What the tables and the trained tagger say of one article, made into one list of spans."""

from collections.abc import Sequence

from streams.entities.context import plays, told
from streams.entities.entries import TYPES
from streams.entities.extents import with_syllable
from streams.entities.lexicon import Lexicon
from streams.entities.listing import Maybe
from streams.entities.names import given_name_hashes, person_key
from streams.entities.readings import Reading, read
from streams.entities.rules import ARMED_WORDS, FIRM_ENDS, NO_LAST_NAMES, NO_PLACES, OF_BODIES, titles_before
from streams.entities.spans import DOUBTED, OPENING, Source, Span, made
from streams.entities.words import Words

COMPATIBLE = {
    "PER": frozenset({"PERSON", "-"}),
    "ORG": frozenset({"ORG", "ARMED_GROUP", "MEDIA", "-"}),
    "LOC": frozenset({"GPE", "LOC", "FAC", "-"}),
    "MISC": frozenset({"EVENT", "NORP", "-"}),
}
"""Types of table entries that go with each kind of the trained tagger."""

WITHIN_NAMES = frozenset({"GPE", "NORP", "LOC"})
"""Types whose names stand inside longer names: University of Baghdad, Iraqi Ministry of Oil."""

USUAL = {"PER": "PERSON", "ORG": "ORG", "LOC": "GPE"}
"""The type that each kind has where no word of the name says otherwise."""

LENGTHENED = frozenset({"ORG", "PER"})
"""Kinds of names that can begin with another's whole name: Mohammed Ali Gedi is not Mohammed Ali."""

LONGEST_NAME = 3
"""Words of a person's name, as a rule."""

SAID = {kind: f"the model says {kind}" for kind in COMPATIBLE}


def merged(
    lexicon: Lexicon, words: Words, listed: list[Span], maybe: Maybe, guessed: Sequence[Span]
) -> tuple[list[Span], list[Span]]:
    """Kept and rejected spans, in order.

    ``listed`` come from tables that are believed and do not overlap, ``maybe`` are entries by their words that
    need the tagger to agree, ``guessed`` come from the tagger, their type being PER, ORG, LOC or MISC.
    """
    merging = Merging(lexicon, words, listed, maybe)
    for guess in guessed:
        if guess[1] - guess[0] > LONGEST_NAME:
            for part in merging.members(guess):
                merging.add(part)
        else:
            merging.add(guess)
    merging.kept.extend(listed[merging.position :])
    return merging.kept, merging.rejected


class Merging:
    """The spans of an article while those of the tagger are added, in order; ``position`` of the listed are done."""

    __slots__ = ("kept", "lexicon", "listed", "maybe", "position", "rejected", "words")

    def __init__(self, lexicon: Lexicon, words: Words, listed: list[Span], maybe: Maybe) -> None:
        self.lexicon, self.words, self.listed, self.maybe = lexicon, words, listed, maybe
        self.kept: list[Span] = []
        self.rejected: list[Span] = []
        self.position = 0

    def members(self, guess: Span) -> Sequence[Span]:
        """The guess; somebody and what he is of, where the tagger joins them: Anna Lindholm of Varde Research."""
        first, last, _, end, kind, *_ = guess
        words = self.words
        if kind not in LENGTHENED:
            return (guess,)
        name = words.lower(guess)
        place = name.index("of") if "of" in name[2:-1] else 0
        named = words.hash[first] in given_name_hashes() and place <= LONGEST_NAME and name[place - 1] not in OF_BODIES
        if place < 2 or not (named or kind == "PER"):
            return (guess,)
        rest = first + place + 1
        places = any(TYPES[self.lexicon.kinds[number]] == "GPE" for number in self.maybe.get((rest, last), ()))
        person = guess._replace(last=rest - 1, end=words.end[rest - 2], type="PER")
        return person, Span(rest, last, words.start[rest], end, "LOC" if places else "ORG", Source.MODEL)

    def add(self, guess: Span) -> None:
        """Keep or reject a span of the tagger, and what the tables know up to its end."""
        first, last = guess[0], guess[1]
        listed, position, count = self.listed, self.position, len(self.listed)
        while position < count and listed[position][1] <= first:
            self.kept.append(listed[position])
            position += 1
        self.position = position
        if position < count and listed[position][0] < last:
            self._compare(guess)
        elif not self._ends_firm(guess):
            guess = self._untitled(guess)
            chosen = self._typed(guess)
            if chosen is None:
                self.rejected.append(guess.noted("of no type of ours"))
            else:
                self.kept.append(chosen)

    def _compare(self, guess: Span) -> None:
        """Decide between a span of the tagger and what the tables know in it."""
        listed, position = self.listed, self.position
        ahead = position + 1
        while ahead < len(listed) and listed[ahead][0] < guess[1]:
            ahead += 1
        inside: Sequence[Span] = listed[position:ahead]
        known = self._known(guess, inside)
        if known is not None:
            listed[position] = known
            if known[1] - known[0] > guess[1] - guess[0]:
                self.rejected.append(guess.noted("a table knows a longer name"))
            return
        if self._ends_firm(guess):
            return
        before, guess, inside = self._without_titles(guess, inside)
        chosen = self._chosen(guess, inside)
        self.kept.extend(before)
        if chosen is None:
            self.rejected.append(guess.noted("a table knows it" if inside else "of no type of ours"))
            self.position += len(before)
        else:
            self.kept.append(chosen)
            self.rejected.extend([span.noted("part of a longer name") for span in inside])
            self.position = ahead

    def _known(self, guess: Span, inside: Sequence[Span]) -> Span | None:
        """What the tables know when that has all words of the guess, or but for an article before them."""
        only = inside[0]
        if only[0] <= guess[0] and guess[1] <= only[1]:
            if guess[4] == "PER" and only[4] == "GPE":
                return only.noted(DOUBTED)
            if guess[4] == "ORG" and only[4] == "GPE" and plays(guess, self.words):
                return self._club(only)
            return only
        if len(inside) == 1 and self.words.same_but_for_article(guess, only):
            return only._replace(first=guess.first, start=guess.start)
        return None

    def _club(self, place: Span) -> Span:
        """The club that is called like the place, where the word beside it is of sport."""
        entries = self.maybe.get((place.first, place.last), ())
        clubs = tuple([n for n in dict.fromkeys(entries) if TYPES[self.lexicon.kinds[n]] == "ORG"])
        return place._replace(type="ORG", source=Source.RULE, entries=clubs, note="a word of sport beside it")

    def _ends_firm(self, guess: Span) -> bool:
        """Whether the guess, which begins where the span before it ends, is but the end of that firm's name: Inc.

        Then that span has it.
        """
        if guess[4] != "ORG" or not self.kept:
            return False
        before = self.kept[-1]
        if before[4] != "ORG" or before[1] != guess[0] or guess[2] != before[3] + 1:
            return False
        if not FIRM_ENDS.issuperset(self.words.lower(guess)):
            return False
        self.kept[-1] = before._replace(last=guess.last, end=guess.end)
        return True

    def _untitled(self, guess: Span) -> Span:
        """A person without the titles before the name, none of which a table knows."""
        if guess[4] != "PER" or guess[1] - guess[0] == 1:
            return guess
        count = read(guess, self.words).titles or self._role(guess)
        return self.words.shortened(guess, count) if count else guess

    def _without_titles(self, guess: Span, inside: Sequence[Span]) -> tuple[Sequence[Span], Span, Sequence[Span]]:
        """A person without the titles before the name, and what the tables know in these (first) and in the name."""
        if guess[4] == "PER" and guess[1] - guess[0] > 1:
            peoples = frozenset(
                [n - guess.first for span in inside if span.type in WITHIN_NAMES for n in range(span.first, span.last)]
            )
            count = titles_before(list(read(guess, self.words).words), peoples) or self._role(guess)
            if count:
                guess = self.words.shortened(guess, count)
                before = [span for span in inside if span.last <= guess.first]
                return before, guess, inside[len(before) :]
        return (), guess, inside

    def _role(self, guess: Span) -> bool:
        """Whether an ordinary word that opens a sentence stands before a name of two words: Survivor Omar Bah."""
        return guess[7] == OPENING and guess.size > 2 and self.words.hash[guess.first] not in given_name_hashes()

    def _chosen(self, guess: Span, inside: Sequence[Span]) -> Span | None:
        """The guess with a type of ours, where it goes before the tables; as the listed firm that it names."""
        longer = self._with_other_name(guess, inside)
        if inside and inside[0].last < guess.last and self.words.only_article(inside[0], guess):
            inside = inside[1:]
        if inside and not longer and not self._prevails(guess, inside):
            return None
        chosen = self._typed(guess)
        if chosen is not None and longer and not chosen.entries and self._same_given(inside[0], chosen):
            return chosen._replace(entries=inside[0].entries)
        if chosen is not None and len(inside) == 1 and self._names_firm(guess, inside[0]):
            return chosen._replace(entries=inside[0].entries, type=inside[0].type)
        return chosen

    def _with_other_name(self, guess: Span, inside: Sequence[Span]) -> bool:
        """Whether the guess is a person with the last name of a listed one, and another name before it: Barron Trump.

        Before the full name of a listed one, that must be a given name: Hassan Mahmoud Abbas.
        """
        if guess.type != "PER" or len(inside) != 1 or inside[0].type != "PERSON" or guess.note == OPENING:
            return False
        if inside[0].first == guess.first or inside[0].last != guess.last:
            return False
        return len(self.words.key(inside[0])) == 1 or self.words.hash[guess.first] in given_name_hashes()

    def _same_given(self, listed: Span, longer: Span) -> bool:
        """Whether the longer name has the given name of the person that the last name is listed for."""
        given = person_key(self.words.surface(longer)).split(" ")[0]
        return any(person_key(self.lexicon.name[number]).split(" ")[0] == given for number in listed.entries)

    def _names_firm(self, guess: Span, inside: Span) -> bool:
        """Whether the guess is the listed firm with words after its name that change nothing: Nvidia Corp."""
        if guess.type != "ORG" or inside.type != "ORG" or guess.first != inside.first:
            return False
        return FIRM_ENDS.issuperset(self.words.lower(guess)[inside.size :])

    def _prevails(self, guess: Span, inside: Sequence[Span]) -> bool:
        """Whether the tagger's span goes before those of the tables it overlaps."""
        if any(span.covers(guess) or not guess.covers(span) for span in inside):
            return False
        if len(inside) > 1 and sum(span.size for span in inside) == guess.size:
            return False
        only = inside[0] if len(inside) == 1 else None
        if only and guess.note == OPENING and only.type == "GPE" and only.first == guess.first + 1:
            return False
        if only and guess.type in LENGTHENED and only.type in COMPATIBLE[guess.type]:
            return only.first == guess.first
        called_after = inside[-1].last < guess.last and self.words.lower(guess)[-1] in NO_LAST_NAMES
        return called_after or all(span.type in WITHIN_NAMES or span.size == 1 for span in inside)

    def _typed(self, guess: Span) -> Span | None:
        """The span with a type of ours, and with the entries of that name where the tagger agrees with their type."""
        name = read(guess, self.words)
        if name.nameless:
            return None
        if name.abbreviated and self.words.text[guess[3]] == ".":
            guess = guess._replace(end=guess.end + 1)
        if guess[4] == "PER":
            guess = with_syllable(guess, self.words)
        said = self._told(guess, name)
        kind = said or name.kind
        fitting: tuple[int, ...] = ()
        entries = self.maybe.get(guess[:2])
        if entries:
            fitting = self._fitting(guess, said, entries)
            if fitting and TYPES[self.lexicon.kinds[fitting[0]]] != "-":
                kind = TYPES[self.lexicon.kinds[fitting[0]]]
        if kind is None or (name.code and not fitting):
            return None
        source = Source.MODEL if fitting or kind == USUAL.get(guess[4]) else Source.RULE
        return made((*guess[:4], kind, source, fitting, SAID[guess[4]]))

    def _told(self, guess: Span, name: Reading) -> str | None:
        """The type that the words around the guess give it; not a person's camp, nor the barracks of a brigade."""
        kind = told(guess, self.words)
        if kind is None or (guess[4] == "MISC" and kind != "NORP"):
            return None
        last = name.words[-1]
        return None if kind == "FAC" and (guess[4] == "PER" or last in NO_PLACES or last in ARMED_WORDS) else kind

    def _fitting(self, guess: Span, said: str | None, entries: Sequence[int]) -> tuple[int, ...]:
        """The entries of that name whose type goes with the tagger's, or with what the words around it say."""
        compatible = COMPATIBLE[guess.type]
        if said is not None and said not in compatible:
            compatible = frozenset({said})
        return tuple([n for n in dict.fromkeys(entries) if TYPES[self.lexicon.kinds[n]] in compatible])
