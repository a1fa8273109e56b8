"""Names as keys: one key for the spellings of a name."""

import hashlib
import re
from functools import lru_cache

from streams.entities.characters import base_letter

_NOT_LETTERS = re.compile(r"[^\w]+")
_DOUBLED = re.compile(r"(\w)\1+")


@lru_cache(1 << 15)
def folded_key(name: str) -> str:
    """The name in lower case, without accents, marks, doubled letters and articles.

    >>> folded_key("Yahya Rasoul") == folded_key("Yahya  Rasool")
    True
    """
    letters = "".join(base_letter(character) if not character.isascii() else character.lower() for character in name)
    words = _NOT_LETTERS.sub(" ", letters.replace("'", "").replace("’", "")).split()
    words = [word for word in words if word not in ("al", "el", "the") and len(word) > 1] or words
    return " ".join(
        _DOUBLED.sub(r"\1", word.replace("oo", "u").replace("ou", "u").replace("ee", "i")) for word in words
    )


@lru_cache(1 << 15)
def stable_id(key: str, kind: str) -> str:
    """An id for what no table knows, equal wherever key and type are."""
    return "x:" + hashlib.blake2b(f"{kind}\0{key}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
