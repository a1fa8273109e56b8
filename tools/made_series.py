"""Items of made-up series: earnings, bonds, weather, dividends, matches. None is a copy of another."""

import random
from typing import Any

from schemas.article import TaggedArticle

NAMES = (
    "Ostmark", "Veldhaven", "Ardlish", "Tolmezza", "Grimsarn", "Lindholm", "Osterfeld", "Portmarrow", "Kettlewick",
    "Skerry", "Aldona", "Brandt",
)  # fmt: skip
TRADES = (
    "Bank", "Ports", "Water", "Steel", "Foods", "Rail", "Energy", "Timber", "Paper", "Motors", "Insurance", "Shipping",
)  # fmt: skip
SERIES = (
    "{name} said net profit for the quarter was {a} million crowns against {b} million a year ago. Sales were {c} "
    "million against {d} million. Earnings per share were {e} crowns compared with {f}. The company expects a charge "
    "of {g} million in the next quarter.",
    "{name} is issuing a bond of {a} million crowns due in {y} paying {e} percent and priced at {f}, the lead manager "
    "said. The bond is available in denominations of {b} crowns and will be listed in Lindholm. Fees comprise {g} "
    "percent selling concession and {h} percent for management and underwriting combined.",
    "Weather for {name} on the coming day: a high of {h} degrees and a low of {g}, wind from the west at {b} "
    "kilometres an hour, chance of rain {c} percent. Sunrise at {h}.{g}, sunset at {g}.{h}. The water stands "
    "at {d} centimetres.",
    "{name} declared a quarterly dividend of {e} crowns a share against {f} before, payable on the {h}th to holders of "
    "record on the {g}th.",
    "{name} beat {other} by {h} to {g} in front of {c} spectators. The first goal fell after {b} minutes. {name} now "
    "has {d} points from {h} matches, {other} {a}.",
)


def item(chance: random.Random, number: int) -> TaggedArticle:
    """One item of one of the series."""
    name, other = (f"{chance.choice(NAMES)} {chance.choice(TRADES)}" for _ in range(2))
    values: dict[str, Any] = {key: chance.randrange(11, 980) for key in "abcd"}
    values |= {key: f"{chance.randrange(1, 12)}.{chance.randrange(10, 99)}" for key in "ef"}
    values |= {key: chance.randrange(1, 29) for key in "gh"}
    body = chance.choice(SERIES).format(name=name, other=other, y=chance.randrange(1990, 2035), **values)
    return TaggedArticle(id=f"s{number}", title=f"{name} report", body=body, publisher="agency.example", language="en")
