"""What walls, authors' pages and news say, by kind and language: ``data/walls.toml``, ``data/walls_abroad.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from streams.text.counts import STOP_WORDS

ENGLISH, SAMPLE = 0.2, 800
"""Share of the commonest English words from which a text is taken to be English; its characters that are looked at.
English text has twice as many, other languages half as many."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns of phrases, ignoring case, in English or in every language."""

    address: re.Pattern[str]
    """How readers are spoken to."""
    signs: Mapping[str, tuple[re.Pattern[str], ...]]
    """Of each kind of wall what it says, phrases that say the same thing as one."""
    told: re.Pattern[str]
    """What news say, and walls do not."""
    event: re.Pattern[str]
    """What sentences about somebody's life and work do without."""
    life: re.Pattern[str]
    """What these have."""
    role: re.Pattern[str]
    """What somebody is, behind their name."""


def phrases_for(text: str) -> Phrases:
    """Those in which a text is to be read: of all languages unless it is English, for which there are far fewer."""
    words = text[:SAMPLE].lower().split()
    return _phrases(abroad=sum(word in STOP_WORDS for word in words) < ENGLISH * len(words))


def english_phrases() -> Phrases:
    """Those of English alone."""
    return _phrases(abroad=False)


@lru_cache(maxsize=2)
def _phrases(*, abroad: bool) -> Phrases:
    tables = [_table("walls.toml"), *([_table("walls_abroad.toml")] if abroad else [])]
    by_reason = {
        reason: zip(*(table["signs"][reason] for table in tables), strict=True) for reason in tables[0]["signs"]
    }
    signs = {reason: tuple(_compiled(*sign) for sign in found) for reason, found in by_reason.items()}
    address, told, event, life, role = (
        _compiled(*(table[name] for table in tables)) for name in ("address", "told", "event", "life", "role")
    )
    return Phrases(address, signs, told, event, life, role)


def _table(name: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    table: Mapping[str, Mapping[str, tuple[str, ...]]] = tomllib.loads(
        files("streams.text").joinpath("data", name).read_text("utf-8")
    )
    return table


def _compiled(*patterns: object) -> re.Pattern[str]:
    return re.compile("|".join(map(str, patterns)), re.I | re.M)
