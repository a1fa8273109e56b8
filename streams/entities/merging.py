"""What the tables and the trained tagger say of one article, made into one list of spans."""

from collections.abc import Sequence
from functools import cache

from streams import kernels
from streams.entities.characters import HYPHENS
from streams.entities.context import plays
from streams.entities.entries import TYPE_NUMBER, TYPES, UNTYPED
from streams.entities.extents import framed
from streams.entities.lexicon import Lexicon
from streams.entities.listing import Maybe
from streams.entities.model import KINDS
from streams.entities.precedence import (
    COMPATIBLE,
    LENGTHENED,
    SAID,
    USUAL,
    WITHIN_NAMES,
    names_firm,
    prevails,
    same_given,
    typed,
    with_other_name,
)
from streams.entities.readings import KNOWN, read
from streams.entities.rules import FIRM_ENDS, OF_BODIES, titles_before
from streams.entities.spans import DOUBTED, OPENING, Source, Span
from streams.entities.vocabulary import GIVEN
from streams.entities.words import Words

LONGEST_NAME = 3
"""Words of a person's name, as a rule."""

LONGER, NO_TYPE, PART = "a table knows a longer name", "of no type of ours", "part of a longer name"
"""Notes of rejected spans."""


def merged(
    lexicon: Lexicon, words: Words, listed: list[Span], maybe: Maybe, guessed: list[Span]
) -> tuple[list[Span], list[Span]]:
    """Kept and rejected spans, in order.

    ``listed`` come from tables that are believed and do not overlap, ``maybe`` are entries by their words that
    need the tagger to agree, ``guessed`` come from the tagger, their type being PER, ORG, LOC or MISC.
    """
    merging = Merging(lexicon, words, listed, maybe)
    if kernels.native is not None:
        starts, ends, _, case, _, marks = words.columns
        growing = kernels.native.merged(
            guessed, listed, merging.kept, merging.rejected, maybe, KNOWN, merging.resumed, read, words, words.text,
            _forms(), lexicon.type, starts, ends, case, marks,
        )  # fmt: skip
        return framed(merging.kept, words) if growing else merging.kept, merging.rejected
    for guess in guessed:
        merging.take(guess)
    merging.kept.extend(listed[merging.position :])
    return framed(merging.kept, words), merging.rejected


@cache
def _forms() -> tuple[object, ...]:
    """What the compiled form takes of this module and others, in its order."""
    compatible = [sum(1 << TYPE_NUMBER[kind] for kind in COMPATIBLE[each]) for each in KINDS]
    said, usual = tuple([SAID[kind] for kind in KINDS]), tuple([USUAL.get(kind) for kind in KINDS])
    return (
        *(Span, TYPES, Source.MODEL, Source.RULE, DOUBTED, OPENING, LONGER, NO_TYPE, PART),
        *(HYPHENS, said, usual, (*compatible, UNTYPED)),
    )


class Merging:
    """The spans of an article while those of the tagger are added, in order; ``position`` of the listed are done."""

    __slots__ = ("kept", "lexicon", "listed", "maybe", "position", "rejected", "words")

    def __init__(self, lexicon: Lexicon, words: Words, listed: list[Span], maybe: Maybe) -> None:
        self.lexicon, self.words, self.listed, self.maybe = lexicon, words, listed, maybe
        self.kept: list[Span] = []
        self.rejected: list[Span] = []
        self.position = 0

    def take(self, guess: Span) -> None:
        """Keep or reject a span of the tagger, or each of the two that it is."""
        for part in self.members(guess) if guess[1] - guess[0] > LONGEST_NAME else (guess,):
            self.add(part)

    def resumed(self, guess: Span, position: int) -> int:
        """``take`` for the compiled form, which leaves to it what has to be weighed; how many listed are done then."""
        self.position = position
        self.take(guess)
        return self.position

    def members(self, guess: Span) -> Sequence[Span]:
        """The guess; somebody and what he is of, where the tagger joins them: Anna Lindholm of Varde Research."""
        first, last, _, end, kind, *_ = guess
        words = self.words
        if kind not in LENGTHENED:
            return (guess,)
        name = words.lower(guess)
        place = name.index("of") if "of" in name[2:-1] else 0
        named = words.marks[first] & GIVEN and place <= LONGEST_NAME and name[place - 1] not in OF_BODIES
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
            only = listed[position]
            if only[0] <= first and last <= only[1]:
                self._covered(guess, only)
            else:
                self._compare(guess)
        elif not self._ends_firm(guess):
            guess = self._untitled(guess)
            chosen = typed(self.lexicon, guess, self.maybe, self.words)
            if chosen is None:
                self.rejected.append(guess.noted(NO_TYPE))
            else:
                self._keep(chosen)

    def _keep(self, chosen: Span) -> None:
        """Keep a span, in place of those that end inside it: it may begin with words before the tagger's."""
        while self.kept and self.kept[-1][1] > chosen[0]:
            self.rejected.append(self.kept.pop().noted(PART))
        self.kept.append(chosen)

    def _compare(self, guess: Span) -> None:
        """Decide between a span of the tagger and what the tables know in it, but for an article before that."""
        listed, position = self.listed, self.position
        ahead = position + 1
        while ahead < len(listed) and listed[ahead][0] < guess[1]:
            ahead += 1
        inside: Sequence[Span] = listed[position:ahead]
        if len(inside) == 1 and self.words.same_but_for_article(guess, inside[0]):
            listed[position] = inside[0]._replace(first=guess.first, start=guess.start)
            return
        if self._ends_firm(guess):
            return
        before, guess, inside = self._without_titles(guess, inside)
        chosen = self._chosen(guess, inside)
        self.kept.extend(before)
        if chosen is None:
            self.rejected.append(guess.noted("a table knows it" if inside else NO_TYPE))
            self.position += len(before)
        else:
            self._keep(chosen)
            self.rejected.extend([span.noted(PART) for span in inside])
            self.position = ahead

    def _covered(self, guess: Span, listed: Span) -> None:
        """Take note of a span of the tagger all of whose words are those of a name that a table knows."""
        if guess[4] == "PER" and listed[4] == "GPE":
            self.listed[self.position] = listed.noted(DOUBTED)
        elif guess[4] == "ORG" and listed[4] == "GPE" and plays(guess, self.words):
            self.listed[self.position] = self._club(listed)
        if listed[1] - listed[0] > guess[1] - guess[0]:
            self.rejected.append(guess.noted(LONGER))

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
        return guess[7] == OPENING and guess.size > 2 and not self.words.marks[guess.first] & GIVEN

    def _chosen(self, guess: Span, inside: Sequence[Span]) -> Span | None:
        """The guess with a type of ours, where it goes before the tables; as the listed firm that it names."""
        longer = with_other_name(guess, inside, self.words)
        if inside and inside[0].last < guess.last and self.words.only_article(inside[0], guess):
            inside = inside[1:]
        if inside and not longer and not prevails(guess, inside, self.words):
            return None
        chosen = typed(self.lexicon, guess, self.maybe, self.words)
        if chosen is None or not inside:
            return chosen
        if longer and not chosen.entries and same_given(self.lexicon, inside[0], chosen, self.words):
            return chosen._replace(entries=inside[0].entries)
        if len(inside) == 1 and names_firm(guess, inside[0], self.words):
            return chosen._replace(entries=inside[0].entries, type=inside[0].type)
        return chosen
