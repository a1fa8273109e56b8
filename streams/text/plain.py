"""Articles that arrive as plain text, with half a web page still round and inside them.

``cleaned_lines`` is a fixed point: a text is judged again without what was taken out until nothing
more is, so that cleaning a clean text changes nothing.
"""

from dataclasses import dataclass

from streams.text.classifier import line_classifier
from streams.text.features import described
from streams.text.found import Found, Line
from streams.text.hygiene import decoded, tidied
from streams.text.structure import settle, title_line

PASSES = 6


@dataclass(frozen=True, slots=True)
class CleanedText:
    """Every line of a text with its verdict, and what the text states."""

    lines: tuple[Line, ...]
    found: Found


def cleaned_lines(text: str, title: str | None = None, language: str | None = "en") -> CleanedText:
    """Judge every line of ``text``; ``title`` where it is known from elsewhere.

    ``language`` is that of the text: the classifier was trained on English, so lines of other
    languages are dropped only where their structure says so.
    """
    lines = split_lines(text)
    found = Found(title=title)
    current = [line for line in lines if line.text]
    for _ in range(PASSES):
        before = [line.text for line in current]
        _judge(current, found, language)
        current = [line for line in current if line.kept]
        for block, line in enumerate(current):
            line.block = block
        if [line.text for line in current] == before:
            break
    return CleanedText(tuple(lines), found)


def split_lines(text: str) -> list[Line]:
    """The lines of ``text``, tidied and numbered from 1; blank ones separate blocks."""
    lines, block = [], 0
    for number, raw in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        line = Line(number, " ".join(tidied(decoded(raw)).split()), block)
        block += not line.text
        lines.append(line)
    return lines


def _judge(lines: list[Line], found: Found, language: str | None) -> None:
    if not lines:
        return
    rows, cues = described([line.text for line in lines], found.title)
    model = line_classifier()
    chances = [float(chance) for chance in model.probabilities(rows)]
    if language not in (None, "en"):
        chances = [1.0 if len(line.text) > 40 or line.text[-1] in ".!?。！？؟।" else 0.45 for line in lines]
    settle(lines, cues, chances, model.threshold, found)
    title_line(lines, found)
