"""Under which titles a site has sent a text again."""

MOST = 3
"""Titles remembered of one body and site: as many as show that extraction has failed."""


class Headlines:
    """Titles of bodies that were sent under another one, and the latest decision that brought each."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], dict[int, int]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def titles(self, body: int, publisher: int, base: int) -> set[int]:
        """The latest titles brought by decisions from ``base`` on."""
        return {title for title, number in self._kept.get((body, publisher), {}).items() if number >= base}

    def note(self, body: int, publisher: int, title: int, number: int) -> None:
        """Take note of a body that is not new."""
        if not publisher:
            return
        titles = self._kept.setdefault((body, publisher), {})
        titles.pop(title, None)
        titles[title] = number
        if len(titles) > MOST:
            del titles[next(iter(titles))]

    def sweep(self, body: int, publisher: int, title: int, number: int) -> None:
        """Let go of what the decision ``number`` brought."""
        titles = self._kept.get((body, publisher))
        if titles and titles.get(title) == number:
            del titles[title]
            if not titles:
                del self._kept[body, publisher]
