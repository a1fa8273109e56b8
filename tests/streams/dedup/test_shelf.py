"""A story taken from the shelf is the one that was put there, without what is forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from streams.dedup.shelf import OPEN, Shelf, StoryState

members = st.lists(st.integers(40, 400), min_size=1, max_size=OPEN + 20, unique=True).map(sorted)
seen = st.dictionaries(st.integers(1, (1 << 64) - 1), st.integers(40, 400), max_size=9)


@given(members, seen, st.text(max_size=9), st.integers(0, 420))
def test_a_story_comes_back_with_the_members_that_are_remembered(numbers, publishers, name, base):
    shelf, last = Shelf(), numbers[-1]
    shelf.put(40, StoryState(name, 7, 3, 100, 200, list(numbers), dict(publishers)))
    kept = [number for number in numbers if number >= base]
    found = shelf.get(40, base)

    if not kept:
        assert found is None
    else:
        assert found is not None
        assert (found.name, found.size, found.publishers, found.first, found.last) == (name, 7, 3, 100, 200)
        assert found.members == kept
        if base <= numbers[0]:
            assert found.seen == publishers
    shelf.sweep(40, last - 1)
    assert len(shelf) == 1
    shelf.sweep(40, last)
    assert len(shelf) == 0
