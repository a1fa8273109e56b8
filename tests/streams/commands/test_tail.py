"""``wirewatch tail``: records as lines, whatever is in them."""

import json
import subprocess
import sys

import click
import pytest

from schemas.article import RawArticle, StoryCorrection
from schemas.rule import Rule
from schemas.topics import RAW, RULES, TAGGED
from streams.commands.tail import _json, _text, one_line
from streams.records import Record, dead_letter
from streams.stage import Reason, Reject


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b'{"id": "a",  "n": 1.0}', '{"id": "a",  "n": 1.0}'),
        ('{"title": "Côte d\'Ivoire"}'.encode(), '{"title": "Côte d\'Ivoire"}'),
        (b'{\n "id": "a"\n}', '{"id": "a"}'),
        ('{"title": "\x9b2J"}'.encode(), '{"title": "\\u009b2J"}'),
        (b"cut {\x1b[2J\nshort", '"cut {\\u001b[2J\\nshort"'),
        (b"\xff", '"\\\\xff"'),
        (None, "null"),
    ],
)
def test_a_value_is_one_line_of_json(value, expected):
    assert one_line(value) == expected
    json.loads(expected)


def test_a_dead_letter_is_one_line_that_moves_no_cursor():
    out = dead_letter(
        Record("articles.raw", 0, 1, 1.0, None, b"{"), "clean", Reject(Reason.INVALID, "a\nb\x1b[2J"), "", 9
    )
    record = Record("articles.rejected", 0, 2, 1.0, out.key, out.value, out.headers)

    [text], [line] = _text(record), _json(record)
    assert text == "articles.rejected-0-2  clean: invalid  a b\ufffd[2J"
    assert json.loads(line)["detail"] == "a\nb\x1b[2J"


@pytest.mark.parametrize(
    ("topic", "message", "said"),
    [
        (RAW, RawArticle(id="a", text="Floods\n\nThe river rose."), "a  Floods  The river rose.  23 characters"),
        (RULES, Rule(name="coup", query="coup", description="A coup"), f"{'coup':<32} {'medium':<9} A coup"),
        (TAGGED, StoryCorrection(id="c", action="merge", story="s", into="t"), "c  merge s: t"),
    ],
)
def test_a_message_of_any_kind_that_a_topic_carries_is_one_line(topic, message, said):
    [text] = _text(Record(topic.name, 0, 1, 1.0, b"key", message.to_json()))

    assert click.unstyle(text) == said


def test_a_deleted_key_is_said():
    assert list(_text(Record(RULES.name, 0, 1, 1.0, b"key", None))) == ["alert.rules-0-1  (deleted)"]


READ_BY_NOBODY = """
import click
from streams.commands.tail import _until_unread
with _until_unread():
    while True:
        click.echo("a line")
"""


def test_a_reader_who_has_enough_is_an_end_like_any_other():
    with subprocess.Popen(
        [sys.executable, "-c", READ_BY_NOBODY], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as tail:
        assert tail.stdout.readline() == b"a line\n"
        tail.stdout.close()

        assert (tail.wait(timeout=60), tail.stderr.read()) == (0, b"")
