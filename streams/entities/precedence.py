"""Whether the trained tagger or a table goes before the other where both see a name, and what the name is then."""

from collections.abc import Sequence

from streams.entities.context import told
from streams.entities.entries import TYPES
from streams.entities.extents import storm, with_syllable
from streams.entities.lexicon import Lexicon
from streams.entities.listing import Maybe
from streams.entities.names import person_key
from streams.entities.readings import Reading, read
from streams.entities.rules import ARMED_WORDS, FIRM_ENDS, NO_LAST_NAMES, NO_PLACES
from streams.entities.spans import OPENING, Source, Span, made
from streams.entities.vocabulary import GIVEN
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

SAID = {kind: f"the model says {kind}" for kind in COMPATIBLE}


def with_other_name(guess: Span, inside: Sequence[Span], words: Words) -> bool:
    """Whether the guess is a person with the last name of a listed one, and another name before it: Barron Trump.

    Before the full name of a listed one, that must be a given name: Hassan Mahmoud Abbas.
    """
    if guess.type != "PER" or len(inside) != 1 or inside[0].type != "PERSON" or guess.note == OPENING:
        return False
    if inside[0].first == guess.first or inside[0].last != guess.last:
        return False
    return len(words.key(inside[0])) == 1 or bool(words.marks[guess.first] & GIVEN)


def same_given(lexicon: Lexicon, listed: Span, longer: Span, words: Words) -> bool:
    """Whether the longer name has the given name of the person that the last name is listed for."""
    given = person_key(words.surface(longer)).split(" ")[0]
    return any(person_key(lexicon.name[number]).split(" ")[0] == given for number in listed.entries)


def names_firm(guess: Span, inside: Span, words: Words) -> bool:
    """Whether the guess is the listed firm with words after its name that change nothing: Nvidia Corp."""
    if guess.type != "ORG" or inside.type != "ORG" or guess.first != inside.first:
        return False
    return FIRM_ENDS.issuperset(words.lower(guess)[inside.size :])


def prevails(guess: Span, inside: Sequence[Span], words: Words) -> bool:
    """Whether the tagger's span goes before those of the tables it overlaps."""
    if any(span.covers(guess) or not guess.covers(span) for span in inside):
        return False
    if len(inside) > 1 and sum(span.size for span in inside) == guess.size:
        return False
    only = inside[0] if len(inside) == 1 else None
    if only and guess.note == OPENING and only.type == "GPE" and only.first == guess.first + 1:
        return False
    if only and guess.type in LENGTHENED and only.type in COMPATIBLE[guess.type]:
        return only.first == guess.first or (guess.type == "ORG" and only.size == 1 and only.last < guess.last)
    called_after = inside[-1].last < guess.last and words.lower(guess)[-1] in NO_LAST_NAMES
    return called_after or all(span.type in WITHIN_NAMES or span.size == 1 for span in inside)


def typed(lexicon: Lexicon, guess: Span, maybe: Maybe, words: Words) -> Span | None:
    """The span with a type of ours, and with the entries of that name where the tagger agrees with their type."""
    name = read(guess, words)
    if name.nameless:
        return None
    if name.abbreviated and words.text[guess[3]] == ".":
        guess = guess._replace(end=guess.end + 1)
    if guess[4] == "PER":
        if guess[1] - guess[0] == 1 and (event := storm(guess, words)) is not None:
            return event
        guess = with_syllable(guess, words)
    said = _told(guess, name, words)
    kind = said or name.kind
    fitting: tuple[int, ...] = ()
    entries = maybe.get(guess[:2])
    if entries:
        fitting = _fitting(lexicon, guess, said, entries)
        if fitting and TYPES[lexicon.kinds[fitting[0]]] != "-":
            kind = TYPES[lexicon.kinds[fitting[0]]]
    if kind is None or (name.code and not fitting):
        return None
    source = Source.MODEL if fitting or kind == USUAL.get(guess[4]) else Source.RULE
    return made((*guess[:4], kind, source, fitting, SAID[guess[4]]))


def _told(guess: Span, name: Reading, words: Words) -> str | None:
    """The type that the words around the guess give it; not a person's camp, nor the barracks of a brigade."""
    kind = told(guess, words)
    if kind is None or (guess[4] == "MISC" and kind != "NORP"):
        return None
    last = name.words[-1]
    return None if kind == "FAC" and (guess[4] == "PER" or last in NO_PLACES or last in ARMED_WORDS) else kind


def _fitting(lexicon: Lexicon, guess: Span, said: str | None, entries: Sequence[int]) -> tuple[int, ...]:
    """The entries of that name whose type goes with the tagger's, or with what the words around it say."""
    compatible = COMPATIBLE[guess.type]
    if said is not None and said not in compatible:
        compatible = frozenset({said})
    return tuple([n for n in dict.fromkeys(entries) if TYPES[lexicon.kinds[n]] in compatible])
