"""tag: finds the entities of an article."""

from collections.abc import Sequence

from schemas.article import CleanArticle, TaggedArticle
from schemas.base import constructed
from schemas.entity import Entity
from streams.entities import Tagger
from streams.stage import Outcome

FIELDS = set(TaggedArticle.model_fields)


class Tag:
    """The stage; it holds a tagger and nothing else. A change of tables makes a new one."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger

    def __call__(self, article: CleanArticle) -> Outcome[TaggedArticle]:
        return [self._tagged(article, self.tagger.tag(article))]

    def run_many(self, articles: Sequence[CleanArticle]) -> list[Outcome[TaggedArticle]]:
        """The outcome of each article, the same as by itself, in a fraction of the time."""
        found = self.tagger.tag_many(articles)
        return [[self._tagged(article, entities)] for article, entities in zip(articles, found, strict=True)]

    def _tagged(self, article: CleanArticle, entities: tuple[Entity, ...]) -> TaggedArticle:
        values = {**article.__dict__, "tagger": self.tagger.version, "entities": entities, "sketch": None}
        del values["removed"]
        return constructed(TaggedArticle, values, FIELDS)
