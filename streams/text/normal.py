"""The normal form by which two texts are the same text."""

import hashlib
import re
import unicodedata

_QUOTE = re.compile("[`\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u00b4\u02bc]")
_DOUBLE_QUOTE = re.compile("[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]")
_DASH = re.compile("[\u2010-\u2015\u2212]")


def normalised(text: str) -> str:
    """``text`` as NFKC and casefolded, with one kind of quote, dash and space. Idempotent."""
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = _DASH.sub("-", _DOUBLE_QUOTE.sub('"', _QUOTE.sub("'", folded))).replace("\u00ad", "")
    return " ".join(folded.split())


def revision_of(title: str | None, body: str) -> str:
    """Which text this is: 32 hexadecimal digits, equal for texts that differ in typography only."""
    text = f"{normalised(title or '')}\n{normalised(body)}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
