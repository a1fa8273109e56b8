"""Which names of places in other scripts the gazetteers keep.

The source has many native names from machine translation, which took the name for a word: Beirut is "beer", Karaj is
"dear", Tyre is the part of a wheel. In a script without capitals such a name would be found in every text. So a name
in Arabic or Cyrillic letters is kept only where its consonants are those of the place's name, one in Hebrew, Chinese
or Korean where it is not among ``native_words.txt``, and one in a script that no other table has, never.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

ARABIC_SOUNDS = {
    "b": "بپ", "d": "تطثٹدذضڈډټ", "k": "جچقكکگغخځڅګ", "s": "سشصزژظښږ", "r": "رڑړ", "l": "ل", "m": "م", "n": "نںڼ",
    "f": "فڤ",
}  # fmt: skip
CYRILLIC_SOUNDS = {
    "b": "бп", "d": "тдћђ", "k": "кгґџғқх", "s": "зсшщжчцѕ", "r": "р", "l": "лљ", "m": "м", "n": "нњңҥ", "f": "вф",
}  # fmt: skip
LATIN_SOUNDS = {"b": "bp", "d": "td", "k": "ckgjxq", "s": "sz", "r": "r", "l": "l", "m": "m", "n": "n", "f": "fv"}
"""Consonants by how alike they are written in Latin letters; vowels, h, w and y are not compared."""

OF_SEVERAL_LETTERS = (
    ("shch", "s"), ("tch", "s"), ("sh", "s"), ("ch", "s"), ("zh", "s"), ("ts", "s"), ("kh", "k"), ("gh", "k"),
    ("dj", "k"), ("qu", "k"), ("gu", "k"), ("th", "d"), ("dh", "d"), ("ph", "f"),
)  # fmt: skip
"""Latin letters that stand for one consonant, the longer first."""

DIRECTIONS = {
    "شمال": "North", "شمالی": "North", "الشمالية": "North", "جنوب": "South", "جنوبی": "South", "الجنوبية": "South",
    "غرب": "West", "الغربية": "West", "شرق": "East", "شرقی": "East", "وسط": "Central",
}  # fmt: skip
OFFICES = frozenset(
    (
        *("District", "Province", "Tehsil", "City", "Division", "Oblast", "Raion"),
        *("ضلع", "تحصیل", "منطقة", "إقليم", "قضاء", "ولاية", "ولایت", "مديرية", "مدينة", "شهر"),
        *("область", "район", "району"),
    )
)
"""Words for parts of countries, which one of the two names may lack."""

ARTICLES = re.compile(r"\b(?:al|el|ad|as|ar|ash|at|an|az|ech|es|er|d|l)\b")
ARABIC_ARTICLE = re.compile(r"^(?:و?ال|لل)(?=\w\w)")
WORDS = re.compile("[\\s\\-\u200c]+")


@cache
def native_words() -> frozenset[str]:
    """The names of ``native_words.txt``, which are not kept."""
    lines = (Path(__file__).parent / "native_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def kept(native: str, name: str) -> bool:
    """Whether the table of places keeps ``native`` as a name of the place called ``name``.

    >>> kept("بغداد", "Baghdad"), kept("عزیز", "Karaj")
    (True, False)
    """
    script = script_of(native)
    if native in native_words() or script == "OTHER":
        return False
    if script == "ARABIC":
        return sounds_like(native, name, ARABIC_SOUNDS)
    if script == "CYRILLIC":
        return native[0].isupper() and sounds_like(native, name, CYRILLIC_SOUNDS)
    return True


def script_of(native: str) -> str:
    """The script of the first letter by its name in Unicode: LATIN, ARABIC, ..., and OTHER for those of no table."""
    letter = next((character for character in native if character.isalpha()), " ")
    script = unicodedata.name(letter, "").split(" ")[0]
    return script if script in ("LATIN", "ARABIC", "CYRILLIC", "HEBREW", "CJK", "HANGUL", "GREEK") else "OTHER"


def sounds_like(native: str, name: str, sounds: dict[str, str]) -> bool:
    """Whether two names have the same consonants, in one order, and have any."""
    theirs = [word for word in WORDS.split(native) if word not in OFFICES]
    ours = [word for word in WORDS.split(name) if word not in OFFICES]
    for word in [word for word in theirs if DIRECTIONS.get(word) in ours]:
        theirs.remove(word)
        ours.remove(DIRECTIONS[word])
    spoken = consonants(" ".join(ARABIC_ARTICLE.sub("", word) for word in theirs).lower(), sounds)
    return bool(spoken) and spoken == consonants(in_latin(" ".join(ours)), LATIN_SOUNDS)


def in_latin(name: str) -> str:
    """A name in plain small letters, one letter a consonant, without Arabic articles."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))
    plain = ARTICLES.sub("", re.sub("[^a-z ]", " ", plain))
    for several, one in OF_SEVERAL_LETTERS:
        plain = plain.replace(several, one)
    return plain


def consonants(text: str, sounds: dict[str, str]) -> str:
    """The consonants of ``text`` by their sounds, doubled ones once."""
    called = {letter: sound for sound, letters in sounds.items() for letter in letters}
    return re.sub(r"(.)\1+", r"\1", "".join(called.get(letter, "") for letter in text))
