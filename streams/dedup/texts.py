"""The latest texts, and what two of them have in common or not: evidence for copies and revisions."""

import re
from collections import Counter, deque
from collections.abc import Callable, Sequence

import cramjam
import numpy as np

LATEST = 30_000
"""Texts remembered; of older articles the passage is not shown."""
LONGEST = 20_000
"""Code points of a text that are remembered."""
MOST_CHANGES = 50

_WINDOW = 24
"""Code points; a common passage of twice as many is found for certain."""
_TRIED = 3
_FOLDED = ("‘’‚‛“”„‟«»–—‐‑\u00a0\u202f\n\t\r", '\'\'\'\'""""""----     ')
_TABLE = np.arange(0x2100, dtype=np.uint32)
_TABLE[[ord(mark) for mark in _FOLDED[0]]] = [ord(mark) for mark in _FOLDED[1]]
_WORD = re.compile(r"[^\W_]+(?:[.,'’]\d+)*")


class Texts:
    """Texts by the number of their decision, the latest ``LATEST``."""

    def __init__(self) -> None:
        self._kept: dict[int, bytes] = {}
        self._order: deque[int] = deque()
        self._size = 0
        self._waiting: deque[tuple[Sequence[int], Callable[[], Sequence[bytes]]]] = deque()
        """Many that are read when they are asked for, unless as many came since."""

    def put(self, number: int, packed: bytes) -> None:
        """Remember one more, forgetting the oldest beyond the limit."""
        self.settle()
        if packed:
            self.extend([number], [packed])

    def extend(self, numbers: Sequence[int], packed: Sequence[bytes]) -> None:
        """Remember several more, none of them empty."""
        self._kept.update(zip(numbers, packed, strict=True))
        self._order.extend(numbers)
        self._size += sum(map(len, packed))
        while len(self._kept) > LATEST:
            self._size -= len(self._kept.pop(self._order.popleft()))

    def wait(self, numbers: Sequence[int], read: Callable[[], Sequence[bytes]]) -> None:
        """Remember several more, which ``read`` gives, if there will not be too many more until one is asked for."""
        self._waiting.append((numbers, read))
        more = sum(len(several) for several, _ in self._waiting)
        while more - len(self._waiting[0][0]) >= LATEST:
            more -= len(self._waiting.popleft()[0])

    def settle(self) -> None:
        """Read what waits."""
        while self._waiting:
            numbers, read = self._waiting.popleft()
            self.extend(numbers, read())

    def get(self, number: int) -> str | None:
        """The text of a decision, None if it is forgotten."""
        self.settle()
        packed = self._kept.get(number)
        return None if packed is None else unpacked(packed)

    def forget(self, base: int) -> None:
        """Forget decisions below ``base``."""
        self.settle()
        while self._order and self._order[0] < base:
            self._size -= len(self._kept.pop(self._order.popleft()))

    def nbytes(self) -> int:
        """Bytes held."""
        self.settle()
        return self._size + 140 * len(self._kept)


def packed(text: str) -> bytes:
    """A text, compressed: by LZ4, at a quarter of the time of zlib's fastest and half as large again."""
    return bytes(cramjam.lz4.compress_block(text[:LONGEST].encode("utf-8", "surrogatepass")))


def unpacked(compressed: bytes) -> str:
    """The text again."""
    return bytes(cramjam.lz4.decompress_block(compressed)).decode("utf-8", "surrogatepass")


def common_passage(this: str, other: str) -> tuple[int, int] | None:
    """The longest passage of ``this`` that stands in ``other``, but for case, quotes, dashes and kinds of
    space: start and end, in code points of ``this``, at the edges of words."""
    mine, theirs = _folded(this[:LONGEST]), _folded(other)
    best, at = (0, 0, 0), 0
    # what is left of the text has to be able to hold a longer one
    while len(mine) - at > max(best[1] - best[0], _WINDOW - 1):
        found = _longest_at(mine, theirs, at)
        if found is None:
            at += _WINDOW
            continue
        if found[1] - found[0] > best[1] - best[0]:
            best = found
        at = max(at + _WINDOW, found[1])
    start, end = _at_words(mine, theirs, *best)
    return (start, end) if end > start else None


def changed_words(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words added and words removed, each in the order of its text, at most ``MOST_CHANGES``."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    return _beyond(after, Counter(before)), _beyond(before, Counter(after))


def _beyond(words: list[str], known: Counter[str]) -> tuple[str, ...]:
    more: list[str] = []
    for word in words:
        if known[word]:
            known[word] -= 1
        elif len(more) < MOST_CHANGES:
            more.append(word)
    return tuple(more)


def _folded(text: str) -> str:
    """Case, quotes, dashes and spaces folded, each code point to one."""
    if text.isascii():
        text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    else:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        text = (
            np.where(points < len(_TABLE), _TABLE[np.minimum(points, len(_TABLE) - 1)], points)
            .tobytes()
            .decode("utf-32-le", "surrogatepass")
        )
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _longest_at(mine: str, theirs: str, at: int) -> tuple[int, int, int] | None:
    """The longest common passage through the window at ``at``: start, end, and start in the other text. The
    first few places of the window are tried."""
    window = mine[at : at + _WINDOW]
    best, place = None, theirs.find(window)
    for _ in range(_TRIED):
        if place < 0:
            break
        before = _alike(mine[:at][::-1], theirs[:place][::-1])
        end = at + _WINDOW + _alike(mine[at + _WINDOW :], theirs[place + _WINDOW :])
        if best is None or end - at + before > best[1] - best[0]:
            best = (at - before, end, place - before)
        place = theirs.find(window, place + 1)
    return best


def _alike(one: str, other: str) -> int:
    """How many code points two texts begin with in common."""
    least, step = 0, 64
    while one[least : least + step] == other[least : least + step] and least < min(len(one), len(other)):
        least, step = least + step, 2 * step
    most = min(least + step, len(one), len(other))
    least = min(least, most)
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _at_words(mine: str, theirs: str, start: int, end: int, place: int) -> tuple[int, int]:
    """The passage without spaces at its edges and without words that it holds only in part of either text."""
    first, last = start, end
    if _cut(mine, start) or _cut(theirs, place):
        while first < end and mine[first].isalnum():
            first += 1
    if _cut(mine, end) or _cut(theirs, place + end - start):
        while last > first and mine[last - 1].isalnum():
            last -= 1
    while first < last and mine[first].isspace():
        first += 1
    while last > first and mine[last - 1].isspace():
        last -= 1
    return first, last


def _cut(text: str, at: int) -> bool:
    """Whether a place lies within a word."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
