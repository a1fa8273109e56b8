"""`wirewatch top` on workers of this machine, as they serve their metrics."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from streams import metrics
from streams.commands.top import top
from streams.errors import WirewatchError
from streams.scrape import announce, forget


@pytest.fixture
def worker(serve, tmp_path, monkeypatch):
    """A worker's address; it has left word of itself."""
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path))
    metrics.start_series(["tag"], [])
    return f"{serve([SimpleNamespace(ready=True)])}/metrics"


def test_off_a_terminal_one_table_is_printed_with_a_row_a_stage(worker):
    shown = CliRunner().invoke(top, ["--every", "0.5"]).stdout.splitlines()

    assert shown[0].startswith("1 worker, the last ")
    assert shown[1].split()[:2] == ["stage", "in/s"]
    assert [line.split()[0] for line in shown[2:]].count("tag") == 1


def test_a_worker_is_asked_that_is_named(worker, monkeypatch, tmp_path):
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path / "another"))

    rows = [
        json.loads(line)
        for line in CliRunner().invoke(top, ["--json", "--every", "0.5", "--url", worker]).stdout.splitlines()
    ]

    assert {"stage", "received", "sent", "dropped", "rejected", "in_flight", "age_p50", "age_p99", "at"} == set(rows[0])
    assert "tag" in {row["stage"] for row in rows}


def test_the_workers_of_a_demo_that_runs_are_found(demo_home, worker):
    forget(demo_home.parent, "")
    announce(demo_home, "", 0, worker)

    assert CliRunner().invoke(top, ["--once", "--every", "0.5"]).stdout.startswith("1 worker, ")


def test_the_workers_beside_a_named_broker_are_not_sought_in_a_demo(demo_home, monkeypatch):
    announce(demo_home, "", 0, "http://127.0.0.1:1/metrics")
    monkeypatch.setenv("WIREWATCH_BROKER", "kafka.example.org:9092")

    with pytest.raises(WirewatchError, match=rf"{demo_home.parent}, found none"):
        CliRunner().invoke(top, ["--once"], catch_exceptions=False)


def test_without_workers_that_is_said_with_what_starts_one(monkeypatch, tmp_path):
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path))

    with pytest.raises(WirewatchError, match=r"found none that answers; `wirewatch up` starts one"):
        CliRunner().invoke(top, ["--once"], catch_exceptions=False)
