"""How lines speak is told alike with and without the compiled kernel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import kernels
from streams.text.cues import KINDS
from streams.text.hygiene import tidied_lines
from streams.text.manner import ROWS, describe_manner

SAYINGS = st.lists(
    st.sampled_from([
        "Read", "more", "Photo", "photos", "she", "She", "told", "you", "we", "www.", "awww.", ".com", "://", "@a", "#",
        "#1", "@é", "a:", ":", "…", "...", "...”)", "Harbour", "harbour", "Éa", "K", "ſhe", "İt", "newsletter", "I'm",
    ]) | st.text(st.sampled_from("aehT ,.:”\"1)|»é'Σσİß\U0001f600\ud800\x85"), max_size=5),
    max_size=12,
).flatmap(lambda words: st.sampled_from(["", " "]).map(lambda glue: glue.join(words)))  # fmt: skip


def lines_of(texts):
    return [line for line in tidied_lines("\n".join(texts)) if line] or ["one"]


def manner_of(lines, cues, prose):
    rows = np.empty((len(ROWS), len(lines)))
    describe_manner(lines, cues, np.array(prose[: len(lines)], dtype=float), rows)
    return rows


@given(
    st.lists(SAYINGS, min_size=1, max_size=40).map(lines_of),
    st.lists(st.sampled_from([None, *KINDS]), min_size=40, max_size=40),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_the_same_is_told_of_how_lines_speak(both, lines, cues, prose):
    compiled, pure = both(manner_of, lines[:40], cues[: len(lines)], prose)

    assert dict(zip(ROWS, compiled.tolist(), strict=True)) == dict(zip(ROWS, pure.tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "lines", "rows"), [("a\nb", 1, 1), ("a", 2, 2), ("a\n\nb", 3, 3), ("", 1, 1), ("a", 1, 2)]
)
def test_how_lines_speak_is_not_told_of_other_lines_than_there_is_room_for(both, text, lines, rows):
    room = np.zeros((len(ROWS), rows))
    with pytest.raises(ValueError, match="expected"):
        kernels.load({})[0].describe_manner(text, "a\nb", np.zeros(lines, np.int64), np.zeros(lines), room)


def test_words_of_more_kinds_than_are_told_are_refused(both):
    with pytest.raises(ValueError, match="expected"):
        kernels.load({})[0].describe_manner(
            "a", "a\n" * 8, np.zeros(1, np.int64), np.zeros(1), np.zeros((len(ROWS), 1))
        )
