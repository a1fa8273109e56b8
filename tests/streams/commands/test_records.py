"""What commands write."""

from datetime import UTC, datetime

import pytest

from schemas import topics
from schemas.article import StoryCorrection
from schemas.rule import Rule, Silence
from streams.commands import pushing
from streams.commands import records as module
from streams.errors import WirewatchError
from streams.settings import Settings

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def written(monkeypatch):
    """What has been given to the broker."""
    found = []

    class Writer:
        def __init__(self, settings):
            pass

        def send(self, out):
            found.append(out)

        def confirm(self, sent):
            return sent

        def close(self):
            pass

    monkeypatch.setattr(module, "Writer", Writer)
    return found


@pytest.mark.parametrize(
    ("topic", "message", "key"),
    [
        (topics.RULES, Rule(name="flood", query="rain"), b"flood"),
        (topics.SILENCES, Silence(id="s", rule="flood", starts=NOON, ends=NOON), b"s"),
        (topics.TAGGED, StoryCorrection(id="c", action="merge", story="a", into="b", language=None), b"und"),
    ],
)
def test_what_a_person_writes_is_a_cloud_event_as_well(written, topic, message, key):
    module.put(Settings(), topic, [message], "hand")

    [out] = written
    headers = dict(out.headers)
    assert (out.topic, out.key, out.value) == (topic.name, key, message.to_json())
    assert (headers["ce_type"], headers["ce_source"]) == (f"wirewatch.{topic.name}.v1".encode(), b"/wirewatch/hand")
    assert headers["ce_id"].startswith(f"{getattr(message, 'id', 'flood')}@".encode())


def test_a_broker_that_is_away_is_told_before_rules_are_compiled_and_their_examples_run(monkeypatch, tmp_path):
    def away(_settings):
        raise WirewatchError("nothing listens")

    (tmp_path / "rule.yaml").write_text("- {name: rain, query: rain, tests: {fire: [It rains.]}}")
    monkeypatch.setattr(pushing, "reach", away)
    monkeypatch.setattr(pushing, "rules_of", lambda *_: pytest.fail("rules were compiled"))
    monkeypatch.setattr(pushing, "test", lambda *_: pytest.fail("an example was run"))

    with pytest.raises(WirewatchError, match="nothing listens"):
        pushing.push_rules([tmp_path / "rule.yaml"], Settings(broker="127.0.0.1:1"))
