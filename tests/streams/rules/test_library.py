"""The rules that ship: each does what its own examples say."""

import json
import os
import re
from pathlib import Path

import pytest

from schemas.article import EnrichedArticle
from streams.rules import check, load_rules, parse_rules
from streams.rules import test as failures_of
from streams.rules.facts import Proper
from streams.rules.parser import parse
from streams.stages.alert import AlertMemory

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("WIREWATCH_SHARED", ROOT.parent / "shared"))
RULES = load_rules([ROOT / "seeds" / "rules"])
TOLD = ("01-withdrawal.json", "02-near-copy.json", "03-update.json", "04-same-story.json", "05-unrelated.json")
NAMES = sorted(rule.name for rule in RULES)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_rule_passes_its_own_examples(name):
    rule = RULES.rule(name)

    assert check(rule) == []
    assert [str(failure) for failure in failures_of(rule)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_rule_has_ten_examples_of_each_kind(name):
    tests = RULES.rule(name).tests

    assert len(set(tests.fire)) >= 10
    assert len(set(tests.quiet)) >= 10


def test_every_example_of_the_documentation_can_be_used():
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    rules = load_rules([ROOT / "seeds" / "rules"])
    blocks = re.findall(r"```yaml\n(.*?)```", text, flags=re.S)
    for rule in (rule for block in blocks for rule in parse_rules(block)):
        rules.add(rule)
    cells = re.findall(r"\| `([^`]+)` \|$", text, flags=re.M)

    assert len(blocks) >= 2
    assert len(cells) >= 15
    for cell in cells:
        parse(cell.replace("\\|", "|"), lambda name: Proper(), lambda name: Proper())


def test_the_samples_fire_the_rules_they_are_about_and_no_other():
    expected = json.loads((ROOT / "seeds" / "expected.json").read_text("utf-8"))
    texts = {name: json.loads((ROOT / "seeds/articles" / name).read_text("utf-8")).get("text") for name in TOLD}
    fired = {name: {m.name for m in RULES.match(EnrichedArticle(id=name, body=texts[name]))} for name in TOLD}

    assert fired == {name: set(expected[name]["alerts"]) for name in TOLD}


@pytest.mark.skipif(not (SHARED / "data/seeds").is_dir(), reason="the five real articles are not beside the checkout")
def test_the_real_articles_give_their_evidence_and_no_other():
    expected = json.loads((SHARED / "data/seeds/expected.json").read_text("utf-8"))["articles"]
    for name, article in expected.items():
        text = (SHARED / "data/seeds" / name).read_text("utf-8")
        found = [m for m in RULES.match(EnrichedArticle(id=name, body=text)) if m.name == "troop-withdrawal"]
        wanted = article["troop_withdrawal"]
        assert bool(found) == wanted["fire"]
        spans = [(one.start, one.end) for match in found for one in match.evidence]
        required = [_span(text, cue) for cue in wanted.get("evidence_required", ())]
        allowed = required + [_span(text, cue) for cue in wanted.get("evidence_accepted", ())]
        assert all(any(_overlap(span, cue) for span in spans) for cue in required)
        assert all(any(_overlap(span, cue) for cue in allowed) for span in spans)


@pytest.mark.skipif(not (SHARED / "data/seeds").is_dir(), reason="the five real articles are not beside the checkout")
def test_two_real_articles_of_one_story_give_one_notification_and_one_update():
    memory = AlertMemory(lambda: RULES)
    states = []
    for name in sorted(path.name for path in (SHARED / "data/seeds").glob("00[01]*.txt")):
        text = (SHARED / "data/seeds" / name).read_text("utf-8")
        article = EnrichedArticle(id=name, body=text, story="one", position=name, published="2024-01-10T12:00:00Z")
        decision = memory.decide(article)
        memory.apply(name, decision)
        states += [a for a in memory.outcome(article, decision.answer) if a.rule == "troop-withdrawal"]

    assert [(alert.state, alert.notify) for alert in states] == [("open", True), ("update", False)]


def _span(text, cue):
    line_start = sum(len(line) + 1 for line in text.split("\n")[: cue["line"] - 1])
    start = text.index(cue["cue"], line_start)
    return start, start + len(cue["cue"])


def _overlap(one, other):
    return one[0] < other[1] and other[0] < one[1]
