"""Texts that nobody writes and somebody sends."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import CleanArticle


def assert_offsets(body, found):
    assert all(body[m.start : m.end] == m.surface for entity in found for m in entity.mentions)


@pytest.mark.parametrize(
    "body",
    [
        "IRAQ AND IRAN " * 5_000,
        "Iraq, " * 10_000,
        "A" * 100_000,
        "\u202eIraq\u202c and \u200fIran\u200e \u0000 Syria\u0007",
        "I\u0301r\u0323aq and Iraq\u0301\u0301\u0301, 𝕀raq 😀 Iran\ufe0f",
        "Iraq" + "\u0301" * 1_000,
        "'" * 1_000 + "Iraq" + "'" * 1_000,
        "-".join(["Iraq"] * 500),
        "..." * 500 + "U.S." * 200,
        "\ud800Iraq\udfff",
    ],
    ids=[
        "capitals",
        "many names",
        "one word",
        "bidi",
        "combining",
        "marks",
        "apostrophes",
        "hyphens",
        "periods",
        "surrogates",
    ],
)
def test_offsets_hold_in_odd_texts(entities, body):
    found = entities(body)

    assert_offsets(body, found)


def test_a_name_is_found_between_control_characters(entities):
    assert {entity.name for entity in entities("\u202eIraq\u202c and \u200fIran\u200e")} == {"Iraq", "Iran"}


def test_ten_thousand_names_are_counted(entities):
    [iraq] = entities("Iraq, " * 10_000)

    assert iraq.count == 10_000


@settings(max_examples=60)
@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from(["Iraq", "al-", "Gen. ", "U.S.", "و", "Kim Jong-un"]))))
def test_any_text_keeps_its_offsets_and_its_mentions_apart(tagger, pieces):
    body = "".join(pieces)
    found = tagger.tag(CleanArticle.model_construct(id="1", title=None, body=body, language="en"))

    assert_offsets(body, found)
    spans = sorted((m.start, m.end) for entity in found for m in entity.mentions)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_numbered_names_stay_apart(entities):
    found = entities(" ".join(f"Minister Anton Petrov{number} met them." for number in range(1, 120)))

    assert len({entity.id for entity in found}) == 119
