"""How common a key is in news, which decides by what an article is asked for a rule."""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

from streams.rules.nodes import Group

Keys = TypeVar("Keys", bound=str | Group)
"""Keys of which an article has one; a single one may be plain."""
COMMON = 0.2
"""A group of keys that more than this share of articles has does not make a rule selective."""
RARE = 0.0005
"""Share assumed for a key that the table does not list."""
FACTS = {
    "lang:en": 0.9,
    "type:": 0.6,
    "lang:": 0.1,
    "source:": 0.05,
    "category:": 0.05,
    "country:": 0.05,
    "entity:": 0.005,
}
"""The same for facts, by how their key begins."""


@lru_cache(maxsize=1)
def shares() -> dict[str, float]:
    """Share of articles that have a key, for the common ones."""
    text = files("streams.rules").joinpath("data/frequencies.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {key: float(share) for key, share in rows}


_table: dict[str, float] = {}


def _filled() -> dict[str, float]:
    _table.update(shares())
    return _table


def share(key: str) -> float:
    """About how many articles of one have the key."""
    known = (_table or _filled()).get(key)
    if known is None:
        known = RARE if ":" not in key else next((share for fact, share in FACTS.items() if key.startswith(fact)), RARE)
    return known


def cost(keys: str | Group) -> float:
    """About how many articles of one have the key, or one of the group."""
    return share(keys) if isinstance(keys, str) else sum(map(share, keys))


def ranked(groups: Iterable[Keys]) -> list[Keys]:
    """Most selective first, each once; equal ones by their words, so that the order never depends on chance."""
    unique = list(dict.fromkeys(filter(None, groups)))
    if len(unique) < 2:
        return unique
    return sorted(unique, key=_rank)


def _rank(keys: str | Group) -> tuple[float, int, str]:
    if isinstance(keys, str):
        return share(keys), 1, keys
    if len(keys) == 1:
        [key] = keys
        return share(key), 1, key
    return cost(keys), len(keys), min(keys)
