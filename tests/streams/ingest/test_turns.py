from hypothesis import given
from hypothesis import strategies as st

from streams.ingest.turns import Turns, domain_of

ACTIONS = st.lists(st.tuples(st.sampled_from(["put", "take", "back", "wait"]), st.integers(0, 5), st.integers(0, 9)))


@given(ACTIONS)
def test_no_domain_has_two_feeds_out_and_none_goes_before_its_time(actions):
    turns, now, out, due = Turns(gap=2), 0.0, {}, {}
    for action, feed, number in actions:
        name, domain = f"f{feed}", f"d{feed % 2}"
        if action == "put" and name not in out:
            due[name] = now + number
            turns.put(name, due[name], domain)
        elif action == "take" and (taken := turns.take(now)):
            assert due[taken] <= now
            out[taken] = f"d{int(taken[1:]) % 2}"
            assert len(set(out.values())) == len(out)
        elif action == "back" and out:
            name = sorted(out)[0]
            del out[name]
            turns.back(name, now)
        elif action == "wait":
            now += number


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_every_feed_gets_its_turn(moments):
    turns, now, had = Turns(gap=1), 0.0, []
    for number, moment in enumerate(moments):
        turns.put(str(number), moment, f"domain {number % 3}")
    while turns.next_at() is not None:
        now = max(now, turns.next_at())
        if feed := turns.take(now):
            had.append(feed)
            turns.back(feed, now)

    assert sorted(had) == sorted(map(str, range(len(moments))))


def test_a_domain_that_wants_to_be_left_alone_is_and_others_are_not():
    turns = Turns(gap=1)
    for feed, domain in (("a", "slow"), ("b", "slow"), ("c", "other")):
        turns.put(feed, 0, domain)

    first = turns.take(1)
    assert [first, turns.take(1), turns.take(1)] == ["a", "c", None]
    turns.back("a", 2, rest=100)

    assert [turns.take(50), turns.take(101), turns.take(102)] == [None, None, "b"]


def test_a_feed_that_is_dropped_has_no_turn_and_one_that_is_put_off_waits():
    turns = Turns()
    turns.put("a", 1, "x")
    turns.put("b", 1, "y")
    turns.drop("a")
    turns.put("b", 5, "y")

    assert (turns.take(2), turns.next_at(), turns.take(5)) == (None, 5, "b")


def test_a_registrable_domain_is_one_place_and_private_hosts_are_each_their_own():
    addresses = [
        "https://a.example.co.uk/1",
        "http://b.example.co.uk:8080/",
        "http://localhost:1/",
        "http://localhost:2/",
    ]

    assert [domain_of(address) for address in addresses] == [
        "example.co.uk",
        "example.co.uk",
        "localhost:1",
        "localhost:2",
    ]
