"""What the bench reads off the workers."""

from streams import bench


def test_how_often_event_loops_were_late_is_summed_over_workers(monkeypatch):
    def bucket(limit, count):
        return "wirewatch_loop_lag_seconds_bucket", {"le": limit}, count

    workers = {
        "one": [bucket("0.05", 7), bucket("0.1", 9), bucket("+Inf", 10)],
        "two": [bucket("0.05", 1), bucket("0.1", 2), bucket("+Inf", 2), ("other_bucket", {"le": "0.05"}, 5)],
    }
    monkeypatch.setattr(bench, "samples", workers.get)

    assert bench._lags(["one", "two"]) == {0.05: 4, 0.1: 1, float("inf"): 0}
