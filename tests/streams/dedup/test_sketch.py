"""Sketches of texts, alone and many at once."""

from hypothesis import given
from hypothesis import strategies as st

from streams.dedup.sketch import from_bytes, sketch_of, sketched, sketches_of, to_bytes

FEW_LETTERS = st.text(alphabet="ab1 2.,3\nçÉ東\u200b", max_size=300)


@given(st.lists(st.tuples(st.none() | FEW_LETTERS, FEW_LETTERS | st.text(max_size=60)), max_size=6))
def test_texts_sketched_together_get_the_sketch_of_each_alone(texts):
    assert list(sketches_of(texts)) == [sketch_of(title, body) for title, body in texts]


@given(FEW_LETTERS, st.text(max_size=60))
def test_a_sketch_comes_back_from_its_bytes(title, body):
    packed = to_bytes(sketched(title, body))

    assert to_bytes(from_bytes(packed)) == packed


def test_a_number_is_placed_by_the_sampled_runs_on_either_side():
    sketch = sketched(None, "The flood drove 4,200 people from their homes along the river.")

    ((_, before, after),) = sketch.numbers.tolist()
    runs = {sketched(None, text).prints[0]: text for text in ("the flood drove", "people from their")}
    assert [runs[sketch.prints[index]] for index in (before, after)] == ["the flood drove", "people from their"]


def test_names_tell_more_of_a_headline_without_a_text_than_its_other_words():
    weights = {}
    for name, title in (
        ("plain", "storm hits harbour town Kettlewick"),
        ("shouted", "STORM HITS HARBOUR TOWN KETTLEWICK"),
    ):
        terms = sketched(title, "").terms
        weights[name] = sorted((terms.every & 255).tolist())

    assert weights["plain"][-2] < 0.8 * weights["plain"][-1]
    assert weights["shouted"][-2] > 0.8 * weights["shouted"][-1]
