"""The five development articles, as they arrive, in every order."""

import itertools
import os
from pathlib import Path

import pytest

from schemas.article import EnrichedArticle, RawArticle, TaggedArticle
from streams.dedup.sketch import sketch_of
from streams.rules import RuleSet
from streams.settings import Settings
from streams.stages.dedupe import DedupeMemory
from streams.table import build_table

SHARED = Path(os.environ.get("WIREWATCH_SHARED", Path(__file__).resolve().parents[4] / "shared"))
SEEDS = SHARED / "data" / "seeds"


def as_they_come(texts: dict[str, str]) -> list[TaggedArticle]:
    """Bare texts, without titles and dates."""
    return [TaggedArticle(id=name, body=text, sketch=sketch_of(None, text)) for name, text in texts.items()]


def cleaned_and_tagged(texts: dict[str, str]) -> list[TaggedArticle]:
    """What the stages before give: some of them with a date, some without."""
    table = build_table(Settings(), rules=RuleSet)
    cleaned = [table["clean"].run(RawArticle(id=name, text=text)) for name, text in texts.items()]
    tagged = table["tag"].run_many([article for outcome in cleaned for article in outcome])
    return [article for outcome in tagged for article in outcome]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="needs the development articles beside the checkout")
@pytest.mark.parametrize("prepared", [as_they_come, cleaned_and_tagged])
def test_copies_and_stories_of_the_seeds_are_right_in_every_order(prepared):
    articles = prepared({path.name[:3]: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("0*.txt"))})
    wrong = [order for order in itertools.permutations(articles) if not _right(order)]

    assert len(articles) == 5
    assert [[article.id for article in order] for order in wrong] == []


def _right(order: tuple[TaggedArticle, ...]) -> bool:
    memory = DedupeMemory()
    group: dict[str, str | None] = {}
    story: dict[str, str | None] = {}
    for number, article in enumerate(order):
        decision = memory.decide(article)
        memory.apply(f"in-0-{number}", decision)
        [found, *_] = memory.outcome(article, decision.answer)  # type: ignore[misc]
        assert isinstance(found, EnrichedArticle)
        group[article.id], story[article.id] = found.group, found.story
    copies = group["000"] == group["001"] and len(set(group.values())) == 4
    return copies and story["003"] == story["004"] and list(story.values()).count(story["002"]) == 1
