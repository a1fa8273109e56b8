"""What feeds put behind a text: "Continue reading", "The post ... appeared first on ...", "[...]"."""

from collections.abc import Sequence

from schemas.article import Flag
from streams.text.found import Found, Line
from streams.text.spans import feed_tail

BUTTON = 40
"""Most characters of a link below a text by which it goes on elsewhere."""


def cut_tail(lines: Sequence[Line], found: Found) -> None:
    """Cut a feed's tail off the last kept lines; flag a text that says it goes on elsewhere."""
    for line in reversed([line for line in lines if line.kept and line.text]):
        tail = feed_tail(line.text)
        if tail is None:
            return
        if tail.truncated:
            found.add_flag(Flag.TRUNCATED)
        found.publisher = found.publisher or tail.publisher
        if tail.start >= len(line.text):
            return
        line.cut, line.text = line.text[tail.start :], line.text[: tail.start].rstrip()
        if line.text:
            return
        line.text, line.cut = line.cut, ""
        line.drop("notice", "the tail of a feed")


def flag_button(lines: Sequence[Line], found: Found) -> None:
    """Flag a fragment whose last line is a link by which it goes on elsewhere, though it was taken for furniture."""
    last = next((line for line in reversed(lines) if line.text), None)
    tail = feed_tail(last.text) if last and not last.kept and len(last.text) <= BUTTON else None
    if tail and tail.truncated:
        found.add_flag(Flag.TRUNCATED)
