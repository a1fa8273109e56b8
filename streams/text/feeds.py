"""What feeds put behind a text: "Continue reading", "The post ... appeared first on ...", "[...]"."""

from collections.abc import Sequence

from schemas.article import Flag
from streams.text.found import Found, Line
from streams.text.spans import feed_tail


def cut_tail(lines: Sequence[Line], found: Found) -> None:
    """Cut a feed's tail off the last kept lines; flag a text that says it goes on elsewhere."""
    for line in reversed(lines):
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
