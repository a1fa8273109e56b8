"""The text sketch, made where stages still run side by side, so that the one writer of a language only looks up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.article import CleanArticle, TaggedArticle
from schemas.base import constructed
from streams.dedup.sketch import sketches_of
from streams.stage import Drop, Outcome, Reject

_FIELDS = set(TaggedArticle.model_fields)
Tagging = Callable[[CleanArticle], Outcome[TaggedArticle]]
TaggingMany = Callable[[Sequence[CleanArticle]], Sequence[Outcome[TaggedArticle]]]


@dataclass(frozen=True)
class Sketched:
    """Tags articles, and adds their sketches."""

    tag: Tagging
    tag_many: TaggingMany

    def __call__(self, article: CleanArticle) -> Outcome[TaggedArticle]:
        return _sketched([self.tag(article)])[0]

    def run_many(self, articles: Sequence[CleanArticle]) -> list[Outcome[TaggedArticle]]:
        """The same for a batch."""
        return _sketched(self.tag_many(articles))


def _sketched(outcomes: Sequence[Outcome[TaggedArticle]]) -> list[Outcome[TaggedArticle]]:
    tagged = [outcome for outcome in outcomes if not isinstance(outcome, Drop | Reject)]
    sketches = sketches_of((article.title, article.body) for articles in tagged for article in articles)
    return [
        outcome
        if isinstance(outcome, Drop | Reject)
        else [_with_sketch(article, next(sketches)) for article in outcome]
        for outcome in outcomes
    ]


def _with_sketch(article: TaggedArticle, sketch: str) -> TaggedArticle:
    return constructed(TaggedArticle, {**article.__dict__, "sketch": sketch}, _FIELDS)
