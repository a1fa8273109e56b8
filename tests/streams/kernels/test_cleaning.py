"""Lines are counted and described, and trees summed up, alike with and without the compiled kernels."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.article import RawArticle
from streams import kernels
from streams.stages.clean import clean
from streams.text.classifier import line_classifier
from streams.text.counting import ROWS, count_lines
from streams.text.cues import KINDS
from streams.text.features import described
from streams.text.gates import Gates
from streams.text.hygiene import tidied_lines
from streams.text.normal import normalised

SIGNS = "aehT ,.:”\"1٣9)|»·é'said the over Σσİßǅ_–•-*Ⅷ²\U0001d7d8\U0001f600\ud800\u2028\x85"
WORDS = ["harbour", "Harbour", "the", "said", "THE", "ferry:", "3.", "10)", "ΟΔΟΣ", "under_score", "naïve", "strasse"]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(st.sampled_from(SIGNS), max_size=9), max_size=14).map(" ".join)


def lines_of(texts):
    return [line for line in tidied_lines("\n".join(texts)) if line] or ["one"]


LINES = st.lists(TEXTS, min_size=1, max_size=12).map(lines_of)


def counted(lines, title):
    rows = np.empty((len(ROWS), len(lines)))
    count_lines(lines, title, rows)
    return rows


@given(LINES, st.none() | TEXTS)
@example(["The ferry of the harbour left the pier on Monday.", "Ferry", "ferry"], "The ferry of Σ")
@example(["x" * 200 + "|", "- one", "1) two", "12. three", "123. four", "a: b", "a: c", "a d"], None)
def test_the_same_is_counted_in_lines(both, lines, title):
    compiled, pure = both(counted, lines, title)

    assert dict(zip(ROWS, compiled.tolist(), strict=True)) == dict(zip(ROWS, pure.tolist(), strict=True))


@given(LINES.flatmap(lambda lines: st.tuples(st.just(lines), st.lists(st.sampled_from([None, *KINDS]), min_size=12))))
def test_lines_are_described_alike_and_as_likely(both, given_lines):
    lines, cues = given_lines
    described_so, model = (
        both(described, lines, cues[: len(lines)] + [None] * (len(lines) - len(cues))),
        line_classifier(),
    )

    compiled, pure = both(model.probabilities, described_so[0])

    assert described_so[0].tolist() == described_so[1].tolist()
    assert compiled.tolist() == pure.tolist()


@given(LINES)
def test_a_text_is_cleaned_alike(both, lines):
    compiled, pure = both(clean, RawArticle(id="a", text="\n".join(lines * 4)))

    assert compiled == pure


def table(columns):
    return np.zeros((len(ROWS), columns))


@pytest.mark.parametrize(
    ("text", "lower", "room"),
    [("a\nb", "a\nb", 1), ("a", "a", 2), ("a\n\nb", "a\n\nb", 3), ("a\nb", "a", 2), ("", "", 1)],
)
def test_texts_of_other_lines_than_there_is_room_for_are_refused(both, text, lower, room):
    with pytest.raises(ValueError, match="expected"):
        kernels.load({})[0].count_lines(text, lower, "", "", "", "", "", "", "", 1, table(room))


def test_trees_that_do_not_fit_their_table_are_refused(both):
    sums, values, ints = kernels.load({})[0].tree_sums, np.zeros((2, 4)), lambda *items: np.array(items, np.int64)
    columns, limits, asked, rows, room = ints(0, 1), np.zeros(2), ints(0, 1, 1, 0), np.zeros((2, 3)), np.zeros(3)

    sums(columns, limits, asked, values, rows, room, 2)
    for wrong in (
        (ints(0, 2), limits, asked, values, rows, room, 2),
        (columns, limits, ints(0, 1, 2, 0), values, rows, room, 2),
        (columns, limits, asked, values[:1], rows, room, 2),
        (columns, limits[:1], asked, values, rows, room, 2),
        (columns, limits, asked, values, rows.ravel()[:5], room, 2),
        (columns, limits, asked, values, rows, room, 9),
        (columns, limits, asked, values, rows, room, 0),
    ):
        with pytest.raises(ValueError, match="expected"):
            sums(*wrong)


WANTED = st.lists(
    st.lists(st.text(st.sampled_from("aeßİıſςKσé \n中"), min_size=1, max_size=4)), min_size=1, max_size=70
)


@given(WANTED, st.lists(st.text(st.sampled_from("aAeEßẞİıſςΣKkσéÉ 中\U0001f600\ud800"), max_size=30), min_size=1))
def test_the_same_rules_are_tried_on_lines(both, rules, lines):
    gates = Gates([[word[0] + word[1:].replace("\n", "") for word in words] for words in rules])

    compiled, pure = both(lambda: (gates.of_lines(lines), gates.of_text("\n".join(lines))))

    assert compiled == pure


@given(
    st.text(st.sampled_from("aB `’‘“”–—… \u00a0\u2028\x85\x1cßİıſςΣﬁ①éÉ\u0301\u200d\ud800\U0001d7d8\0中٣\u00ad\u3000"))
)
@example("")
@example("… \u00a0 …")
def test_the_normal_form_of_a_text_is_the_same(both, text):
    compiled, pure = both(normalised, text)

    assert compiled == pure


def test_what_folds_a_word_may_fail():
    native, _ = kernels.load({})
    if native is None:
        pytest.skip("no compiled kernels here")

    with pytest.raises(ZeroDivisionError):
        native.normal_form("café", lambda word: 1 // 0)
    with pytest.raises(TypeError):
        native.normal_form("café", len)
    with pytest.raises(TypeError):
        native.normal_form(b"cafe", str)
