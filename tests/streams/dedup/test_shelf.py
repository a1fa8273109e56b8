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


def test_a_large_story_of_which_all_is_forgotten_is_none_however_often_it_is_asked_for():
    shelf = Shelf()
    shelf.put(40, StoryState("a", 70, 1, 100, 200, list(range(40, 110))))

    assert [shelf.get(40, 500) for _ in range(3)] == [None] * 3


@given(st.lists(st.tuples(st.integers(40, 44), st.booleans(), st.integers(0, OPEN + 9)), max_size=12))
def test_stories_that_wait_to_be_packed_are_those_that_are_packed_at_once(changes):
    at_once, waiting = Shelf(), Shelf()
    waiting.wait()
    for story, popped, size in changes:
        for shelf in (at_once, waiting):
            shelf.pop(story) if popped else shelf.put(
                story, StoryState("a", size, 1, 100, 200, [*range(50, 50 + size)])
            )
    before = [waiting.get(story, 40) for story in range(40, 45)]
    waiting.pack()

    assert [*waiting.stories(40)] == [*at_once.stories(40)]
    assert before == [at_once.get(story, 40) for story in range(40, 45)]
