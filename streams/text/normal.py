"""The normal form by which two texts are the same text."""

import hashlib
import unicodedata

_FOLDED = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u0060\u00b4\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u00ad": None,
    }
)


def normalised(text: str) -> str:
    """``text`` as NFKC and casefolded, with one kind of quote, dash and space. Idempotent."""
    folded = text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", folded).translate(_FOLDED)
    return " ".join(folded.replace("`", "'").split())


def revision_of(title: str | None, body: str) -> str:
    """Which text this is: 32 hexadecimal digits, equal for texts that differ in typography only."""
    text = f"{normalised(title or '')}\n{normalised(body)}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
