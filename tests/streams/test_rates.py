"""Rates from two looks at workers' metrics."""

import pytest

from streams.rates import Look, quantile, rates_between


def counted(received=0.0, sent=0.0, in_flight=0.0, ages=()):
    """The counts of a worker's one stage; ``ages`` are seconds, each at most 1, 5 or more."""
    buckets = {("age", "tag", bound): sum(age <= float(bound) for age in ages) for bound in ("1.0", "5.0", "+Inf")}
    return {
        ("count", "tag", "received"): received,
        ("count", "tag", "sent"): sent,
        ("in flight", "tag", ""): in_flight,
        **buckets,
    }


def test_rates_are_the_rise_of_all_workers_a_second():
    before = Look(10.0, {"one": counted(received=100, sent=90), "two": counted(received=7, sent=7)})
    after = Look(14.0, {"one": counted(received=140, sent=110, in_flight=3), "two": counted(received=11, sent=9)})

    (tag,) = rates_between(before, after)

    assert (tag.stage, tag.received, tag.sent, tag.dropped, tag.rejected, tag.in_flight) == ("tag", 11, 5.5, 0, 0, 3)


def test_a_worker_that_was_started_again_counts_from_nothing():
    before = Look(0.0, {"one": counted(received=1000)})
    after = Look(2.0, {"one": counted(received=6)})

    assert rates_between(before, after)[0].received == 3


def test_ages_are_those_since_the_look_before():
    before = Look(0.0, {"one": counted(ages=[9.0] * 50)})
    after = Look(1.0, {"one": counted(ages=[9.0] * 50 + [0.5] * 100)})

    (tag,) = rates_between(before, after)

    assert (tag.age_p50, tag.age_p99) == (0.5, 0.99)
    assert rates_between(after, after)[0].age_p50 is None


@pytest.mark.parametrize(
    ("buckets", "share", "value"),
    [
        ([(1.0, 10.0), (3.0, 30.0), (float("inf"), 40.0)], 0.5, 2.0),
        ([(1.0, 10.0), (3.0, 30.0), (float("inf"), 40.0)], 0.99, 3.0),
        ([(1.0, 0.0), (3.0, 4.0), (float("inf"), 4.0)], 0.5, 2.0),
        ([(1.0, 0.0), (float("inf"), 0.0)], 0.5, None),
        ([], 0.5, None),
    ],
)
def test_a_quantile_lies_within_its_bucket(buckets, share, value):
    assert quantile(buckets, share) == value
