"""What the tables and the trained tagger say of one article, made into one list of spans."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from streams.entities.rules import ENDING_WITH_PERIOD, refined, titles_before
from streams.entities.spans import Source, Span, Words

COMPATIBLE = {
    "PER": frozenset({"PERSON", "-"}),
    "ORG": frozenset({"ORG", "ARMED_GROUP", "MEDIA", "-"}),
    "LOC": frozenset({"GPE", "LOC", "FAC", "-"}),
    "MISC": frozenset({"EVENT", "NORP", "-"}),
}
"""Types of table entries that go with each kind of the trained tagger."""

WITHIN_NAMES = frozenset({"GPE", "NORP", "LOC"})
"""Types whose names stand inside longer names: University of Baghdad, Iraqi Ministry of Oil."""


def merged(
    listed: Sequence[Span], maybe: Mapping[tuple[int, int], Span], guessed: Sequence[Span], words: Words
) -> tuple[list[Span], list[Span]]:
    """Kept and rejected spans, in order.

    ``listed`` come from tables that are believed and do not overlap, ``maybe`` by their words from tables that
    need the tagger to agree, ``guessed`` from the tagger, their type being PER, ORG, LOC or MISC.
    """
    kept: list[Span] = []
    rejected: list[Span] = []
    position = 0
    for guess in guessed:
        while position < len(listed) and listed[position].last <= guess.first:
            position += 1
        inside = [span for span in listed[position : position + len(guess) + 1] if span.overlaps(guess)]
        if guess.type == "PER":
            guess, inside = _untitled(guess, inside, words)
        guess = _with_period(guess, words)
        chosen = _typed(guess, maybe.get((guess.first, guess.last)), words) if _prevails(guess, inside) else None
        if chosen is None:
            rejected.append(replace(guess, note="a table knows it" if inside else "of no type of ours"))
        else:
            kept.append(chosen)
    for span in listed:
        (rejected if any(span.overlaps(other) for other in kept) else kept).append(span)
    return sorted(kept, key=lambda span: span.first), rejected


def _untitled(guess: Span, inside: Sequence[Span], words: Words) -> tuple[Span, Sequence[Span]]:
    """A person without titles before the name, and what the tables say of the rest."""
    peoples = frozenset(
        number - guess.first for span in inside if span.type in WITHIN_NAMES for number in range(span.first, span.last)
    )
    count = titles_before(words.lower(guess), peoples)
    guess = words.shortened(guess, count)
    return guess, [span for span in inside if span.overlaps(guess)] if count else inside


def _with_period(guess: Span, words: Words) -> Span:
    """The period of Inc. and Jr. belongs to the name."""
    if words.text[guess.end : guess.end + 1] == "." and words.lower(guess)[-1] in ENDING_WITH_PERIOD:
        return replace(guess, end=guess.end + 1)
    return guess


def _prevails(guess: Span, inside: Sequence[Span]) -> bool:
    """Whether the tagger's span goes before those of the tables it overlaps."""
    if any(span.covers(guess) or not guess.covers(span) for span in inside):
        return False
    if len(inside) > 1 and sum(len(span) for span in inside) == len(guess):
        return False
    return all(span.type in WITHIN_NAMES or len(span) == 1 for span in inside)


def _typed(guess: Span, entry: Span | None, words: Words) -> Span | None:
    """The span with a type of ours, and with the entry of that name where the tagger agrees with its type."""
    kind = refined(guess.type, words.lower(guess))
    if entry is not None and entry.type in COMPATIBLE[guess.type]:
        if entry.type == "-" and kind is None:
            return None
        return entry.changed(entry.type if entry.type != "-" else str(kind), Source.TABLE, "the model agrees")
    return None if kind is None else guess.changed(kind, Source.MODEL, guess.type)
