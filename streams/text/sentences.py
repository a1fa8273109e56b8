"""How a line ends."""

import re

SPACED, DENSE, SYLLABIC = 12, 3, 2
"""Characters for each space up to which a script has spaces between words; how much more a character says without, and
how much more where it is a syllable."""
_SYLLABLES = re.compile("[\uac00-\ud7a3]{2}")
SAMPLE = 40
"""Characters of a text by which its script is known."""
FINAL = frozenset(".!?…。！？؟।")
_PAUSE = frozenset(":;,")
CLOSING = "\"'”’»)]"


def ends_sentence(line: str) -> bool:
    """Whether a line ends as sentences do, in any script, closing quotation marks and brackets aside."""
    return line.rstrip(CLOSING)[-1:] in FINAL


def ends_open(line: str) -> bool:
    """Whether a line ends with no mark at all, as headings, labels and links do."""
    last = line.rstrip(CLOSING)[-1:]
    return last not in FINAL and last not in _PAUSE


def told(text: str) -> int:
    """How much a text tells: its characters, thrice where its script has no spaces between words, twice in Korean."""
    size = len(text)
    if size >= SPACED * (text.count(" ") + 1):
        return size * DENSE
    return size * SYLLABIC if not text.isascii() and _SYLLABLES.search(text, 0, SAMPLE) else size


def is_caseless(text: str) -> bool:
    """Whether a text begins in a script that has no capitals, as Arabic and Chinese."""
    return text[:1].isalpha() and text.lower() == text.upper()
