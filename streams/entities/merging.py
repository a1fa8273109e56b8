"""What the tables and the trained tagger say of one article, made into one list of spans."""

import re
from collections.abc import Sequence

from streams.entities.characters import HYPHENS
from streams.entities.entries import TYPES
from streams.entities.lexicon import Lexicon
from streams.entities.matching import Maybe
from streams.entities.names import given_name_hashes, person_key
from streams.entities.rules import (
    ARMED_WORDS,
    ENDING_WITH_PERIOD,
    FIRM_ENDS,
    NAMES_TOO,
    NO_LAST_NAMES,
    NO_PLACES,
    OF_BODIES,
    SYLLABLES,
    TITLES,
    refined,
    titles_before,
)
from streams.entities.spans import DOUBTED, OPENING, Source, Span, Words, without_overlaps
from streams.entities.tokens import INITIAL

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

TABLE = Source.TABLE

OPENING_QUOTES = frozenset('"“')
QUOTED = re.compile(r' ["“]\w[\w .’\'-]{0,30}["”] ')
"""What stands between the parts of a name with a nickname."""

DIGIT = re.compile(r"\d")
"""Codes such as H5N1 have one; of single words only those that a table knows are names."""

PARTY_MARKS = frozenset({"D-", "R-", "I-"})
"""What stands before the state of an American legislator: D-Mass."""


def merged(
    lexicon: Lexicon, words: Words, listed: list[Span], maybe: Maybe, guessed: Sequence[Span]
) -> tuple[list[Span], list[Span]]:
    """Kept and rejected spans, in order.

    ``listed`` come from tables that are believed and do not overlap, ``maybe`` are entries by their words that
    need the tagger to agree, ``guessed`` come from the tagger, their type being PER, ORG, LOC or MISC.
    """
    kept: list[Span] = []
    rejected: list[Span] = []
    position, count = 0, len(listed)
    if any(guess[1] - guess[0] > LONGEST_NAME for guess in guessed):
        guessed = [part for guess in guessed for part in _members(lexicon, guess, maybe, words)]
    for guess in guessed:
        first, last, *_ = guess
        while position < count and listed[position][1] <= first:
            kept.append(listed[position])
            position += 1
        ahead = position
        while ahead < count and listed[ahead][0] < last:
            ahead += 1
        inside: Sequence[Span] = listed[position:ahead]
        if inside and (known := _known(lexicon, guess, inside, maybe, words)) is not None:
            listed[position] = known
            if known[1] - known[0] > last - first:
                rejected.append(guess.noted("a table knows a longer name"))
            continue
        if kept and _ends_firm(guess, kept[-1], words):
            kept[-1] = kept[-1]._replace(last=last, end=guess.end)
            continue
        before, guess, inside = _without_titles(guess, inside, words)
        chosen = _chosen(lexicon, guess, inside, maybe, words)
        kept.extend(before)
        if chosen is None:
            rejected.append(guess.noted("a table knows it" if inside else "of no type of ours"))
            position += len(before)
        else:
            kept.append(chosen)
            rejected.extend([span.noted("part of a longer name") for span in inside])
            position = ahead
    kept.extend(listed[position:])
    return kept, rejected


def _members(lexicon: Lexicon, guess: Span, maybe: Maybe, words: Words) -> Sequence[Span]:
    """The guess; somebody and what he is of, where the tagger joins them: Anna Lindholm of Varde Research."""
    first, last, _, end, kind, *_ = guess
    if last - first <= LONGEST_NAME or kind not in LENGTHENED:
        return (guess,)
    name = words.lower(guess)
    place = name.index("of") if "of" in name[2:-1] else 0
    named = words.hash[first] in given_name_hashes() and place <= LONGEST_NAME and name[place - 1] not in OF_BODIES
    if place < 2 or not (named or kind == "PER"):
        return (guess,)
    rest = first + place + 1
    places = any(TYPES[lexicon.kinds[number]] == "GPE" for number in maybe.get((rest, last), ()))
    person = guess._replace(last=rest - 1, end=words.end[rest - 2], type="PER")
    return person, Span(rest, last, words.start[rest], end, "LOC" if places else "ORG", Source.MODEL)


def _known(lexicon: Lexicon, guess: Span, inside: Sequence[Span], maybe: Maybe, words: Words) -> Span | None:
    """What the tables know when that has all words of the guess, or but for an article before them."""
    only = inside[0]
    if only[0] <= guess[0] and guess[1] <= only[1]:
        if guess.type == "PER" and only.type == "GPE":
            return only.noted(DOUBTED)
        if guess.type == "ORG" and only.type == "GPE" and words.plays(guess):
            return _club(lexicon, only, maybe)
        return only
    if len(inside) == 1 and words.same_but_for_article(guess, only):
        return only._replace(first=guess.first, start=guess.start)
    return None


def _chosen(lexicon: Lexicon, guess: Span, inside: Sequence[Span], maybe: Maybe, words: Words) -> Span | None:
    """The guess with a type of ours, when it has one and goes before the tables; as the listed firm that it names."""
    longer = _with_other_name(guess, inside, words)
    if inside and inside[0].last < guess.last and words.only_article(inside[0], guess):
        inside = inside[1:]
    if inside and not longer and not _prevails(guess, inside, words):
        return None
    chosen = _typed(lexicon, guess, maybe, words)
    if chosen is not None and longer and not chosen.entries and _same_given(lexicon, inside[0], chosen, words):
        return chosen._replace(entries=inside[0].entries)
    if chosen is not None and len(inside) == 1 and _names_firm(guess, inside[0], words):
        return chosen._replace(entries=inside[0].entries, type=inside[0].type)
    return chosen


def _with_other_name(guess: Span, inside: Sequence[Span], words: Words) -> bool:
    """Whether the guess is a person with the last name of a listed one, and another name before it: Barron Trump.

    Before the full name of a listed one, that must be a given name: Hassan Mahmoud Abbas.
    """
    if guess.type != "PER" or len(inside) != 1 or inside[0].type != "PERSON" or guess.note == OPENING:
        return False
    if inside[0].first == guess.first or inside[0].last != guess.last:
        return False
    return len(words.key(inside[0])) == 1 or words.hash[guess.first] in given_name_hashes()


def _same_given(lexicon: Lexicon, listed: Span, longer: Span, words: Words) -> bool:
    """Whether the longer name has the given name of the person that the last name is listed for."""
    given = person_key(words.surface(longer)).split(" ")[0]
    return any(person_key(lexicon.name[number]).split(" ")[0] == given for number in listed.entries)


def _without_titles(guess: Span, inside: Sequence[Span], words: Words) -> tuple[Sequence[Span], Span, Sequence[Span]]:
    """What the tables know before the name, a person without the titles before the name, and what they know in it."""
    if guess.type == "PER" and guess.last - guess.first > 1:
        peoples = frozenset(
            [n - guess.first for span in inside if span.type in WITHIN_NAMES for n in range(span.first, span.last)]
        )
        count = titles_before(words.lower(guess), peoples) or _role(guess, words)
        if count:
            guess = words.shortened(guess, count)
            before = [span for span in inside if span.last <= guess.first]
            return before, guess, inside[len(before) :]
    return (), guess, inside


def _role(guess: Span, words: Words) -> bool:
    """Whether an ordinary word that opens a sentence stands before a person's name of two words: Survivor Omar Bah."""
    return guess.note == OPENING and guess.size > 2 and words.hash[guess.first] not in given_name_hashes()


def _club(lexicon: Lexicon, place: Span, maybe: Maybe) -> Span:
    """The club that is called like the place, where the word beside it is of sport."""
    entries = maybe.get((place.first, place.last), ())
    clubs = tuple([n for n in dict.fromkeys(entries) if TYPES[lexicon.kinds[n]] == "ORG"])
    return place._replace(type="ORG", source=Source.RULE, entries=clubs, note="a word of sport beside it")


def _ends_firm(guess: Span, before: Span, words: Words) -> bool:
    """Whether the guess, which begins where ``before`` ends, is but the end of that firm's name: Inc."""
    if guess.type != "ORG" or before.type != "ORG" or before.last != guess.first:
        return False
    return guess.start == before.end + 1 and FIRM_ENDS.issuperset(words.lower(guess))


def _names_firm(guess: Span, inside: Span, words: Words) -> bool:
    """Whether the guess is the listed firm with words after its name that change nothing: Nvidia Corp."""
    if guess.type != "ORG" or inside.type != "ORG" or guess.first != inside.first:
        return False
    return FIRM_ENDS.issuperset(words.lower(guess)[inside.size :])


def _prevails(guess: Span, inside: Sequence[Span], words: Words) -> bool:
    """Whether the tagger's span goes before those of the tables it overlaps."""
    if any(span.covers(guess) or not guess.covers(span) for span in inside):
        return False
    if len(inside) > 1 and sum(span.size for span in inside) == guess.size:
        return False
    if guess.note == OPENING and len(inside) == 1 and inside[0].type == "GPE" and inside[0].first == guess.first + 1:
        return False
    if len(inside) == 1 and guess.type in LENGTHENED and inside[0].type in COMPATIBLE[guess.type]:
        return inside[0].first == guess.first
    called_after = inside[-1].last < guess.last and words.lower(guess)[-1] in NO_LAST_NAMES
    return called_after or all(span.type in WITHIN_NAMES or span.size == 1 for span in inside)


def _typed(lexicon: Lexicon, guess: Span, maybe: Maybe, words: Words) -> Span | None:
    """The span with a type of ours, and with the entries of that name where the tagger agrees with their type."""
    name = words.lower(guess)
    if len(name) > 1 and words.text[guess.start : guess.start + 2] in PARTY_MARKS:
        return None
    if guess.type == "PER" and name[-1] in TITLES and name[-1] not in NAMES_TOO and TITLES.issuperset(name):
        return None
    if name[-1] in ENDING_WITH_PERIOD and words.text[guess.end : guess.end + 1] == ".":
        guess = guess._replace(end=guess.end + 1)
    if guess.type == "PER":
        guess = _with_syllable(guess, words)
    told = _told(guess, name, words)
    kind = told or refined(guess.type, name)
    entries = maybe.get((guess.first, guess.last), ())
    fitting: tuple[int, ...] = ()
    if entries:
        compatible = COMPATIBLE[guess.type]
        if told is not None and told not in compatible:
            compatible = frozenset({told})
        fitting = tuple([n for n in dict.fromkeys(entries) if TYPES[lexicon.kinds[n]] in compatible])
        if fitting and TYPES[lexicon.kinds[fitting[0]]] != "-":
            kind = TYPES[lexicon.kinds[fitting[0]]]
    if kind is None or (not fitting and len(name) == 1 and DIGIT.search(name[0])):
        return None
    source = Source.MODEL if fitting or kind == USUAL.get(guess.type) else Source.RULE
    return guess.changed(kind, source, SAID[guess.type], fitting)


def _told(guess: Span, name: Sequence[str], words: Words) -> str | None:
    """The type that the words around the guess give it; not a person's camp, nor the barracks of a brigade."""
    kind = words.told(guess)
    if kind == "FAC" and (guess.type == "PER" or name[-1] in NO_PLACES or name[-1] in ARMED_WORDS):
        return None
    return kind if guess.type != "MISC" or kind == "NORP" else None


def bodies(spans: list[Span], words: Words) -> list[Span]:
    """The spans; a place whose name goes on to that of a body of its own is the body: Hasakah Military Council."""
    case, count = words.case, len(words.start)
    ahead = [span for span in spans if span[1] < count and case[span[1]] == INITIAL and span[4] == "GPE"]
    grown = {place: body for place in ahead if (body := words.body_of(place)) is not place}
    return without_overlaps([grown.get(span, span) for span in spans])[0] if grown else spans


def nicknamed(spans: list[Span], words: Words) -> list[Span]:
    """The spans; a person with a nickname in quotes is one name: William "Bill" Hartnell."""
    text = words.text
    for span in [span for span in spans if text[span[3] + 1] in OPENING_QUOTES and span[4] == "PERSON"]:
        for other in spans[spans.index(span) + 1 :][:2]:
            if other.type == "PERSON" and QUOTED.fullmatch(text, span.end, other.start):
                whole = span._replace(last=other.last, end=other.end, source=Source.RULE, entries=())
                spans = [whole if each is span else each for each in spans if each is span or not whole.covers(each)]
                break
    return spans


def _with_syllable(guess: Span, words: Words) -> Span:
    """The whole of a given name such as Jong-un."""
    after = guess.last
    if after >= len(words.start) or words.start[after] != guess.end + 1 or words.text[guess.end] not in HYPHENS:
        return guess
    syllable = words.text[words.start[after] : words.end[after]]
    return guess._replace(last=after + 1, end=words.end[after]) if syllable in SYLLABLES else guess
