"""The normal form by which two texts are the same text."""

import hashlib
import re
import unicodedata
from functools import lru_cache

from streams import kernels

_QUOTE = re.compile("[`\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u00b4\u02bc]")
_DOUBLE_QUOTE = re.compile("[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]")
_DASH = re.compile("[\u2010-\u2015\u2212]")
_COMMON = (
    ("\u2019", "'"), ("\u2018", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u2013", "-"), ("\u2014", "-"),
    ("\u2026", "..."), ("\u00a0", " "),
)  # fmt: skip
"""The marks that most texts have besides ASCII, and what they become: without them most texts are ASCII."""


def normalised(text: str) -> str:
    """``text`` as NFKC and casefolded, with one kind of quote, dash and space. Idempotent."""
    if kernels.native is not None:
        return kernels.native.normal_form(text, _folded)
    for mark, plain in () if text.isascii() else _COMMON:
        text = text.replace(mark, plain)
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    words = [word.lower() if word.isascii() else _folded(word) for word in text.replace("`", "'").split()]
    return " ".join(" ".join(words).split())


def unmarked(text: str) -> str:
    """``text`` with blanks for the marks that most texts have besides ASCII, as long as it was: for letters and digits
    alone, of which the cases of ASCII are told ten times as fast."""
    for mark, _ in () if text.isascii() else _COMMON:
        text = text.replace(mark, " ")
    return text


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    """A word as it would be within its text: nothing composes with a blank."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    return _DASH.sub("-", _DOUBLE_QUOTE.sub('"', _QUOTE.sub("'", folded))).replace("\u00ad", "")


def revision_of(title: str | None, body: str) -> str:
    """Which text this is: 32 hexadecimal digits, equal for texts that differ in typography only."""
    text = f"{normalised(title or '')}\n{normalised(body)}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
