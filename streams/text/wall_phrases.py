"""What walls, authors' pages and news say, by kind and language: ``data/walls.toml``, ``data/walls_abroad.toml``."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from streams.text.counts import STOP_WORDS
from streams.text.gates import Gates

ENGLISH, SAMPLE = 0.2, 800
"""Share of the commonest English words from which a text is taken to be English; its characters that are looked at.
English text has twice as many, other languages half as many."""
_TABLES = ("walls", "walls_abroad")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern and its bit among ``Phrases.gates``: it is in no text that these keep it from."""

    pattern: re.Pattern[str]
    bit: int


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns of phrases, ignoring case, in English or in every language."""

    address: Phrase
    """How readers are spoken to."""
    signs: Mapping[str, tuple[Phrase, ...]]
    """Of each kind of wall what it says, phrases that say the same thing as one."""
    told: Phrase
    """What news say, and walls do not."""
    event: Phrase
    """What sentences about somebody's life and work do without."""
    life: Phrase
    """What these have."""
    role: Phrase
    """What somebody is, behind their name."""
    gates: Gates
    """Which of all these are worth looking for in a text."""


def phrases_for(text: str) -> Phrases:
    """Those in which a text is to be read: of all languages unless it is English, for which there are far fewer."""
    words = text[:SAMPLE].lower().split()
    return _phrases(abroad=sum(map(STOP_WORDS.__contains__, words)) < ENGLISH * len(words))


def english_phrases() -> Phrases:
    """Those of English alone."""
    return _phrases(abroad=False)


@lru_cache(maxsize=2)
def _phrases(*, abroad: bool) -> Phrases:
    names = _TABLES if abroad else _TABLES[:1]
    tables = [tomllib.loads(_data(f"{name}.toml")) for name in names]
    words = [json.loads(_data(f"{name}_words.json")) for name in names]
    rules = {rule: _phrase(rule, place, tables) for place, rule in enumerate(words[0])}
    signs = {
        reason: tuple(rules[f"{reason}.{place}"] for place in range(len(found)))
        for reason, found in tables[0]["signs"].items()
    }
    gates = Gates([_either([table[rule] for table in words]) for rule in rules])
    return Phrases(rules["address"], signs, rules["told"], rules["event"], rules["life"], rules["role"], gates)


def _data(name: str) -> str:
    return files("streams.text").joinpath("data", name).read_text("utf-8")


def _phrase(rule: str, place: int, tables: Sequence[Mapping[str, Mapping[str, Sequence[str]]]]) -> Phrase:
    reason, _, sign = rule.partition(".")
    patterns = [table["signs"][reason][int(sign)] if sign else str(table[rule]) for table in tables]
    return Phrase(re.compile("|".join(patterns), re.I | re.M), 1 << place)


def _either(words: Sequence[Sequence[str] | None]) -> list[str] | None:
    """The words of which a text has one that any of several patterns is in; None where one of these asks for none."""
    known = [each for each in words if each is not None]
    return [word for each in known for word in each] if len(known) == len(words) else None
