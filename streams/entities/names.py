"""Names as keys: one key for the spellings of a name."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache

from streams.entities.characters import base_letter
from streams.entities.datafiles import given_names
from streams.entities.tokens import tokenise
from streams.entities.variants import spelling_classes

KEPT_NAMES = 1 << 13
"""Names whose keys are remembered: those that no table knows never end, and what recurs does so soon."""
_WORDS = re.compile(r"\w+")
_NICKNAME = re.compile(r'\s["“][^"“”]+["”]\s')
_DOUBLED = re.compile(r"([^\W\d])\1+")


@cache
def _one_spelling() -> Mapping[str, str]:
    """Of each spelling of a word that is not written in Latin letters the first of its class."""
    return {word: words[0] for words in spelling_classes() for word in words}


@lru_cache(KEPT_NAMES)
def folded_key(name: str) -> str:
    """The name in lower case, in one spelling, without accents, marks, doubled letters and articles.

    Single letters are left out where two other words remain.

    >>> folded_key("Patrick S. Ryder"), folded_key("P. Ryder"), folded_key("Terminal 4")
    ('patrick ryder', 'p ryder', 'terminal 4')
    >>> folded_key("Yahya Rasoul") == folded_key("Yahya  Rasool")
    True
    >>> folded_key("Qassim Muhammad") == folded_key("Qasem Mohammed")
    True
    """
    words = _WORDS.findall(_small(name).replace("'", "").replace("’", ""))
    words = [word for word in words if word not in ("al", "el", "the")] or words
    written_out = [word for word in words if len(word) > 1]
    return " ".join([_spelled(word) for word in (written_out if len(written_out) > 1 else words)])


def _small(name: str) -> str:
    if name.isascii():
        return name.lower()
    return "".join(base_letter(character) if not character.isascii() else character.lower() for character in name)


@lru_cache(KEPT_NAMES)
def _spelled(word: str) -> str:
    """The one spelling of a word; words recur, also in names that are new."""
    word = _one_spelling().get(word, word).replace("oo", "u").replace("ou", "u").replace("ee", "i")
    return _DOUBLED.sub(r"\1", word)


NICKNAMES = {
    short: full
    for full, shorts in {
        "patrick": "pat", "michael": "mike mick", "robert": "bob rob bobby", "william": "bill will billy", "james":
        "jim jimmy", "richard": "rick dick", "joseph": "joe", "thomas": "tom", "charles": "chuck charlie", "edward":
        "ed ted eddie", "anthony": "tony", "daniel": "dan danny", "david": "dave", "steven": "steve", "stephen":
        "steve", "andrew": "andy drew", "matthew": "matt", "christopher": "chris", "nicholas": "nick", "gregory":
        "greg", "jeffrey": "jeff", "kenneth": "ken", "ronald": "ron", "donald": "don", "timothy": "tim", "samuel":
        "sam", "benjamin": "ben", "alexander": "alex", "frederick": "fred", "philip": "phil", "raymond": "ray",
        "lawrence": "larry", "gerald": "gerry jerry", "douglas": "doug", "peter": "pete", "elizabeth": "liz beth",
        "katherine": "kate kathy", "margaret": "maggie peggy", "susan": "sue", "deborah": "debbie", "jennifer": "jen",
        "bernard": "bernie", "nathaniel": "nate", "leonard": "len", "vincent": "vince", "zachary": "zack",
    }.items()
    for short in shorts.split()
}  # fmt: skip


@cache
def given_name_hashes() -> frozenset[int]:
    """The hashes of given names as words have them."""
    return frozenset(tokenise(sorted(given_names())).hash.tolist())


@cache
def _given_names() -> Mapping[str, str]:
    """The key of the given name in full by that of its short form."""
    return {folded_key(short): folded_key(full) for short, full in NICKNAMES.items()}


@lru_cache(KEPT_NAMES)
def person_key(name: str) -> str:
    """The key of a person: the given name in full, without what stands between it and the last name.

    >>> person_key("Bobby Cole") == person_key("Robert Cole") and person_key("Bill Cole") == person_key("William Cole")
    True
    >>> person_key("Pat Ryder") == person_key("Patrick S. Ryder") == person_key('Patrick "Duke" Ryder')
    True
    """
    if '"' in name or "“" in name:
        name = _NICKNAME.sub(" ", name)
    words = folded_key(name).split(" ")
    if words:
        words[0] = _given_names().get(words[0], words[0])
    return " ".join(words)


@lru_cache(KEPT_NAMES)
def stable_id(key: str, kind: str) -> str:
    """An id for what no table knows, equal wherever key and type are."""
    return "x:" + hashlib.blake2b(f"{kind}\0{key}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@lru_cache(KEPT_NAMES)
def initials(name: str) -> str:
    """The capital letters that open the words of a name.

    >>> initials("European Council on Foreign Relations")
    'ECFR'
    """
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper())


@lru_cache(KEPT_NAMES)
def identifier_of(name: str, kind: str) -> str:
    """The id of a name that no table gives one."""
    return stable_id(person_key(name) if kind == "PERSON" else folded_key(name), kind)


@lru_cache(KEPT_NAMES)
def middle_initials(name: str) -> str:
    """The single letters between the first and the last word of a name.

    >>> middle_initials("John A. Smith"), middle_initials("J. Smith"), middle_initials("George H. W. Bush")
    ('A', '', 'HW')
    """
    return "".join(word[0] for word in name.split()[1:-1] if len(word.rstrip(".")) == 1)


def other_identifier(name: str, kind: str) -> str:
    """The id of somebody whom only initials in the middle of the name tell from somebody else in the article."""
    return stable_id(f"{person_key(name)} {middle_initials(name)}", kind)


def are_two_people(name: str, other: str) -> bool:
    """Whether two names that may else be one person's have other initials in their middle.

    >>> are_two_people("John A. Smith", "John B. Smith"), are_two_people("John A. Smith", "John Smith")
    (True, False)
    """
    mine, others = middle_initials(name), middle_initials(other)
    return not (mine.startswith(others) or others.startswith(mine))
