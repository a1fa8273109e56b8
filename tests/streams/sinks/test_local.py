"""Standard output and files."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest

from schemas.alert import AlertState
from streams.sinks.file import File, FileSettings
from streams.sinks.stdout import Stdout, StdoutSettings


def test_standard_output_is_the_alerts_as_they_stand_on_the_topic(notice: Any, sent: Any) -> None:
    stream = io.BytesIO()
    asyncio.run(sent(Stdout(StdoutSettings(), stream), notice(), notice(alert_id="a2")))

    assert [json.loads(line)["alert_id"] for line in stream.getvalue().decode().splitlines()] == ["a1", "a2"]


def test_standard_output_for_people_shows_no_control_characters(notice: Any, sent: Any) -> None:
    stream = io.BytesIO()
    told = notice(title="Quiet\x1b[2J\u202enight", state=AlertState.ESCALATED, articles=3, sources=2)
    asyncio.run(sent(Stdout(StdoutSettings(format="text"), stream), told))

    assert stream.getvalue().decode().splitlines() == [
        "[HIGH escalated] troop-withdrawal: Quiet[2Jnight",
        "    agency.example, 2026-01-02, 3 articles from 2 publishers",
        "    actual: The general quits the northern base.",
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "alerts.jsonl"


def a_file(path: Path) -> File:
    return File(FileSettings(type="file", path=path))


def test_a_file_grows_by_a_line_an_alert(path: Path, notice: Any, sent: Any) -> None:
    for number in range(2):
        assert asyncio.run(sent(a_file(path), notice(alert_id=str(number)))) is None

    assert [json.loads(line)["alert_id"] for line in path.read_text().splitlines()] == ["0", "1"]


def test_a_line_that_a_crash_has_torn_spoils_no_other(path: Path, notice: Any, sent: Any) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"alert_id": "to')
    asyncio.run(sent(a_file(path), notice()))

    torn, whole = path.read_bytes().splitlines()
    assert torn == b'{"alert_id": "to'
    assert json.loads(whole)["alert_id"] == "a1"


def test_a_file_that_was_moved_away_is_made_anew(path: Path, notice: Any, sent: Any) -> None:
    sink = a_file(path)
    asyncio.run(sent(sink, notice(alert_id="old")))
    path.rename(path.with_suffix(".1"))
    asyncio.run(sent(sink, notice(alert_id="new")))

    assert json.loads(path.read_text())["alert_id"] == "new"


def test_a_file_that_cannot_be_written_may_be_put_right(tmp_path: Path, notice: Any, sent: Any) -> None:
    failure = asyncio.run(sent(a_file(tmp_path), notice()))

    assert failure.retry
    assert str(failure) == f"{tmp_path}: Is a directory"
