"""The text sketch, made where stages still run side by side, so that the one writer of a language only looks up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.article import CleanArticle, TaggedArticle
from streams.dedup.sketch import sketch_of
from streams.stage import Drop, Outcome, Reject

Tagging = Callable[[CleanArticle], Outcome[TaggedArticle]]
TaggingMany = Callable[[Sequence[CleanArticle]], Sequence[Outcome[TaggedArticle]]]


@dataclass(frozen=True)
class Sketched:
    """Tags articles, and adds their sketches."""

    tag: Tagging
    tag_many: TaggingMany

    def __call__(self, article: CleanArticle) -> Outcome[TaggedArticle]:
        return _sketched(self.tag(article))

    def run_many(self, articles: Sequence[CleanArticle]) -> list[Outcome[TaggedArticle]]:
        """The same for a batch."""
        return [_sketched(outcome) for outcome in self.tag_many(articles)]


def _sketched(outcome: Outcome[TaggedArticle]) -> Outcome[TaggedArticle]:
    if isinstance(outcome, Drop | Reject):
        return outcome
    return [a.model_copy(update={"sketch": sketch_of(a.title, a.body, a.entities)}) for a in outcome]
