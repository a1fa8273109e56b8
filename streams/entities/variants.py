"""Written forms of one word: Russian and Ukrainian endings, Arabic and Hebrew particles written onto it, and the
spellings in Latin letters of a word that is not written in them."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from streams import kernels
from streams.entities import characters as ch
from streams.entities.tokens import INITIAL, Flags, Ints, Letters, Tokens, tokenise
from streams.text.hashing import Hashes, looked_up, mixed

ENDINGS = {
    1: tuple("аяыиуюеойьіїє"),
    2: (
        *(
            "ой",
            "ей",
            "ом",
            "ем",
            "ам",
            "ям",
            "ах",
            "ях",
            "ов",
            "ев",
            "ів",
            "ий",
            "ый",
            "ая",
            "яя",
            "ое",
            "ее",
            "ые",
            "ие",
        ),
        *("ым", "им", "ых", "их", "ую", "юю", "ью", "ию", "ия", "ии", "ою", "ею", "ій", "ої", "ім", "їх"),
    ),
    3: ("ами", "ями", "ого", "его", "ому", "ему", "ыми", "ими"),
}
"""Case endings of nouns and adjectives; the folded forms of these are taken off."""

POSSESSIVE = ("ов", "ев", "ів")
"""What is left of a name such as Харьков when an ending is off: it is taken off, too, as it is where none follows."""

SHORTEST_STEM, SHORTEST_BEGINNING = 3, 2
"""Letters that stay of a word, and of the first word of a name of several."""

ARABIC_PARTICLES = {1: tuple("وفبكل"), 2: ("وب", "ول", "وك", "فب", "فل")}
ARABIC_CONTRACTED = {2: ("لل",), 3: ("ولل", "فلل")}
"""The preposition li- before an article loses the article's alif: li + al-Iraq is written lil-Iraq."""

HEBREW_PARTICLES = {
    1: tuple("והבלמשכ"),
    2: ("וה", "וב", "ול", "ומ", "וש", "שה", "שב", "של", "מה", "כש", "בה"),
}


NOWHERE: tuple[Ints, Hashes, Ints] = (np.zeros(0, np.int64), np.zeros(0, np.uint64), np.zeros(0, np.int64))
"""No words, no hashes and no letters."""


@cache
def _word_hashes(words: tuple[str, ...]) -> Hashes:
    return np.unique(tokenise(words).hash)


LOW = np.uint64(0xFFFF)


@cache
def spelling_classes() -> Sequence[Sequence[str]]:
    """The classes of ``data/spellings.txt``: spellings of one word, in lower case."""
    lines = (files("streams.entities") / "data" / "spellings.txt").read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split()) for line in lines if line and not line.startswith("#"))


@cache
def _spellings() -> tuple[Flags, Hashes, Hashes]:
    """Which low 16 bits the hashes of spellings have; those hashes, sorted; and the hash of each one's class."""
    classes = spelling_classes()
    spelled = tokenise([word for words in classes for word in words]).hash
    first = np.repeat(tokenise([words[0] for words in classes]).hash, [len(words) for words in classes])
    order = np.argsort(spelled)
    seen = np.zeros(1 << 16, np.bool_)
    seen[(spelled & LOW).astype(np.int64)] = True
    return seen, spelled[order], first[order]


def one_spelling(words: Hashes) -> Hashes:
    """The hashes of words, that of their class for the spellings of one word."""
    seen, spelled, meant = _spellings()
    if kernels.native is not None:
        hashes = np.empty(len(words), np.uint64)
        kernels.native.one_spelling(words, seen, spelled, meant, hashes)
        return hashes
    hashes = words.copy()
    rows = seen[(hashes & LOW).astype(np.int64)].nonzero()[0]
    at, same = looked_up(hashes[rows], spelled)
    hashes[rows[same]] = meant[at[same]]
    return hashes


def stems(tokens: Tokens) -> Hashes:
    """The hash of each word, one for all its spellings; of a Cyrillic word, that of its stem."""
    hashes = one_spelling(tokens.hash)
    if not tokens.scripts >> ch.CYRILLIC & 1:
        return hashes
    rows = (tokens.script == ch.CYRILLIC).nonzero()[0]
    for length in (3, 2, 1):
        long_enough = tokens.high[rows] - tokens.low[rows] - length >= SHORTEST_STEM
        tried = rows[long_enough]
        low, high = tokens.low[tried], tokens.high[tried]
        ends = np.isin(tokens.letters.hashed(high - length, high), _word_hashes(ENDINGS[length]))
        low, high = low[ends], high[ends] - length
        again = (high - low - 2 >= SHORTEST_STEM) & np.isin(
            tokens.letters.hashed(high - 2, high), _word_hashes(POSSESSIVE)
        )
        hashes[tried[ends]] = tokens.letters.hashed(low, high - 2 * again)
        rows = np.setdiff1d(rows, tried[ends], assume_unique=True)
    return hashes


def without_genitive(tokens: Tokens, asked: Flags) -> tuple[Ints, Hashes]:
    """Capitalised words that end with an s, as a genitive does, and the hashes of what stands before it: Russlands.

    ``asked`` says of which words; those of languages that write it without an apostrophe.
    """
    rows = np.flatnonzero(asked & (tokens.case == INITIAL) & (tokens.script == ch.LATIN))
    low, high = tokens.low[rows], tokens.high[rows]
    fits = (high - low > SHORTEST_STEM + 1) & (tokens.letters.code[np.maximum(high - 1, 0)] == ord("s"))
    return rows[fits], tokens.letters.hashed(low[fits], high[fits] - 1)


def _with_article(letters: Letters, low: Ints, high: Ints) -> Hashes:
    """Hashes of the article ``al`` and the letters from ``low`` to ``high``."""
    article = tokenise(["ال"]).letters
    prefix = article.sums[2]
    power = np.uint64(pow(0x9E3779B97F4A7C15, 2, 1 << 64))
    return mixed(prefix + letters.plain(low, high) * power)


def unprefixed(tokens: Tokens) -> tuple[Ints, Hashes, Ints]:
    """Words with a particle taken off: row, hash of the rest, and the particle's length in letters."""
    if not tokens.scripts & (1 << ch.ARABIC | 1 << ch.HEBREW):
        return NOWHERE
    found: list[tuple[Ints, Hashes, Ints]] = []
    for script, particles in ((ch.ARABIC, ARABIC_PARTICLES), (ch.HEBREW, HEBREW_PARTICLES)):
        every = (tokens.script == script).nonzero()[0]
        for length in (1, 2):
            rows = every[tokens.high[every] - tokens.low[every] - length >= SHORTEST_BEGINNING]
            low, high = tokens.low[rows], tokens.high[rows]
            fits = np.isin(tokens.letters.hashed(low, low + length), _word_hashes(particles[length]))
            rows, low, high = rows[fits], low[fits] + length, high[fits]
            found.append((rows, tokens.letters.hashed(low, high), np.full(len(rows), length)))
    found.extend(_contracted(tokens))
    rows, hashes, lengths = (np.concatenate(column) for column in zip(*found, strict=True))
    return rows, hashes, lengths


def _contracted(tokens: Tokens) -> list[tuple[Ints, Hashes, Ints]]:
    found = []
    every = (tokens.script == ch.ARABIC).nonzero()[0]
    for length in (2, 3):
        rows = every[tokens.high[every] - tokens.low[every] - length >= SHORTEST_STEM]
        low, high = tokens.low[rows], tokens.high[rows]
        fits = np.isin(tokens.letters.hashed(low, low + length), _word_hashes(ARABIC_CONTRACTED[length]))
        rows, low, high = rows[fits], low[fits] + length, high[fits]
        found.append((rows, _with_article(tokens.letters, low, high), np.full(len(rows), length - 1)))
    return found
