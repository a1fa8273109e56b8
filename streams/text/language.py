"""Which language a text is in, by CLD2 on its beginning."""

import re
from dataclasses import dataclass
from functools import lru_cache

import pycld2

SAMPLE = 400
"""Code points the detector looks at: more cost time and gain nothing."""
_CURRENT = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "nb": "no", "nn": "no", "sh": "sr"}
_CODE = re.compile(r"[A-Za-z]{2}(?=$|[-_@.])")


@dataclass(frozen=True, slots=True)
class Language:
    """A language as ISO 639-1, how sure it is (0 to 1), and whether the stated one differs."""

    code: str | None
    confidence: float | None
    disputed: bool = False


def language_of(text: str, stated: str | None = None) -> Language:
    """The language of ``text``; the stated one only where the detector agrees or abstains."""
    code, confidence = _detected(text[:SAMPLE])
    hint = iso_code(stated)
    if code is None:
        return Language(hint, 0.5 if hint else None)
    if hint is None or hint == code:
        return Language(code, confidence)
    if confidence <= 0.5:
        return Language(hint, 0.5)
    return Language(code, confidence, disputed=True)


@lru_cache(maxsize=256)
def iso_code(stated: str | None) -> str | None:
    """The ISO 639-1 code in a language tag such as ``en-GB``; None where there is none."""
    found = _CODE.match(stated.strip()) if stated else None
    if not found or found[0].lower() in ("un", "xx"):
        return None
    return _CURRENT.get(found[0].lower(), found[0].lower())


def _detected(sample: str) -> tuple[str | None, float]:
    """The detector's answer; where it would abstain, its best guess with half the confidence."""
    try:
        reliable, _, guesses = pycld2.detect(sample)
        if guesses[0][1] == "un":
            reliable, _, guesses = False, 0, pycld2.detect(sample, bestEffort=True)[2]
    except pycld2.error:
        return None, 0.0
    share = guesses[0][2] / 100
    return iso_code(guesses[0][1]), round(share if reliable else share * 0.5, 2)
