"""What of each article is looked at: its language, and the words that may name something."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from schemas.article import CleanArticle
from streams import kernels
from streams.entities.characters import LATIN
from streams.entities.guessing import COMMON
from streams.entities.tokens import INITIAL, LOWER, SOFT, Flags, Ints, Tokens
from streams.entities.vocabulary import FUNCTION, REPORTS, Seen

INFLECTING = frozenset({"de", "nl", "sv", "da", "no", "nb", "nn"})
"""Languages that write the s of the genitive without an apostrophe: Israels."""

ENGLISH_SHARE, FEW_WORDS = 0.08, 25
"""Share of function words from which a text without a stated language is taken for English, unless it is short."""


class Screened(NamedTuple):
    """The ``capitalised`` words of a batch that may name something, where those of each article begin, and an end; and
    how many small words of English each article has.

    A common word that opens a sentence is none of them, unless a speaker: it can be somebody's last name or what a
    team is called, as in ``Sharp told reporters`` and ``beat the Heat``.
    """

    capitalised: Ints
    edges: Ints
    small: Ints


def screened(tokens: Tokens, seen: Seen, articles: Ints) -> Screened:
    """What is seen of the words at once; ``articles`` says with which word each begins, and where the last ends."""
    if kernels.native is not None:
        found, edges = np.empty(len(tokens), np.int64), np.empty(len(articles), np.int64)
        small = np.empty(len(articles) - 1, np.int64)
        count = kernels.native.capitals(
            tokens.case, tokens.script, tokens.opens, tokens.gap, seen.level, seen.marks, articles, found, edges, small
        )
        return Screened(found[:count], edges, small)
    speaks = np.zeros(len(tokens), np.bool_)
    speaks[:-1] = (seen.marked(REPORTS) & (tokens.gap == SOFT))[1:]
    inside = ~tokens.opens & (tokens.case == INITIAL)
    capital = (tokens.case != LOWER) & (tokens.script == LATIN)
    found = np.flatnonzero(capital & ((seen.level < COMMON) | inside | speaks))
    running = np.concatenate((np.zeros(1, np.int64), seen.marked(FUNCTION).cumsum(dtype=np.int64)))
    return Screened(found, found.searchsorted(articles), running[articles[1:]] - running[articles[:-1]])


def asked_about(articles: Sequence[CleanArticle], words: Ints, small: Ints) -> Flags:
    """Which articles the trained tagger is asked about: English ones, stated or by their function words.

    ``words`` is how many each article has, ``small`` how many of them are function words.
    """
    asked = [
        article.language == "en" or (article.language is None and (few >= ENGLISH_SHARE * every or every < FEW_WORDS))
        for article, every, few in zip(articles, words.tolist(), small.tolist(), strict=True)
    ]
    return np.array(asked, np.bool_)


def inflecting(articles: Sequence[CleanArticle], words: Ints) -> Flags | None:
    """Which words are of an article in a language of INFLECTING; None where no article is."""
    found = [article.language in INFLECTING for article in articles]
    return np.array(found, np.bool_).repeat(words) if any(found) else None
