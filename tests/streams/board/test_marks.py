"""Text in parts for a browser."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Member, Modality
from streams.board.marks import parts, sentences, title


@given(st.text(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_the_parts_together_are_the_text_whatever_the_members(text, spans):
    members = [Member(start=start, end=end, text="", term="term") for start, end in spans]

    found = parts(text, members)

    assert "".join(part for part, _ in found) == text
    assert all(part for part, _ in found)


def test_of_overlapping_members_the_earlier_has_its_whole():
    members = [Member(start=3, end=9, text="", term="later"), Member(start=0, end=5, text="", term="earlier")]

    assert parts("abcdefghij", members) == [("abcde", "earlier"), ("fghi", "later"), ("j", None)]


def only_sentence(*found):
    [(_, marked)] = sentences(found)
    return marked


def test_offsets_count_from_the_sentence_in_code_points(alert):
    [found] = alert().evidence
    moved = found.model_copy(
        update={
            "sentence": "🚁 Troops left.", "sentence_start": 40, "sentence_end": 54, "start": 42, "end": 53,
            "members": (Member(start=42, end=48, text="Troops", term="troops"),),
        }
    )  # fmt: skip

    assert only_sentence(moved) == [("🚁 ", None), ("Troops", "troops"), (" left.", None)]


def test_two_matches_in_a_sentence_that_speaks_one_way_are_one(alert):
    [found] = alert().evidence
    first, second = (found.model_copy(update={"members": (member,)}) for member in found.members)
    denied = second.model_copy(update={"modality": Modality.DENIED})

    both = [("Troops", "troops"), (" ", None), ("left", "leave"), (" Niger.", None)]
    assert only_sentence(first, second) == both
    assert [evidence.modality for evidence, _ in sentences([first, denied])] == [Modality.ACTUAL, Modality.DENIED]


def test_a_match_whose_members_lie_elsewhere_is_marked_whole(alert):
    [found] = alert().evidence
    far = found.model_copy(update={"members": (Member(start=90, end=95, text="Niger", term="niger"),)})

    assert only_sentence(far) == [("Troops left", ""), (" Niger.", None)]


def test_of_the_title_only_what_was_found_in_the_title_is_marked(alert):
    assert title(alert()) == [("Niger", None)]

    [found] = alert().evidence
    told = alert(title="Troops left Niger.", evidence=(found.model_copy(update={"field": "title"}),))

    assert title(told) == [("Troops", "troops"), (" ", None), ("left", "leave"), (" Niger.", None)]
