"""What each code point is in a text, and what it folds to: tables of one entry a code point.

Folding keeps the number of characters, so offsets into the folded copy are offsets into the text.
"""

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

SPACE, BREAK, WORD, SINGLE, APOSTROPHE, HYPHEN, PERIOD, COMMA, STOP, OPEN, CLOSE, QUOTE, DROPPED, OTHER = range(14)
"""Classes. SINGLE is a word by itself (ideographs, the ampersand); DROPPED takes no part in matching."""

Packed = NDArray[np.uint32]
CODE, KIND, UPPER, SCRIPT = np.uint32(0x1FFFFF), np.uint32(21), np.uint32(1 << 25), np.uint32(26)
"""Where an entry holds the folded code point, the class, whether it is a capital, and the script."""

LATIN, ARABIC, HEBREW, CYRILLIC, ELSEWHERE = range(5)
"""Scripts that need rules of their own."""

APOSTROPHES = "'’‘`´ʼʻʾʿ′׳"
HYPHENS = "-‐‑‒–—−­־"
TATWEEL = 0x640
"""Stretches an Arabic word and is no letter of it."""

QUOTES = '"“”„‟«»‹›״'

SCANNED = (range(0x3400), range(0xA640, 0xA6A0), range(0xF900, 0x10000))
"""Where code points are looked at one by one; the rest is filled by ranges."""

LETTERS_WITHOUT_DECOMPOSITION = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ß": "s", "æ": "a", "œ": "o", "þ": "t",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ۀ": "ه", "ة": "ه", "ە": "ه",
    "ё": "е", "ґ": "г", "ə": "a",
}  # fmt: skip


def kinds(packed: Packed) -> NDArray[np.uint8]:
    """The classes."""
    return np.asarray((packed >> KIND).astype(np.uint8) & np.uint8(15))


def codes(packed: Packed) -> Packed:
    """The code points they fold to."""
    return np.asarray(packed & CODE)


def capitals(packed: Packed) -> NDArray[np.bool_]:
    """Whether each is a letter in upper case."""
    return np.asarray((packed & UPPER) != 0)


def scripts(packed: Packed) -> NDArray[np.uint8]:
    """The scripts."""
    return (packed >> SCRIPT).astype(np.uint8)


def base_letter(character: str) -> str:
    """The letter under a one-code-point accent, in lower case.

    >>> base_letter("É"), base_letter("Ł"), base_letter("أ")
    ('e', 'l', 'ا')
    """
    lower = character.lower()
    lower = lower if len(lower) == 1 else lower[0]
    lower = LETTERS_WITHOUT_DECOMPOSITION.get(lower, lower)
    first, *rest = list(unicodedata.normalize("NFKD", lower))
    if rest and not all(unicodedata.combining(mark) for mark in rest):
        return lower
    return LETTERS_WITHOUT_DECOMPOSITION.get(first.lower(), first.lower()[:1] or first)


def _kind(character: str) -> int:
    for members, kind in ((APOSTROPHES, APOSTROPHE), (HYPHENS, HYPHEN), (QUOTES, QUOTE)):
        if character in members:
            return kind
    special = {".": PERIOD, "&": SINGLE, "\t": BREAK, "…": STOP, "・": HYPHEN, "·": HYPHEN, "_": OTHER, "@": OTHER}
    if character in special:
        return special[character]
    if character in ",،、，":
        return COMMA
    if character in "!?;:؟؛。！？；：":
        return STOP
    if character in "\n\r\v\f\x85\u2028\u2029":
        return BREAK
    return _kind_by_category(unicodedata.category(character), ord(character))


def _kind_by_category(category: str, code: int) -> int:
    if code == TATWEEL:
        return DROPPED
    if category[0] in "LN":
        return SINGLE if 0x2E80 <= code < 0x30A0 or 0xF900 <= code < 0xFB00 else WORD
    if category[0] == "M" or category in ("Cf", "Cc"):
        return DROPPED
    if category[0] == "Z":
        return SPACE
    return {"Ps": OPEN, "Pi": OPEN, "Pe": CLOSE, "Pf": CLOSE}.get(category, OTHER)


def _fill_ranges(kind: NDArray[np.uint8]) -> None:
    kind[0x3400:0xA000] = SINGLE
    kind[0xA000:0xD800] = WORD
    kind[0x10000:0x1D000] = WORD
    kind[0x20000:0x32000] = SINGLE
    kind[0xE0000:0xE1000] = DROPPED


@cache
def characters() -> Packed:
    """Of each of the 0x110000 code points all that is known of it in one number, made once a process (about 40 ms)."""
    kind = np.full(0x110000, OTHER, np.uint8)
    _fill_ranges(kind)
    folded = np.arange(0x110000, dtype=np.uint32)
    upper = np.zeros(0x110000, np.bool_)
    script = np.full(0x110000, ELSEWHERE, np.uint8)
    for scanned in SCANNED:
        for code in scanned:
            character = chr(code)
            kind[code] = _kind(character)
            if kind[code] == WORD:
                folded[code] = ord(base_letter(character))
                upper[code] = character.isupper() or character.istitle()
    for name, start, end in ((LATIN, 0, 0x370), (LATIN, 0x1E00, 0x1F00), (CYRILLIC, 0x400, 0x530)):
        script[start:end] = name
    script[0x590:0x600], script[0xFB1D:0xFB50] = HEBREW, HEBREW
    script[0x600:0x780], script[0xFB50:0xFE00], script[0xFE70:0xFF00] = ARABIC, ARABIC, ARABIC
    return folded | kind.astype(np.uint32) << KIND | upper * UPPER | script.astype(np.uint32) << SCRIPT
