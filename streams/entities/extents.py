"""Where names begin and end, when a table or the trained tagger says it nearly."""

import re

from streams.entities.characters import HYPHENS
from streams.entities.rules import STORMS, SYLLABLES
from streams.entities.spans import Source, Span, made, without_overlaps
from streams.entities.tokens import INITIAL, LOWER
from streams.entities.words import Words

ARTICLED = frozenset({"ORG", "MEDIA"})

ROMAN = re.compile("X{0,2}(?:IX|IV|V?I{1,3}|V|X)")
"""Numbers of rulers, but for the letter I by itself."""

PROVINCE = frozenset({"province", "governorate"})
FRAMED = frozenset({"GPE", "PERSON"})
OFFICES = frozenset(
    {"President", "Chancellor", "Senator", "Governor", "General", "Dr", "Mr", "Mrs", "Ms", "Lord", "Ayatollah"}
)

LOCAL_BODIES = {
    word.capitalize(): kind
    for kind, words in {
        "ORG": "council command commission committee court police university department directorate",
        "EVENT": "open masters marathon olympics prix summit festival games championships accords",
    }.items()
    for word in words.split()
}
"""Last words of the names of bodies and events that are called after their place, and their types."""

NAMING = frozenset({"GPE", "NORP"})
"""Types of what bodies and events are called after."""

GOING_ON = frozenset({" of ", " for", " on "})

BEFORE_STORMS = frozenset(word.capitalize() for word in STORMS)

OPENING_QUOTES = frozenset('"“')
QUOTED = re.compile(r' ["“]\w[\w .’\'-]{0,30}["”] ')
"""What stands between the parts of a name with a nickname."""


def proper(span: Span, words: Words) -> Span:
    """A listed span without the word that says what it is, and with its number.

    Kirkuk of ``Kirkuk province``, Bush of ``President Bush``, ``Pope Benedict XVI``.
    """
    first, last = span[0], span[1] - 1
    if first == last or span[4] not in FRAMED:
        return span
    if span[4] == "PERSON":
        span = _numbered(span, words)
        return words.shortened(span, 1) if words.text[words.start[first] : words.end[first]] in OFFICES else span
    if words.text[words.start[last] : words.end[last]] not in PROVINCE:
        return span
    return span._replace(last=last, end=words.end[last - 1])


def _numbered(span: Span, words: Words) -> Span:
    """A ruler's name with the number after it: Pope Benedict XVI."""
    after = span.last
    if after == len(words.start) or words.start[after] != span.end + 1 or words.case[after] == LOWER:
        return span
    number = words.text[words.start[after] : words.end[after]]
    return span._replace(last=after + 1, end=words.end[after]) if ROMAN.fullmatch(number) else span


def framed(spans: list[Span], words: Words) -> list[Span]:
    """Kept spans with what else is of the names: the rest of a body's, what follows a nickname, an article."""
    spans = nicknamed(bodies(spans, words), words)
    return [with_article(span, words) if span[4] in ARTICLED else span for span in spans]


def with_article(span: Span, words: Words) -> Span:
    """An organisation with the article that is of its name, in capitals inside a sentence: told The Home Depot.

    For types of ARTICLED.
    """
    first, start = span[0], span[2]
    if first < 2 or words.text[start - 5 : start] != " The ":
        return span
    if words.case[first - 2] != LOWER or not words.text[start - 6].isalnum():
        return span
    return span._replace(first=first - 1, start=start - 4)


def storm(name: Span, words: Words) -> Span | None:
    """The storm that is called by the name, when the word before says that it is one: Tropical Storm Rita."""
    first, start = name[0], name[2]
    opening = first
    while opening and first - opening < 2 and words.start[opening] == words.end[opening - 1] + 1:
        word = words.text[words.start[opening - 1] : words.end[opening - 1]]
        if word not in (BEFORE_STORMS if opening == first else {"Tropical"}):
            break
        opening -= 1
    if opening == first or words.text[start - 1] != " ":
        return None
    return made((opening, name[1], words.start[opening], name[3], "EVENT", Source.RULE, (), "the word before it"))


def with_syllable(name: Span, words: Words) -> Span:
    """The whole of a given name such as Jong-un."""
    after, end = name[1], name[3]
    if words.text[end] not in HYPHENS or after >= len(words.start) or words.start[after] != end + 1:
        return name
    syllable = words.text[words.start[after] : words.end[after]]
    return name._replace(last=after + 1, end=words.end[after]) if syllable in SYLLABLES else name


def without_papers(spans: list[Span], words: Words) -> list[Span]:
    """The listed spans without media called like a people where the people's name goes on: The Australian Open."""
    papers = [
        span
        for span in spans
        if span[4] == "MEDIA" and span[1] - span[0] == 2 and words.text[span[2] : span[2] + 4] == "The "
    ]
    for paper in papers:
        after = paper[1]
        goes_on = after < len(words.start) and words.case[after] == INITIAL and words.start[after] == paper[3] + 1
        if goes_on and any(span[4] == "NORP" and span[:2] == (paper[0] + 1, after) for span in spans):
            spans = [span for span in spans if span is not paper]
    return spans


def bodies(spans: list[Span], words: Words) -> list[Span]:
    """The spans; a place whose name goes on to that of a body of its own is the body: Hasakah Military Council.

    So is a people whose name goes on to that of an event: Australian Open.
    """
    case, count = words.case, len(words.start)
    ahead = [span for span in spans if span[4] in NAMING and span[1] < count and case[span[1]] == INITIAL]
    grown = {place: body for place in ahead if (body := _body_of(place, words)) is not place}
    return without_overlaps([grown.get(span, span) for span in spans])[0] if grown else spans


def _body_of(place: Span, words: Words) -> Span:
    """The body or event that the place's name opens, up to three words further on; else the place."""
    text, starts = words.text, words.start
    number, end, count = place.last, place.end, len(starts)
    while number < count and number < place.last + 3 and words.case[number] == INITIAL:
        if starts[number] != end + 1 or text[end] != " ":
            break
        end = words.end[number]
        kind = LOCAL_BODIES.get(text[starts[number] : end])
        if kind is not None and text[end : end + 4] not in GOING_ON and (place.type == "GPE" or kind == "EVENT"):
            return made((place.first, number + 1, place.start, end, kind, Source.RULE, (), "called after its place"))
        number += 1
    return place


def nicknamed(spans: list[Span], words: Words) -> list[Span]:
    """The spans; a person with a nickname in quotes is one name: William "Bill" Hartnell."""
    text = words.text
    for span in [span for span in spans if span[4] == "PERSON" and text[span[3] + 1] in OPENING_QUOTES]:
        for other in spans[spans.index(span) + 1 :][:2]:
            if other.type == "PERSON" and QUOTED.fullmatch(text, span.end, other.start):
                whole = span._replace(last=other.last, end=other.end, source=Source.RULE, entries=())
                spans = [whole if each is span else each for each in spans if each is span or not whole.covers(each)]
                break
    return spans
