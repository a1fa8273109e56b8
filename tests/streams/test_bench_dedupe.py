"""The benchmark of dedupe measures what it says: a memory restored as the engine does, then lived with."""

from itertools import count

import pytest

from streams import bench_dedupe
from streams.bench_dedupe import measured


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(bench_dedupe, "BASE", 40)
    monkeypatch.setattr(bench_dedupe, "MEASURED", 10)


def test_a_row_tells_of_speed_state_and_recovery():
    ticks = count()
    row = measured(100, lambda: next(ticks))

    assert row.articles == 100
    assert row.microseconds == 1e6
    assert row.longest_seconds == 1
    assert 0 < row.bytes_dedupe < row.bytes_total
    assert row.restore_seconds == 3 + 3 + 1
    assert row.lines()[0] == "100 articles remembered:"
