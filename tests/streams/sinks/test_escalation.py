"""Three publishers of one event, from the raw article to the receiver: one notification, and one when it has grown."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.alert import Alert
from schemas.article import RawArticle
from schemas.rule import Rule
from streams.pipeline import new_states, run_through
from streams.rules import compile_rules
from streams.settings import Settings
from streams.sinks.pagerduty import Pagerduty, PagerdutySettings
from streams.sinks.sink import Notice
from streams.stage import Drop, Reject
from streams.table import build_table

ROOT = Path(__file__).parents[3]
THIRD = """Niamey base stands empty as France's decade in Niger comes to an end

With a last flight from Niamey on Friday the French soldiers were gone from Niger, ten years after they had come to
fight armed groups in the Sahel.

Their departure had been demanded by the ruling council that took power in July. It gave Paris until the end of the year
and cancelled its defence agreements.

Convoys took most of the armoured vehicles to Chad and the rest was flown to France, a withdrawal of ten weeks.
"""


@pytest.fixture(scope="module")
def told() -> Callable[..., list[Alert]]:
    """Walks raw articles through every stage, in order, with one rule; the alerts of each."""

    def walk(*articles: dict[str, Any]) -> list[Alert]:
        rule = Rule(name="niger", query="French AND soldier AND Niamey", severity="medium")
        table = build_table(Settings(_env_file=None), lambda: compile_rules([rule]))
        steps = [table[name] for name in ("clean", "tag", "dedupe", "alert")]
        states, alerts = new_states(steps), []
        for number, article in enumerate(articles):
            raw = RawArticle.model_validate({**article, "id": f"a{number}", "position": f"articles.raw-0-{number}"})
            *_, last = run_through(steps, raw, states)
            assert not isinstance(last, Drop | Reject), last
            alerts += last
        return alerts

    return walk


def sample(name: str, owner: str) -> dict[str, Any]:
    article = json.loads((ROOT / "seeds/articles" / f"{name}.json").read_text("utf-8"))
    return {**article, "url": f"https://{owner}/niger", "source": owner}


def test_the_third_owner_of_a_story_escalates_and_a_page_is_raised_under_the_same_key(
    told: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PD_KEY", "k" * 32)
    first, second = sample("01-withdrawal", "www.one.example"), sample("04-same-story", "two.example")
    of_the_first = {**second, "url": "https://news.one.example/again", "text": second["text"] + "\n\nMore follows."}
    third = {"url": "https://three.example/niger", "source": "three.example", "text": THIRD}
    alerts = told(first, second, of_the_first, third)

    assert len({alert.dedup_key for alert in alerts}) == 1
    assert [(alert.state, alert.sources) for alert in alerts] == [
        ("open", 1), ("update", 2), ("update", 2), ("escalated", 3),
    ]  # fmt: skip

    async def scene() -> list[Any]:
        async with server() as receiver:
            known = {"type": "pagerduty", "routing_key": "env:PD_KEY", "url": receiver.url, "allow_private": True}
            sink = Pagerduty(PagerdutySettings.model_validate(known))
            await sink.start()
            for alert in alerts:
                if alert.notify:
                    await sink.send([Notice(alert, alert.to_json(), 0.0)])
            await sink.stop()
            return [json.loads(body) for _, _, body in receiver.requests]

    opened, grown = asyncio.run(scene())

    assert (opened["payload"]["severity"], grown["payload"]["severity"]) == ("warning", "error")
    assert opened["dedup_key"] == grown["dedup_key"] == alerts[0].dedup_key
    assert grown["payload"]["custom_details"]["sources"] == 3
