"""Memory that grows where it stands."""

import numpy as np

from streams.dedup.room import Room


def test_what_was_there_stays_when_the_room_grows_and_when_it_shrinks():
    room = Room(width=4)
    room.resize(1000)
    room.view(np.uint32)[:] = np.arange(1000)

    room.resize(2_000_000)
    assert room.view(np.uint32)[:1000].tolist() == list(range(1000))
    assert not room.view(np.uint32)[1000:].any()

    room.resize(10)
    assert room.view(np.uint32).tolist() == list(range(10))


def test_a_view_that_somebody_still_holds_is_no_obstacle():
    room = Room(width=4)
    room.resize(10)
    held = room.view(np.uint32)
    held[:] = 7

    room.resize(5000)

    assert room.view(np.uint32)[:10].tolist() == [7] * 10


def test_no_items_take_no_memory():
    room = Room(width=8)
    room.resize(100)
    room.resize(0)

    assert room.nbytes() == 0
    assert len(room.view(np.uint64)) == 0
