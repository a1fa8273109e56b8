"""Events that a browser takes up where it left off."""

import asyncio

from streams.board.events import Events


def test_who_has_missed_some_gets_those():
    events = Events()
    events.add(b"one")
    seen = events.last
    events.add(b"two")
    events.add(b"three")

    assert [data for _, data in events.after(seen)] == [b"two", b"three"]
    assert events.after(events.last) == []
    assert events.after(seen)[-1][0] == events.last


def test_who_has_missed_more_than_is_kept_is_told_to_begin_anew():
    events = Events(kept=2)
    seen = events.last
    for data in (b"one", b"two", b"three"):
        events.add(data)

    assert events.after(seen) is None


def test_numbers_of_another_run_and_what_is_no_number_are_unknown():
    events = Events()
    events.add(b"one")
    run = events.last.rpartition("-")[0]

    for number in (Events().last, "", "x", "-", f"{run}-", f"{run}--1", f"{run}-2", f"{run}-²"):
        assert events.after(number) is None


async def test_who_waits_is_woken_by_the_next():
    events = Events()
    waiting = asyncio.create_task(events.beyond(events.last, 30))
    await asyncio.sleep(0)
    events.add(b"one")

    assert await waiting


async def test_who_waits_in_vain_is_told_so():
    events = Events()

    assert not await events.beyond(events.last, 0.01)
