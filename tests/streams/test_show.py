"""What a person is shown moves neither cursor nor colours, whatever a publisher wrote."""

from datetime import UTC, datetime

import click
import pytest

from schemas.alert import Alert
from schemas.article import EnrichedArticle, RawArticle, Story, StoryCorrection, TaggedArticle
from schemas.rule import Rule, Silence
from streams.show import as_text, counted

EVIL = "a\x1b[2J\x9bb"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MESSAGES = [
    RawArticle(id=EVIL, text=EVIL),
    TaggedArticle(id=EVIL, title=EVIL, body=EVIL, source=EVIL, language=EVIL),
    EnrichedArticle(id=EVIL, title=EVIL, body=EVIL, publisher=EVIL, verdict="near", duplicate_of=EVIL, story=EVIL),
    Alert(alert_id="a", dedup_key="d", id=EVIL, rule=EVIL, rule_version="1", url=EVIL, title=EVIL),
    Story(id=EVIL, title=EVIL, size=1, publishers=1, merged_into=EVIL),
    StoryCorrection(id=EVIL, action="split", story=EVIL, members=(EVIL,)),
    Rule(name="evil", query="a", description=EVIL),
    Silence(id=EVIL, rule=EVIL, labels={EVIL: EVIL}, comment=EVIL, starts=NOON, ends=NOON),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_nothing_a_publisher_wrote_reaches_the_terminal_as_a_control_character(message):
    shown = click.unstyle("".join(as_text(message))).replace("\n", "")

    assert "�" in shown
    assert shown.isprintable()


def test_one_is_counted_as_one():
    assert (counted(1, "entity", "entities"), counted(2, "entity", "entities")) == ("1 entity", "2 entities")
    assert (counted(1, "article"), counted(0, "article")) == ("1 article", "0 articles")
