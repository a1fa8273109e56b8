"""Listed names that are everyday words in the language of their article."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from streams.entities.datafiles import everyday_lines
from streams.entities.entries import USER
from streams.entities.lexicon import Lexicon
from streams.entities.spans import Source, Span
from streams.entities.tokens import Flags
from streams.entities.words import Words

APOSTROPHES = frozenset("'’")
NOTE = "an everyday word of the language"


class Everyday(NamedTuple):
    """The everyday words of a language that are written like a name: anywhere, and where they open a sentence."""

    anywhere: frozenset[str]
    opening: frozenset[str]


@cache
def everyday_words() -> Mapping[str, Everyday]:
    """What ``data/everyday_words.txt`` says, by the code of the language."""
    found: dict[str, set[str]] = {}
    for line in everyday_lines():
        language, *words = line.split()
        found.setdefault(language, set()).update(words)
    return {
        language: Everyday(
            frozenset(word for word in words if word[0] != "^"),
            frozenset(word.removeprefix("^") for word in words),
        )
        for language, words in found.items()
    }


def without_everyday(
    spans: list[Span], language: str | None, words: Words, opens: Flags, lexicon: Lexicon
) -> tuple[list[Span], list[Span]]:
    """Kept and rejected spans of an article: an everyday word of its language names nothing, unless a user says so.

    Nor where an apostrophe follows, as it does before the endings of names in Turkish: Ordu'da.
    """
    everyday = everyday_words().get(language or "")
    if everyday is None:
        return spans, []
    kept: list[Span] = []
    rejected: list[Span] = []
    for span in spans:
        said = everyday.opening if opens[span[0]] else everyday.anywhere
        alone = span[1] - span[0] == 1 and span[5] is Source.TABLE and lexicon.sources[span[6][0]] != USER
        end = span[3]
        if alone and words.text[span[2] : end] in said and words.text[end : end + 1] not in APOSTROPHES:
            rejected.append(span.noted(NOTE))
        else:
            kept.append(span)
    return kept, rejected
