"""Articles that arrive as plain text, with half a web page still round and inside them.

``cleaned_lines`` is a fixed point: a text is judged again without what was taken out until nothing
more is, so that cleaning a clean text changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from streams.text.classifier import LineClassifier, line_classifier
from streams.text.cues import cues_of
from streams.text.facts import settle_whole
from streams.text.features import described
from streams.text.found import Found, Line
from streams.text.headline import title_line
from streams.text.hygiene import decoded, tidied_lines
from streams.text.sentences import ends_sentence
from streams.text.spans import credited
from streams.text.structure import settle

PASSES = 6
SHORT = 40
"""Characters up to which a line without a full stop may be a heading, in a language that has no classifier."""
HEADING, FURNITURE = 0.45, 0.2
"""The chances of such a line, by where it stands."""


@dataclass(frozen=True, slots=True)
class CleanedText:
    """Every line of a text with its verdict, and what the text states."""

    lines: tuple[Line, ...]
    found: Found


def cleaned_lines(
    text: str,
    title: str | None = None,
    language: Callable[[], str | None] = lambda: "en",
    model: LineClassifier | None = None,
) -> CleanedText:
    """Judge every line of ``text``; ``title`` where it is known from elsewhere.

    ``language`` tells that of the text, where it is needed: the classifier was trained on English, so lines of
    other languages are dropped only where their structure says so. ``model`` is the one that ships, unless another
    is to be measured.
    """
    lines = split_lines(text)
    found = Found(title=title)
    current = [line for line in lines if line.text]
    for _ in range(PASSES):
        before = [line.text for line in current]
        _judge(current, found, language, model or line_classifier())
        current = [line for line in current if line.kept]
        for block, line in enumerate(current):
            line.block = block
        if [line.text for line in current] == before:
            break
    return CleanedText(tuple(lines), found)


def split_lines(text: str) -> list[Line]:
    """The lines of ``text``, tidied and numbered from 1; blank ones separate blocks."""
    lines, block = [], 0
    for number, tidy in enumerate(tidied_lines(decoded(text)), start=1):
        line = Line(number, tidy, block)
        block += not line.text
        lines.append(line)
    return lines


def _judge(lines: list[Line], found: Found, language: Callable[[], str | None], model: LineClassifier) -> None:
    if not lines:
        return
    texts = [line.text for line in lines]
    cues = cues_of(texts)
    if is_clean(lines, cues):
        chances = [1.0] * len(lines)
        settle_whole(lines, found)
        title_line(lines, chances, found)
        return
    if language() in (None, "en"):
        chances = model.probabilities(described(texts, cues, found.title)).tolist()
    else:
        chances = chances_by_form(texts, cues)
    settle(lines, cues, chances, model.threshold, found)
    title_line(lines, chances, found)


def chances_by_form(texts: Sequence[str], cues: Sequence[str | None]) -> list[float]:
    """How likely lines are an article's in a language that the classifier does not know, by their form alone.

    Short ones are headings, unless they stand above the first sentence, or below the head of a list of other articles.
    """
    whole = [bool(ends_sentence(text)) for text in texts]
    first = next((index for index, text in enumerate(texts) if whole[index] and len(text) > SHORT), 0)
    chances, led_away = [], False
    for index, (text, cue) in enumerate(zip(texts, cues, strict=True)):
        led_away = not whole[index] and (led_away or (cue == "related" and ":" not in text[:-1]))
        if led_away or (index < first and not whole[index] and len(text) <= SHORT):
            chances.append(FURNITURE)
        else:
            chances.append(1.0 if whole[index] or len(text) > SHORT else HEADING)
    return chances


def is_clean(lines: Sequence[Line], cues: Sequence[str | None]) -> bool:
    """Whether nothing in a text is furniture and every line is a paragraph of its own.

    Of half-cleaned texts hardly any is, of clean ones nearly all: such a text is left as it is.
    """
    apart = all(above.block != below.block for above, below in pairwise(lines))
    return apart and not any(cues) and not any(credited(line.text) for line in lines)
