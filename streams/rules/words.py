"""How a word of a text and a word of a rule are brought to the same key.

A key is the Snowball stem of the folded form, and of its base form where the form is irregular
(``withdrew``, ``left``), so that a rule's ``withdraw`` finds withdraws, withdrew, withdrawn and withdrawal.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import Stemmer

if TYPE_CHECKING:
    from streams.rules.numbered import Numbers

JOINERS = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁһвкмнтАВЕКМНОРСТУХІЈЅαορνικτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhbkmhtABEKMHOPCTYXIJSaopviktABEZHIKMNOPTYX",
)
"""Cyrillic and Greek letters that look like Latin ones."""
WITHOUT_MARKS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not take apart."""


def _mixed(text: str) -> bool:
    """Whether Latin letters stand among Cyrillic or Greek ones, as in a disguised word."""
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(letter.isascii() for letter in letters)
    return 0 < latin < len(letters) and text.translate(LOOK_ALIKES) != text


def fold(word: str) -> str:
    """The form that comparisons go by: no case, possessive, invisible or look-alike letters.

    >>> fold("Iraq’s"), fold("U.S."), fold("ﬁre")
    ('iraq', 'us', 'fire')
    """
    if word.isascii():
        if word.isalnum():
            return word.lower()
    else:
        word = unicodedata.normalize("NFKC", word.translate(JOINERS)).replace("’", "'").replace("ʼ", "'")
        if _mixed(word):
            word = word.translate(LOOK_ALIKES)
    folded = word.casefold()
    if folded.endswith("'s") and len(folded) > 2:
        folded = folded[:-2]
    if "." in folded and not folded[0].isdigit():
        folded = folded.replace(".", "")
    return folded


def unaccented(folded: str) -> str:
    """A folded word without the marks of its letters.

    >>> unaccented("københavn")
    'kobenhavn'
    """
    marked = unicodedata.normalize("NFD", folded.translate(WITHOUT_MARKS))
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def forms(words: str) -> frozenset[str]:
    """The words of a list, folded."""
    return frozenset(map(fold, words.split()))


def looks_disguised(word: str) -> bool:
    """Whether a rule's word mixes scripts, which no reader would see."""
    return not word.isascii() and _mixed(word)


def cased(word: str) -> str:
    """The form that ``^word`` goes by: as ``fold``, with its case.

    >>> cased("U.S."), cased("Acme's")
    ('US', 'Acme')
    """
    if word.isascii():
        if word.isalnum():
            return word
    else:
        word = unicodedata.normalize("NFKC", word.translate(JOINERS)).replace("’", "'")
    if word.endswith(("'s", "'S")) and len(word) > 2:
        word = word[:-2]
    return word.replace(".", "") if "." in word and not word[0].isdigit() else word


@lru_cache(maxsize=1)
def _irregular() -> tuple[Mapping[str, str], frozenset[str]]:
    """Base by irregular form, and the forms that are also words of their own."""
    bases: dict[str, str] = {}
    ambiguous: set[str] = set()
    for line in files("streams.rules").joinpath("data/irregular.tsv").read_text("utf-8").splitlines():
        base, _, forms = line.partition("\t")
        for form in forms.split():
            bases[form.rstrip("?")] = base
            if form.endswith("?"):
                ambiguous.add(form.rstrip("?"))
    return bases, frozenset(ambiguous)


_stem = Stemmer.Stemmer("english").stemWord
MOST_WORDS = 50_000
"""Words of texts that a cache keeps: names, numbers and misspellings never end, and what recurs is far less."""


@lru_cache(maxsize=MOST_WORDS)
def keys_of(folded: str) -> tuple[str, ...]:
    """Every key a text's word answers to; one with accents also to those of its plain letters.

    So a rule's plain letter finds any accent, and an accented letter only itself (asymmetric search, section 8.2 of
    Unicode Technical Standard 10).

    >>> keys_of("erdoğan")
    ('erdoğan', 'erdogan')
    """
    base = _irregular()[0].get(folded)
    if base is None and folded.isascii():
        return (_stem(folded),)
    keys: list[str] = [_stem(folded)] if base is None else [_stem(folded), _stem(base)]
    plain = folded if folded.isascii() else unaccented(folded)
    if plain is not folded and plain.isascii():
        keys += keys_of(plain)
    return tuple(dict.fromkeys(keys))


@lru_cache(maxsize=200_000)
def key_of(word: str) -> str:
    """The key that a rule's word stands for.

    >>> key_of("withdrew") == key_of("withdrawal") == "withdraw"
    True
    """
    folded = fold(word)
    bases, ambiguous = _irregular()
    base = None if folded in ambiguous else bases.get(folded)
    return str(_stem(base or folded))


_JOINED = re.compile(r"[^\W\d][.,]\w\w|\w\w\.[^\W\d]|\w,[^\W\d]|[^\W\d],\w")


def joined(word: str) -> bool:
    """Whether a word is two that lack a space between them.

    >>> joined("base.He"), joined("U.S"), joined("9,500")
    (True, False, False)
    """
    return not word.isalnum() and _JOINED.search(word) is not None


JOINED = "\n"
"""What a word answers to, besides its keys, that is several words without a space between them."""


class KnownWords(dict[str, str]):
    """Words as they stand in texts, with the key of each; one that is asked for is known from then on.

    Of a word that answers to several, a line each: nearly all answer to one, so that those of a text are looked up
    at once.
    """

    def __init__(self) -> None:
        self.surfaces: dict[str, list[str]] = {}
        """The same the other way round."""
        self._several: dict[str, tuple[str, ...]] = {}

    def __missing__(self, surface: str) -> str:
        keys = keys_of(fold(surface))
        for key in keys:
            self.surfaces.setdefault(key, []).append(surface)
        if joined(surface):
            keys = (*keys, JOINED)
        stated = self[surface] = "\n".join(keys)
        if len(keys) > 1:
            self._several[stated] = keys
        return stated

    def answers(self, words: Iterable[str]) -> set[str]:
        """Every key that one of the words answers to."""
        return self.parted(set(map(self.__getitem__, words)))

    def parted(self, found: set[str]) -> set[str]:
        """What some words are stated to answer to, with each key of those that answer to several."""
        for several in self._several.keys() & found:
            found.update(self._several[several])
        return found


class Lexicon:
    """Words met so far; forgotten all at once when full.

    A cache only: what it answers depends on the word alone.
    """

    def __init__(self, limit: int = MOST_WORDS) -> None:
        self._limit = limit
        self._known = KnownWords()
        self.numbers: Numbers | None = None
        """The words by number, where the compiled kernels read texts. Numbers know their words, but not the other way
        round: what is forgotten would wait for the garbage collector, which a worker lets run but seldom."""

    def words(self) -> KnownWords:
        """The words, for reading one article."""
        if len(self._known) > self._limit:
            self._known, self.numbers = KnownWords(), None
        return self._known
