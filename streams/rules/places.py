"""Where the words of a stretch of text stand, by what they answer to."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import chain

from streams.rules.splitting import Reading
from streams.rules.words import KnownWords, cased, fold


class Places:
    """The words of a stretch, by key, form and prefix.

    ``known`` has the keys of each of them.
    """

    def __init__(self, reading: Reading, start: int, end: int, known: KnownWords) -> None:
        self._reading, self._start, self._end = reading, start, end
        self._surfaces = known.surfaces
        self._found: dict[str, Sequence[int]] = {}

    @cached_property
    def keys(self) -> set[str]:
        """Every key that one of the words answers to."""
        return self._reading.keys(self._start, self._end)

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        """Positions of each word as it stands."""
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        for position, word in enumerate(self._reading.words(self._start, self._end), self._start):
            by_word[word].append(position)
        return by_word

    def positions(self, key: str) -> Sequence[int]:
        """Where words with ``key`` stand, ascending."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._of(self._surfaces.get(key, ()))
        return found

    def forms(self, key: str, form: str) -> Sequence[int]:
        """Where words of exactly the folded ``form`` stand."""
        return self._chosen("=" + form, key, lambda surface: fold(surface) == form)

    def cases(self, key: str, form: str) -> Sequence[int]:
        """Where words of exactly the ``form``, its case included, stand."""
        return self._chosen("^" + form, key, lambda surface: cased(surface) == form)

    def _chosen(self, name: str, key: str, wanted: Callable[[str], bool]) -> Sequence[int]:
        found = self._found.get(name)
        if found is None:
            by_word = self._by_word
            stated = (surface for surface in self._surfaces.get(key, ()) if surface in by_word and wanted(surface))
            found = self._found[name] = self._of(stated)
        return found

    def _of(self, surfaces: Iterable[str]) -> Sequence[int]:
        by_word = self._by_word
        each = [by_word[surface] for surface in surfaces if surface in by_word]
        return each[0] if len(each) == 1 else sorted(chain.from_iterable(each))

    @cached_property
    def _alphabetical(self) -> list[tuple[str, str]]:
        return sorted((fold(surface), surface) for surface in self._by_word)

    def prefixed(self, prefix: str) -> Sequence[int]:
        """Where words whose folded form begins with ``prefix`` stand."""
        listed = self._alphabetical
        low, high = bisect_left(listed, (prefix, "")), bisect_left(listed, (prefix + "\U0010ffff", ""))
        return self._of(surface for _, surface in listed[low:high])
