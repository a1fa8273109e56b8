import numpy as np
import pytest

from streams.text.cues import KINDS
from streams.text.manner import COMMANDS, ROWS, WORDS, describe_manner


def rows_of(lines, cues=None, prose=None):
    table = np.zeros((len(ROWS), len(lines)))
    describe_manner(lines, cues or [None] * len(lines), np.array(prose or [1.0] * len(lines)), table)
    return dict(zip(ROWS, table.tolist(), strict=True))


def test_a_word_is_of_one_kind_and_made_of_small_letters():
    words = " ".join(WORDS.values()).split()

    assert len(words) == len(set(words))
    assert all(word.isascii() and word.isalpha() and word.islower() for word in [*words, *COMMANDS.split()])


def test_what_a_site_says_of_itself_is_told_from_what_it_reports():
    rows = rows_of(["Our editors pick the products on this page.", "She told him that they had left the harbour."])

    assert rows["site_words"] == [1.0, 0.0]
    assert rows["third_words"] == [0.0, 1.0]
    assert rows["speech_words"] == [0.0, 4 * 1 / 9]


def test_a_picture_is_described_by_what_is_seen_in_it():
    assert rows_of(["The minister, left, is seen at the port."])["picture_words"] == [1.0]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("Sign up for the morning post", "command", 1),
        ("The sign fell", "command", 0),
        ("Five Ferries Of The North", "title_case", 1),
        ("Five ferries of the North", "title_case", 0.5),
        ("Five to go", "title_case", -1),
        ("Key dates:", "label", 1),
        ("Size: two metres", "label", 2),
        ("What nobody in the town knew: that it was over", "label", 0),
        ("No colon here", "label", 0),
        ("More at www.example.org", "address", 1),
        ("Write to desk@example.org", "address", 1),
        ("It is 5 @ most", "address", 0),
        ("What came next was…", "trailing", 1),
        ("“What came next...”", "trailing", 1),
        ("What came next.", "trailing", 0),
    ],
)
def test_a_line_is_described_by_its_form(line, name, value):
    assert rows_of([line])[name] == [value]


def test_distances_to_cues_end_at_thirty_lines():
    rows = rows_of(["line"] * 40, [None, "credit", *[None] * 38])

    assert rows["since_picture"][:4] == [30, 30, 1, 2]
    assert rows["since_picture"][-1] == 30
    assert rows["until_picture"][:3] == [1, 30, 30]


def test_heads_of_comments_above_the_first_sentence_say_nothing_of_the_text():
    rows = rows_of(["line"] * 5, ["comments", "comments", None, "comments", None], [0.0, 0.0, 1.0, 0.0, 1.0])

    assert rows["comments_above"] == [0, 0, 0, 0, 1]


def test_heads_of_comments_and_of_other_articles_are_counted_above_a_line():
    rows = rows_of(["line"] * 6, ["comments", "related", "related", "related", "related", None])

    assert rows["comments_above"] == [0, 1, 1, 1, 1, 1]
    assert rows["related_above"] == [0, 0, 1, 2, 3, 3]


def test_every_kind_of_cue_has_a_place():
    rows_of(["line"] * len(KINDS), list(KINDS))


def test_beyond_either_end_no_line_has_title_case():
    rows = rows_of(["Five Ferries Left", "three ferries left"])

    assert rows["title_case-1"] == [-1, 1]
    assert rows["title_case+1"] == [0, -1]
