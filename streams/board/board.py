"""The latest stories, kept within bounds, and what has changed since somebody looked."""

import threading
from collections import OrderedDict
from itertools import chain

from schemas.alert import Alert
from schemas.article import EnrichedArticle
from streams.board.rows import Row, Shown

ALERTED, QUIET = 500, 500
"""Stories that are kept: with an alert, and without one."""


class Board:
    """Stories by id; threads that read topics write to it, others read."""

    def __init__(self, alerted: int = ALERTED, quiet: int = QUIET) -> None:
        self._most = alerted, quiet
        self._lock = threading.Lock()
        self._alerted: OrderedDict[str, Row] = OrderedDict()
        self._quiet: OrderedDict[str, Row] = OrderedDict()
        self._moved: OrderedDict[str, str] = OrderedDict()
        """Stories that have merged into another, by that one's id."""
        self._changed: dict[str, None] = {}
        self._turns = 0

    def take(self, message: EnrichedArticle | Alert) -> None:
        """Show an article or an alert; one that came before changes nothing but the order."""
        with self._lock:
            row = self._row(message.story or message.id)
            if isinstance(message, Alert):
                row.add_alert(message)
            else:
                row.add_article(message)
                self._merge(message.story_merged, row)
            self._put(row)

    def _row(self, story: str) -> Row:
        name = self._name_now(story)
        return self._alerted.pop(name, None) or self._quiet.pop(name, None) or Row(name)

    def _name_now(self, story: str) -> str:
        while story in self._moved:
            story = self._moved[story]
        return story

    def _merge(self, gone: tuple[str, ...], into: Row) -> None:
        for story in gone:
            name = self._name_now(story)
            if name == into.story:
                continue
            into.absorb(self._row(name))
            self._moved[name] = into.story
            self._changed[name] = None
        while len(self._moved) > sum(self._most):
            self._moved.popitem(last=False)

    def _put(self, row: Row) -> None:
        """As the latest of its kind; the oldest goes where there are too many."""
        kept, most = (self._alerted, self._most[0]) if row.alerts else (self._quiet, self._most[1])
        self._turns += 1
        row.turn = self._turns
        kept[row.story] = row
        self._changed.pop(row.story, None)
        self._changed[row.story] = None
        if len(kept) > most:
            self._changed.pop(kept.popitem(last=False)[0], None)

    def changes(self) -> Shown | None:
        """The lines that are new or other since the last call, the latest last, and the stories that merged."""
        with self._lock:
            changed, self._changed = self._changed, {}
            rows = [row.summary() for name in changed if (row := self._known(name))]
            moved = {name: self._name_now(name) for name in changed if name in self._moved}
        return {"rows": rows, "moved": moved} if rows or moved else None

    def lines(self) -> list[Shown]:
        """Every line there is, the latest last."""
        with self._lock:
            kept = chain(self._quiet.values(), self._alerted.values())
            return [row.summary() for row in sorted(kept, key=lambda row: row.turn)]

    def story(self, name: str) -> Shown | None:
        """All that is known of a story, also by the id that it had before it merged; None where it is not known."""
        with self._lock:
            row = self._known(self._name_now(name))
            return row.whole() if row else None

    def _known(self, name: str) -> Row | None:
        return self._alerted.get(name) or self._quiet.get(name)
