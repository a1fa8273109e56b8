"""Texts are cut into the same words with and without the compiled kernels."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import kernels
from streams.entities.tokens import Letters, tokenise

MARKS = ".,'’\"״-–\n \t…;&()€$\u0640\u00ad\u200f\u0301"
PIECES = (
    "U.S.",
    "states' rights",
    "Kata'ib",
    'צה"ל',
    "Iraq's",
    "F-16",
    "中文",
    "ﷺ",
    "\ud800",
    "\U0001f600",
    "İstanbul",
)
TEXTS = st.lists(
    st.text(max_size=40)
    | st.text(st.sampled_from("AaBs1é" + MARKS), max_size=40)
    | st.text(st.sampled_from("asA'.\", \n"), max_size=40)
    | st.lists(st.sampled_from(PIECES) | st.sampled_from(MARKS), max_size=12).map("".join),
    max_size=5,
)


def differences(one, other) -> list[str]:
    """Names of the fields of two dataclasses that are not equal to the bit."""
    pairs = [(field.name, getattr(one, field.name), getattr(other, field.name)) for field in fields(one)]
    return [name for name, mine, theirs in pairs if not equal(mine, theirs)]


def equal(mine, theirs) -> bool:
    if isinstance(mine, np.ndarray):
        return mine.dtype == theirs.dtype and mine.shape == theirs.shape and mine.tobytes() == theirs.tobytes()
    return differences(mine, theirs) == [] if isinstance(mine, Letters) else mine == theirs


@given(TEXTS, st.lists(st.booleans(), min_size=5, max_size=5))
def test_any_texts_have_the_same_words(both, texts, split):
    compiled, pure = both(tokenise, texts, split[: len(texts)])

    assert differences(compiled, pure) == []


@pytest.mark.parametrize("text", ["A" * 1_000_000, "U.S. " * 200_000, "\U0001f600é" * 300_000, "'\"." * 100_000])
def test_a_megabyte_of_one_thing_has_the_same_words(both, text):
    compiled, pure = both(tokenise, [text])

    assert differences(compiled, pure) == []


def test_letters_that_do_not_fit_are_refused(both):
    native = kernels.load({})[0]
    points, table = np.array([65, 66], np.uint32), np.zeros(66, np.uint32)

    def letters(points, room):
        sizes = ((np.int64, 0), (np.uint8, 0), (np.uint32, 0), (np.bool_, 0), (np.uint32, 0), (np.uint64, 1))
        native.letters(
            points, table, np.zeros(0, np.bool_), *(np.zeros(len(points) + room + more, kind) for kind, more in sizes)
        )

    letters(points[:1], 0)
    with pytest.raises(ValueError, match="code points that the table has"):
        letters(points, 0)
    with pytest.raises(ValueError, match="room for every character"):
        letters(points[:1], -1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"start": 1}, "arrays of one item a word"),
        ({"kind": 1}, "arrays of one item a letter"),
        ({"first": 1}, "a first word for every text"),
        ({"at": np.array([0, 1, 2, 3, 9])}, "letters of the text"),
        ({"at": np.array([0, 1, 2, -1, 4])}, "letters of the text"),
        ({"kind": np.full(5, 2, np.uint8)}, "letters that end with a break"),
        ({"size": 1}, "room for every word"),
        ({"size": 3}, "no more room than words"),
    ],
)
def test_words_that_do_not_fit_are_refused(both, changes, expected):
    tokens = tokenise(["a b"])
    letters, size = tokens.letters, changes.get("size", 2)
    read = {
        "points": np.frombuffer("a b\n\n".encode("utf-32-le"), np.uint32),
        **{name: getattr(letters, name) for name in ("at", "kind", "code", "upper", "packed")},
        "texts": tokens.text_start,
        "first": np.zeros(2, np.int64),
        **{name: np.zeros(size, np.int64) for name in ("start", "end", "low", "high", "line", "hash")},
        **{name: np.zeros(size, np.uint8) for name in ("case", "gap", "opens", "number", "script", "before", "after")},
    }
    for name, change in changes.items():
        if name != "size":
            read[name] = read[name][:change] if isinstance(change, int) else change

    with pytest.raises(ValueError, match=expected):
        kernels.load({})[0].words(*read.values())
