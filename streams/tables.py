"""The user's entity tables, read again when they change; a broken one leaves the last good tagger."""

import logging
from collections.abc import Sequence
from pathlib import Path

from schemas.article import CleanArticle, TaggedArticle
from streams import metrics
from streams.entities.table import TableError
from streams.errors import ConfigurationError
from streams.lexicon_cache import tagger_at
from streams.stage import Outcome
from streams.stages.tag import Tag

log = logging.getLogger(__name__)


class FollowedTag:
    """Tags articles with the shipped tables and those at ``paths``, as of the last `refresh`.

    What was read of tables is kept in ``cache``. Raises ConfigurationError when a table is broken at the start.
    """

    def __init__(self, paths: Sequence[Path], cache: Path) -> None:
        self._paths, self._cache = tuple(paths), cache
        self._state = self._changed()
        missing = [str(path) for path in self._paths if not path.is_file()]
        if missing:  # it may come later; but a slip in a path should not look like a table without effect
            log.warning("entity tables are not there", extra={"tables": missing})
        try:
            self._tag = Tag(tagger_at(self._cache, self._present()))
        except TableError as error:
            raise ConfigurationError(f"WIREWATCH_ENTITIES: {error}") from None

    def __call__(self, article: CleanArticle) -> Outcome[TaggedArticle]:
        return self._tag(article)

    def run_many(self, articles: Sequence[CleanArticle]) -> Sequence[Outcome[TaggedArticle]]:
        """The same for a batch, all with one state of the tables."""
        return self._tag.run_many(articles)

    def refresh(self) -> None:
        """Read the tables again if one has changed, come or gone."""
        state = self._changed()
        if state == self._state:
            return
        self._state = state
        try:
            self._tag = Tag(tagger_at(self._cache, self._present()))
            log.info("entity tables read again", extra={"tables": [str(p) for p in self._present()]})
        except TableError as error:
            metrics.tables_failed.inc()
            log.error("an entity table cannot be used; the last good one stays", extra={"error": str(error)})

    def _present(self) -> tuple[Path, ...]:
        return tuple(path for path in self._paths if path.is_file())

    def _changed(self) -> tuple[tuple[Path, int, int], ...]:
        stats = [(path, path.stat()) for path in self._present()]
        return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
