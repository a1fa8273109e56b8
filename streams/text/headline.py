"""The title of a text, where it stands above it, and its standfirst."""

import re
from collections.abc import Sequence

from streams.text.counts import STOP_WORDS
from streams.text.cues import cue_of
from streams.text.facts import state
from streams.text.found import Found, Line
from streams.text.normal import normalised, unmarked
from streams.text.sentences import ends_sentence
from streams.text.structure import is_prose

HEADLINE = 0.65
"""Score from which a line above the text is its title; lower ones more often are not."""
STANDFIRST = 0.2
"""Chance from which the line below the title is kept."""
ABOVE_STANDFIRST = 0.3
"""How much less a line may score that stands above the best: the best is its standfirst."""
BELOW = 6
"""Lines below the title whose dates and bylines are its own."""
FEW = 40
"""Words up to which each is looked for by itself."""
_CONTENT = re.compile(r"\w{3,}")
_LABEL = re.compile(r"[^\W\d_][^\W\d_&'’.-]*(?:[ /&-]+[^\W\d_]+){0,2}")
"""Up to three words, as sections are called; slugs of agencies have figures and more marks."""


def title_line(lines: list[Line], chances: Sequence[float], found: Found) -> None:
    """Find the title before the first paragraph, where it is not known; take it and its label out."""
    place = _known_title(lines, found.title) if found.title else _found_title(lines, found)
    if place is not None:
        _standfirst(lines, chances, place, found)
        _stated_below(lines, place, found)


def _known_title(lines: list[Line], title: str) -> int | None:
    """Drop the lines that are the title; the place of the first."""
    wanted = normalised(title)
    places = [
        index
        for index, line in enumerate(lines)
        if abs(len(line.text) - len(wanted)) < 30 and normalised(line.text) == wanted
    ]
    for index in places:
        lines[index].drop("title", "is the title")
    return places[0] if places else None


def _found_title(lines: list[Line], found: Found) -> int | None:
    """Take the line before the first paragraph that is most like its headline, and the label above it."""
    first = next((index for index, line in enumerate(lines) if line.kept and is_prose(line.text)), len(lines))
    likely = [index for index, line in enumerate(lines[:first]) if _may_be_title(line)]
    if not likely:
        return None
    topic = unmarked("\n".join([line.text for line in lines[first:] if line.kept])).casefold()
    words = {index: content_words(lines[index].text) for index in likely}
    told = words_told(set().union(*words.values()), topic)
    texts = [line.text for line in lines]
    scores = {
        index: _likeness(lines[index].text, words[index], told)
        + _place(lines, index, first)
        + 0.2 * (texts.count(texts[index]) > 1)
        for index in likely
    }
    best = max(scores, key=lambda index: (scores[index], -index), default=0)
    if scores.get(best, 0.0) < HEADLINE:
        return None
    while best - 1 in scores and scores[best - 1] >= scores[best] - ABOVE_STANDFIRST:
        best -= 1
    line = lines[best]
    found.title = line.text
    line.drop("title", "the headline above the text")
    if best and _LABEL.fullmatch(lines[best - 1].text) and lines[best - 1].kind in ("unrelated", "paragraph"):
        label = lines[best - 1]
        found.section = found.section or label.text
        label.drop("menu", "a label above the title")
    return best


def _standfirst(lines: list[Line], chances: Sequence[float], title: int, found: Found) -> None:
    """The line right below the title: kept where the classifier is unsure; a standfirst where something parts it
    from the text, or it ends without a full stop."""
    if title + 1 >= len(lines):
        return
    line = lines[title + 1]
    words = len(line.text.split())
    if line.kind == "unrelated" and chances[title + 1] >= STANDFIRST and words >= 10:
        line.kept, line.kind, line.why = True, "paragraph", f"below the title; classifier: {chances[title + 1]:.2f}"
    below = lines[title + 2] if title + 2 < len(lines) else None
    if line.kept and 8 <= words <= 60 and below and (not ends_sentence(line.text) or not below.kept):
        found.standfirst = found.standfirst or line.text


def _stated_below(lines: Sequence[Line], title: int, found: Found) -> None:
    """The date and authors right below the title, where the text itself stands too far away to tell whose they are."""
    for line in lines[title + 1 : title + 1 + BELOW]:
        cue = cue_of(line.text) if line.kind in ("date", "byline") else None
        if (cue == "byline" and not found.authors) or cue in ("date", "updated"):
            state(line.text, cue, found)


def _may_be_title(line: Line) -> bool:
    words = line.text.split()
    if line.kind not in ("paragraph", "unrelated") or not 4 <= len(words) <= 30 or line.text[0].islower():
        return False
    return not line.text.endswith((".", ":", ",", ";"))


def _place(lines: Sequence[Line], index: int, first: int) -> float:
    """How much a line's place speaks for a title: near the text, a byline or date below it."""
    below = [line.kind for line in lines[index + 1 : index + 4]]
    return 0.3 * ("byline" in below or "date" in below) + 0.3 / (1 + (first - index) / 3)


def content_words(text: str) -> set[str]:
    """The words of a text, of three letters and more, in lower case, but for the commonest."""
    return set(_CONTENT.findall(text.casefold())) - STOP_WORDS


def words_told(words: set[str], text: str) -> set[str]:
    """Which of some words stand in a text as words; a few are looked for one by one, which is much faster."""
    return {word for word in words if _stands_in(word, text)} if len(words) <= FEW else words & content_words(text)


def _stands_in(word: str, text: str) -> bool:
    """Whether a word of letters stands in a text between characters that are of no word."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (_of_word(text[at - 1 : at]) or _of_word(text[end : end + 1])):
            return True
        at = text.find(word, end + 1)
    return False


def _of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _likeness(line: str, words: set[str], topic: set[str]) -> float:
    shared = len(words & topic) / len(words) if words else 0.0
    return shared - 0.03 * max(0, len(line.split()) - 14)
