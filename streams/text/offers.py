"""Offers to pay for the rest of a text, in lines of their own below what can be read of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from schemas.article import Flag
from streams.text.cues import Hint, hints_of
from streams.text.found import Found, Line
from streams.text.sentences import ends_sentence, told
from streams.text.wall_phrases import Phrases, phrases_for

LONGEST = 160
"""What a line of an offer tells at most (``told``); sentences that tell more are the article's."""
PROSE = 60
"""What a sentence tells at least that is the article's; lines that tell less may stand within an offer."""
SIGNS, GAP = 3, 2
"""Different signs that an offer has at least; lines without any that may stand between two with one."""
FOR_SUBSCRIBERS, READ_ON = 1, 3
PITCHES = frozenset({FOR_SUBSCRIBERS, READ_ON})
"""The signs of which an offer has one: that the rest is for those who pay, that there is more to read."""


@dataclass(frozen=True, slots=True)
class _Signed:
    """A line and the signs of an offer that it bears."""

    line: Line
    signs: frozenset[int]


def settle_offers(lines: Sequence[Line], found: Found) -> None:
    """Drop offers to pay for the rest, and flag a text that ends in one; not where nothing else would be left."""
    texts = [line for line in lines if line.text and not line.boxed]
    pitches = [line.text for line in texts if len(line.text) <= LONGEST and hints_of(line.text) & Hint.OFFERS]
    if not pitches:
        return
    phrases = phrases_for("\n".join([line.text for line in texts if line.kept]))
    may_be = zip(pitches, phrases.gates.of_lines(pitches), strict=True)
    if not any(phrases.offers[place].stands_in(text, may) for text, may in may_be for place in PITCHES):
        return
    for offer in list(_offers(_signed(texts, phrases))):
        offered = {id(each.line) for each in offer}
        others = [line for line in texts if line.kept and id(line) not in offered]
        if any(map(_is_prose, others)):
            for each in offer:
                if each.line.kept:
                    each.line.drop("paywall", "offers to read the rest to those who pay")
            last = offer[-1].line.number
            if not any(line.number > last and _is_prose(line) for line in others):
                found.add_flag(Flag.PARTIAL)


def _is_prose(line: Line) -> bool:
    return line.kept and bool(ends_sentence(line.text)) and told(line.text) >= PROSE


def _signed(texts: Sequence[Line], phrases: Phrases) -> list[_Signed]:
    """The signs of each line: none where news are told, or more than an offer tells."""
    signed = []
    short = [line.text if len(line.text) <= LONGEST else "" for line in texts]
    for line, may in zip(texts, phrases.gates.of_lines(short), strict=True):
        may_be = may and told(line.text) <= LONGEST and not phrases.told.stands_in(line.text, may)
        borne = (place for place, sign in enumerate(phrases.offers) if sign.stands_in(line.text, may)) if may_be else ()
        signed.append(_Signed(line, frozenset(borne)))
    return signed


def _offers(signed: Sequence[_Signed]) -> Iterator[list[_Signed]]:
    """Lines that stand together and offer the rest: in several ways, one line of which says so by more than a word."""
    run: list[_Signed] = []
    for each in [*signed, None]:
        if each is not None and (each.signs or (run and told(each.line.text) < PROSE)):
            run.append(each)
        bare = next((place for place, other in enumerate(reversed(run)) if other.signs), 0)
        if run and (each is None or each is not run[-1] or bare > GAP):
            offer = list(dropwhile(_is_told, run[: len(run) - bare]))
            if _is_offer(offer):
                yield offer
            run = []


def _is_told(signed: _Signed) -> bool:
    """Whether a line above an offer is the article's last: a sentence that has no more of an offer than a price."""
    return (
        ends_sentence(signed.line.text)
        and told(signed.line.text) >= PROSE
        and len(signed.signs - PITCHES) < 2
        and not signed.signs & PITCHES
    )


def _is_offer(lines: Sequence[_Signed]) -> bool:
    borne = [each.signs for each in lines if each.signs]
    every = frozenset[int]().union(*borne)
    pitched = any(FOR_SUBSCRIBERS in signs or (READ_ON in signs and len(signs) > 1) for signs in borne)
    return len(borne) > 1 and bool(every & PITCHES) and len(every) >= SIGNS + (not pitched)
