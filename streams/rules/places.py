"""Where the words of a stretch of text stand, by what they answer to."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter

from streams.rules.splitting import Reading, Token
from streams.rules.words import cased, fold

FEW = 48
"""Keys whose words are looked for one by one before all words are put in order."""


class Places:
    """The words of a stretch, by key, form and prefix."""

    def __init__(self, reading: Reading, start: int, end: int) -> None:
        self._reading, self._start, self._end = reading, start, end
        self._found: dict[str, Sequence[int]] = {}
        self._left = FEW

    @cached_property
    def keys(self) -> set[str]:
        """Every key that one of the words answers to."""
        return self._reading.keys(self._start, self._end)

    @cached_property
    def _by_token(self) -> dict[Token, list[int]]:
        """Positions of each word as it stands."""
        by_token: defaultdict[Token, list[int]] = defaultdict(list)
        for position, token in enumerate(self._reading.tokens(self._start, self._end), self._start):
            by_token[token].append(position)
        return by_token

    def positions(self, key: str) -> Sequence[int]:
        """Where words with ``key`` stand, ascending."""
        found = self._found.get(key)
        if found is None:
            found = self._few(key) if self._left else None
            if found is None:
                found = self._of(self._reading.answering(key))
            self._found[key] = found
        return found

    def _few(self, key: str) -> Sequence[int] | None:
        self._left -= 1
        return self._reading.places(key, self._start, self._end)

    def forms(self, key: str, form: str) -> Sequence[int]:
        """Where words of exactly the folded ``form`` stand."""
        return self._chosen("=" + form, key, lambda surface: fold(surface) == form)

    def cases(self, key: str, form: str) -> Sequence[int]:
        """Where words of exactly the ``form``, its case included, stand."""
        return self._chosen("^" + form, key, lambda surface: cased(surface) == form)

    def _chosen(self, name: str, key: str, wanted: Callable[[str], bool]) -> Sequence[int]:
        found = self._found.get(name)
        if found is None:
            there, spelled = self._by_token, self._reading.spelled
            stated = [token for token in self._reading.answering(key) if token in there and wanted(spelled(token))]
            found = self._found[name] = self._of(stated)
        return found

    def _of(self, tokens: Iterable[Token]) -> Sequence[int]:
        by_token = self._by_token
        each = [by_token[token] for token in tokens if token in by_token]
        return each[0] if len(each) == 1 else sorted(chain.from_iterable(each))

    @cached_property
    def _alphabetical(self) -> list[tuple[str, Token]]:
        spelled = self._reading.spelled
        return sorted(((fold(spelled(token)), token) for token in self._by_token), key=itemgetter(0))

    def prefixed(self, prefix: str) -> Sequence[int]:
        """Where words whose folded form begins with ``prefix`` stand."""
        listed = self._alphabetical
        low = bisect_left(listed, prefix, key=itemgetter(0))
        high = bisect_left(listed, prefix + "\U0010ffff", key=itemgetter(0))
        return self._of(token for _, token in listed[low:high])
