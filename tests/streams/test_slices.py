"""Slices: a batch in parts, whatever the parts take."""

from itertools import islice
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from streams import slices
from streams.slices import LEAST, MOST, SLICE_SECONDS, Slicer

seconds = st.floats(0, 1000, allow_nan=False)


@given(st.lists(st.integers(), max_size=2000), st.lists(seconds, max_size=50))
def test_nothing_is_lost_and_the_order_is_kept_whatever_slices_take(items, taken):
    slicer, given_back, takes = Slicer(), [], iter(taken)
    for part in slicer.cut(items):
        assert LEAST <= len(part) <= MOST
        given_back += part
        slicer.learn(len(part), next(takes, 0.0))

    assert given_back == items


@given(st.floats(0, 1), st.floats(0, 0.015))
def test_a_slice_comes_to_take_about_as_long_as_it_should_whatever_a_slice_itself_costs(each, fixed):
    slicer = Slicer()
    for part in islice(slicer.cut(range(10**6)), 100):
        slicer.learn(len(part), fixed + len(part) * each)
    size = len(next(slicer.cut(range(10_000))))

    assert size in (LEAST, MOST) or abs(fixed + size * each - SLICE_SECONDS) <= each + 1e-3


def test_the_short_end_of_a_batch_does_not_make_slices_larger():
    slicer = Slicer()
    before = len(next(slicer.cut(range(1000))))
    slicer.learn(1, 1e-6)

    assert len(next(slicer.cut(range(1000)))) == before


def test_one_slow_slice_makes_the_next_smaller_within_the_same_batch():
    slicer = Slicer()
    parts = slicer.cut(range(1000))
    first = next(parts)
    slicer.learn(len(first), 10.0)

    assert len(next(parts)) < len(first)


def test_of_no_items_there_is_no_slice():
    assert list(Slicer().cut([])) == []


def test_timed_work_makes_the_next_slice_what_its_own_time_and_what_was_spent_before_ask_for(monkeypatch):
    clock = iter([0.0, 3 * SLICE_SECONDS / 4])
    monkeypatch.setattr(slices, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    slicer = Slicer()
    first = len(next(slicer.cut(range(1000))))
    work = slicer.timed(lambda which: [number * 2 for number in which], 5 * SLICE_SECONDS / 4)

    assert work(range(first)) == [number * 2 for number in range(first)]
    assert len(next(slicer.cut(range(1000)))) == first // 2
