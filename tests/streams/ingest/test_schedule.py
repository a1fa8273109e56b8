import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ingest.schedule import (
    FIRST,
    LEAST,
    MOST,
    UNSAID,
    fresh_seconds,
    next_interval,
    pause_after_errors,
    put_off,
)

NEW = st.integers(0, 100)
HINTS = st.none() | st.floats(1, 1e7)


@given(st.floats(0, MOST), NEW, HINTS)
def test_an_interval_stays_within_its_bounds_and_the_publisher_s_word(interval, new, asked):
    seconds, why = next_interval(interval, new, asked)

    assert LEAST <= seconds <= MOST
    assert seconds <= max(asked or UNSAID, LEAST)
    assert why


@given(st.floats(LEAST, MOST), NEW, NEW, HINTS)
def test_the_more_was_new_the_shorter_the_interval(interval, one, other, asked):
    less, more = sorted((one, other))

    assert next_interval(interval, more, asked)[0] <= next_interval(interval, less, asked)[0]


@pytest.mark.parametrize(("asked", "most"), [(None, UNSAID), (3600, 3600), (1e6, MOST)])
def test_a_feed_without_news_is_read_less_and_less_often(asked, most):
    seconds = [0.0]
    for _ in range(20):
        seconds.append(next_interval(seconds[-1], 0, asked)[0])

    assert seconds == sorted(seconds)
    assert seconds[-1] == most


def test_a_feed_with_much_news_is_read_as_often_as_is_polite():
    assert next_interval(next_interval(FIRST, 5, None)[0], 5, None) == (LEAST, "several were new; no shorter")


@given(st.floats(LEAST, MOST), st.integers(1, 10_000), HINTS)
def test_errors_lengthen_the_pause_up_to_a_day_and_never_for_ever(interval, errors, asked):
    pause = pause_after_errors(interval, errors, asked)

    assert pause <= pause_after_errors(interval, errors + 1, asked) <= MOST
    assert pause >= min(asked or 0, MOST)


def test_the_pause_after_errors_is_linear():
    assert [pause_after_errors(1200, n) for n in (1, 2, 3)] == [1200, 2400, 3600]


@given(st.floats(0, MOST), st.floats(0, 1, exclude_max=True))
def test_a_poll_is_put_off_a_little_and_never_brought_forward(seconds, chance):
    assert seconds <= put_off(seconds, chance) <= 1.1 * seconds


@pytest.mark.parametrize(
    ("control", "expires", "seconds"),
    [
        ("max-age=300", None, 300),
        ("public, s-maxage=60", None, 60),
        ("no-cache, max-age=0", None, None),
        ("x-max-age=5", None, None),
        (None, "Fri, 05 Jan 2024 10:30:00 GMT", 1800),
        (None, "Fri, 05 Jan 2024 09:30:00 GMT", None),
        (None, "0", None),
        (None, None, None),
    ],
)
def test_how_long_an_answer_stays_fresh_is_what_its_headers_say(control, expires, seconds):
    assert fresh_seconds(control, expires, "Fri, 05 Jan 2024 10:00:00 GMT") == seconds
