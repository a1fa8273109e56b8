"""What in a usable rule may not be meant: no fault, but worth a look."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from schemas.rule import Rule
from streams.rules.frequency import share
from streams.rules.words import key_of

COMMON = 0.1
"""Share of articles from which a word is common: an acronym that is spelled like it finds little else."""
_CAPITALS = re.compile(r"(?<![\w@#^=.:*-])[A-Z]{2,5}(?![\w*(/:])")
_SIGNS = frozenset(("AND", "OR", "NOT", "NEAR", "ONEAR", "CLAUSE", "SENT", "NEXT", "PARA", "FIRST", "NUM", "PROPN"))


def notes_of(rule: Rule, rules: Iterable[Rule] = ()) -> Iterator[str]:
    """Sets that no condition names, of this rule or of ``rules``, which may share them; acronyms that any article has
    as a word; and a rule that has no examples."""
    written = _written(rule)
    stated = {name for one in (rule, *rules) for name in re.findall(r"@([\w-]+)", _written(one))}
    unused = sorted(set(rule.sets) - stated)
    if unused:
        yield f"no condition names {', '.join(f'@{name}' for name in unused)}"
    for word in sorted(set(_CAPITALS.findall(written)) - _SIGNS):
        if share(key_of(word)) >= COMMON:
            yield f"{word} finds {word.lower()!r}, too; ^{word} finds the name only"
    if not (rule.tests.fire or rule.tests.quiet):
        yield "it has no examples: write one sentence under `tests: fire:` and one under `quiet:`"


def _written(rule: Rule) -> str:
    return " ".join((rule.query or "", *rule.any, *chain.from_iterable(rule.sets.values())))
