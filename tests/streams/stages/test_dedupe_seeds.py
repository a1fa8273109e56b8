"""The five development articles, as they arrive, in every order."""

import itertools
import os
from pathlib import Path

import pytest

from schemas.article import EnrichedArticle, TaggedArticle
from streams.dedup.sketch import sketch_of
from streams.stages.dedupe import DedupeMemory

SHARED = Path(os.environ.get("WIREWATCH_SHARED", Path(__file__).resolve().parents[4] / "shared"))
SEEDS = SHARED / "data" / "seeds"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="needs the development articles beside the checkout")
def test_copies_and_stories_of_the_seeds_are_right_in_every_order():
    texts = {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("0*.txt"))}
    articles = [TaggedArticle(id=name, body=text, sketch=sketch_of(None, text)) for name, text in texts.items()]
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
