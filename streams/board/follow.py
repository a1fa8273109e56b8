"""The topics that the board shows, each read by a thread: one reader for all browsers, in no consumer group."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from kafka.errors import KafkaError

from schemas.topics import ALERTS, ENRICHED, Topic
from streams.board.board import Board
from streams.errors import WirewatchError
from streams.process import decoded
from streams.reading import BACK, Reader
from streams.settings import Settings
from streams.stage import Reject

log = logging.getLogger(__name__)

SHOWN: Sequence[Topic[Any]] = (ENRICHED, ALERTS)
LATEST = 2000
"""Messages of a topic that a start reads back at most."""
AGAIN_SECONDS = 2.0


class Follower:
    """Fills a board from its topics until stopped; ``status`` says what it waits for."""

    def __init__(self, settings: Settings, board: Board, since: float) -> None:
        self._settings, self._board, self._since = settings, board, since
        self._stop = threading.Event()
        self._waits: dict[str, str] = {}
        self._threads = [threading.Thread(target=self._follow, args=(topic,), daemon=True) for topic in SHOWN]

    @property
    def status(self) -> str:
        """Why nothing may be coming; empty where all is well."""
        return next((why for why in self._waits.values() if why), "")

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin to leave the topics; it need not be waited for, as nothing is held."""
        self._stop.set()

    def _follow(self, topic: Topic[Any]) -> None:
        say = self._says(topic)
        while not self._stop.is_set():
            try:
                self._read(topic, say)
            except (WirewatchError, KafkaError, OSError) as error:
                say(str(error) or type(error).__name__)
                self._stop.wait(AGAIN_SECONDS)

    def _read(self, topic: Topic[Any], say: Callable[[str], None]) -> None:
        with closing(Reader(self._settings, topic.name)) as reader:
            reader.from_time(self._since)
            reader.skip_to_latest(LATEST)
            say(BACK)
            for record in reader.following(self._stop.is_set, say):
                message = decoded(topic, record)
                if not isinstance(message, Reject):
                    self._board.take(message)  # type: ignore[arg-type]

    def _says(self, topic: Topic[Any]) -> Callable[[str], None]:
        def say(line: str) -> None:
            if line != self._waits.get(topic.name):
                self._waits[topic.name] = "" if line == BACK else line
                log.info("the board", extra={"topic": topic.name, "says": line})

        return say
