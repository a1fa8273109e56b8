"""How late the event loop comes to what is due."""

from prometheus_client import REGISTRY

from streams.lag import LOOK_SECONDS, watch_lag


class Loop:
    """A loop whose time the test sets."""

    def __init__(self):
        self.now = 100.0
        self.due = None

    def time(self):
        return self.now

    def call_at(self, when, look, *arguments):
        self.due = when, look, arguments

    def turn(self, late):
        when, look, arguments = self.due
        self.now = when + late
        look(*arguments)


def later_than(seconds):
    within = REGISTRY.get_sample_value("wirewatch_loop_lag_seconds_bucket", {"le": str(seconds)})
    return REGISTRY.get_sample_value("wirewatch_loop_lag_seconds_count") - within


def test_a_loop_that_is_held_up_is_seen_each_time_and_by_how_much():
    loop, before = Loop(), (later_than(0.05), later_than(0.1))
    watch_lag(loop)
    for late in (0.0, 0.07, 0.3, 0.001):
        loop.turn(late)

    assert (later_than(0.05) - before[0], later_than(0.1) - before[1]) == (2, 1)


def test_a_delay_counts_once_and_the_next_look_is_as_soon_as_ever():
    loop = Loop()
    watch_lag(loop)
    loop.turn(5.0)

    assert loop.due[0] == loop.now + LOOK_SECONDS
