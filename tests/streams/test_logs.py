"""Logs: one JSON object a line, whatever is logged."""

import json
import logging

import pytest

from streams.logs import JsonLines, Repeats


def record(level=logging.WARNING, message="waiting", at=1000.0, line=1, **extra):
    made = logging.LogRecord("streams.app", level, "app.py", line, message, None, None)
    made.created = at
    for name, value in extra.items():
        setattr(made, name, value)
    return made


def test_a_line_is_one_json_object_with_what_the_record_carries():
    line = JsonLines().format(record(stage="clean", partitions=[1, 2], error="two\nlines"))
    found = json.loads(line)

    assert "\n" not in line
    assert (found["event"], found["level"], found["logger"]) == ("waiting", "warning", "streams.app")
    assert (found["stage"], found["partitions"], found["error"]) == ("clean", [1, 2], "two\nlines")


@pytest.mark.parametrize("value", [object(), {1: "a number for a key"}, 2**70, b"bytes", "\ud800", {"a", "b"}])
def test_whatever_is_logged_makes_a_line(value):
    assert json.loads(JsonLines().format(record(value=value)))["event"] == "waiting"


def test_an_exception_is_told_on_the_line():
    made = record()
    made.exc_info = (ValueError, ValueError("no"), None)

    assert json.loads(JsonLines().format(made))["error"] == "ValueError('no')"


def test_equal_warnings_go_through_once_in_ten_seconds_and_the_next_tells_how_many_were_held():
    repeats = Repeats()
    assert [bool(repeats.filter(record(at=1000.0 + after))) for after in (0, 1, 9)] == [True, False, False]
    later = record(at=1011.0)

    assert repeats.filter(later)
    assert later.held_back == 2


def test_what_a_library_says_at_one_place_goes_through_once_in_two_minutes_whatever_it_names():
    repeats = Repeats()

    def said(at):
        made = record(message=f"connection {at} lost", at=at)
        made.name = "kafka.net.connection"
        return made

    assert [bool(repeats.filter(said(1000.0 + after))) for after in (0, 11, 119, 121)] == [True, False, False, True]


def test_other_warnings_information_and_the_worst_are_not_held_back():
    repeats = Repeats()
    repeats.filter(record())

    assert repeats.filter(record(line=2))
    assert all(repeats.filter(record(logging.INFO)) for _ in range(3))
    assert all(repeats.filter(record(logging.CRITICAL)) for _ in range(3))
