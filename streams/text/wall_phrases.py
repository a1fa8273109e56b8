"""What walls, authors' pages and news say, by kind and language: ``data/walls.toml``, ``data/walls_abroad.toml``."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from streams.text.counts import STOP_WORDS
from streams.text.gates import Gates

ENGLISH, SAMPLE = 0.2, 800
"""Share of the commonest English words from which a text is taken to be English; its characters that are looked at.
English text has twice as many, other languages half as many."""
OFFERS = 6
"""Signs of a paywall that offer something; the others are about blocked advertisements."""
T = TypeVar("T")
_TABLES = ("walls", "walls_abroad")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern and its bit among ``Phrases.gates``: it is in no text that these keep it from."""

    pattern: re.Pattern[str]
    bit: int

    def stands_in(self, text: str, may: int) -> bool:
        """Whether a text has it, of which the gates say what it ``may`` have."""
        return may & self.bit != 0 and self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns of phrases, ignoring case, in English or in every language."""

    address: Phrase
    """How readers are spoken to."""
    signs: Mapping[str, tuple[Phrase, ...]]
    """Of each kind of wall what it says, phrases that say the same thing as one."""
    offers: tuple[Phrase, ...]
    """What offers to pay for the rest of a text say: the signs of a paywall that offer something, in more words."""
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
    patterns = [_flat(tomllib.loads(_data(f"{name}.toml"))) for name in names]
    words = [json.loads(_data(f"{name}_words.json")) for name in names]
    rules = [*patterns[0], *(f"offers.{place}" for place in range(OFFERS))]
    found = {
        rule: Phrase(re.compile("|".join(_of(rule, patterns)), re.I | re.M), 1 << place)
        for place, rule in enumerate(rules)
    }
    signs: dict[str, tuple[Phrase, ...]] = {}
    for rule, phrase in found.items():
        reason, numbered, _ = rule.partition(".")
        if numbered:
            signs[reason] = (*signs.get(reason, ()), phrase)
    offers = signs.pop("offers")
    address, told, event, life, role = (found[rule] for rule in ("address", "told", "event", "life", "role"))
    gates = Gates([_either(_of(rule, words)) for rule in rules])
    return Phrases(address, signs, offers, told, event, life, role, gates)


def _data(name: str) -> str:
    return files("streams.text").joinpath("data", name).read_text("utf-8")


def _flat(table: Mapping[str, Any]) -> dict[str, str]:
    """The patterns of a table by their rules: signs by their reason and number."""
    lists = {**table["signs"], "offers": table.get("offers", ())}
    numbered = {f"{name}.{place}": each for name, found in lists.items() for place, each in enumerate(found)}
    return {**{rule: each for rule, each in table.items() if isinstance(each, str)}, **numbered}


def _of(rule: str, tables: Sequence[Mapping[str, T]]) -> list[T]:
    """What each table has of a rule; an offer says what a paywall says, too."""
    names = (rule.replace("offers", "paywall"), rule) if rule.startswith("offers") else (rule,)
    return [table[name] for table in tables for name in names if name in table]


def _either(words: Sequence[Sequence[str] | None]) -> list[str] | None:
    """The words of which a text has one that any of several patterns is in; None where one of these asks for none."""
    known = [each for each in words if each is not None]
    return [word for each in known for word in each] if len(known) == len(words) else None
