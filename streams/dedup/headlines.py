"""Under which titles a site has sent a text again."""

from typing import NamedTuple

MOST = 3
"""Titles remembered of one body and site: as many as show that extraction has failed."""


class Sent(NamedTuple):
    """A text, by its hash, of a publisher, by hash, in a language, by number."""

    body: int
    publisher: int
    language: int


class Headlines:
    """Titles of bodies that were sent under another one, and the latest decision that brought each."""

    def __init__(self) -> None:
        self._kept: dict[Sent, dict[int, int]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def titles(self, sent: Sent, base: int) -> set[int]:
        """The latest titles brought by decisions from ``base`` on."""
        return {title for title, number in self._kept.get(sent, {}).items() if number >= base}

    def note(self, sent: Sent, title: int, number: int) -> None:
        """Take note of a body that is not new."""
        if not sent.publisher:
            return
        titles = self._kept.setdefault(sent, {})
        titles.pop(title, None)
        titles[title] = number
        if len(titles) > MOST:
            del titles[next(iter(titles))]

    def sweep(self, sent: Sent, title: int, number: int) -> None:
        """Let go of what the decision ``number`` brought."""
        titles = self._kept.get(sent)
        if titles and titles.get(title) == number:
            del titles[title]
            if not titles:
                del self._kept[sent]
