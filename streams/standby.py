"""What a spare does while it waits: it follows the changelogs, so that what a worker held need not be restored, and
the rules, so that they need not be compiled."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from aiokafka.errors import KafkaError

from schemas.topics import changelog_of
from streams.broker import BrokerError
from streams.changelog import PartitionState
from streams.connection import answers, client_options, partitions_of
from streams.logs import QUIET
from streams.pipeline import Hop
from streams.rulebook import RuleBook, RuleFeed
from streams.settings import Settings
from streams.state import States, TooLargeError, changelog_reader

log = logging.getLogger(__name__)

TURN_SECONDS = 10.0
AGAIN_SECONDS = 1.0
"""After a worker has come of it: that one knows all, so that nobody restores meanwhile."""

Held = Mapping[str, Mapping[int, PartitionState]]
"""The states of each hop that has any, by its name and the partition."""
NOTHING_HELD: Held = MappingProxyType({})


class Follower:
    """The states of all partitions of one hop, for a process that may come to own any of them.

    It writes nothing, and what it holds is an advance: who comes to own a partition reads on from there, or restores
    where that cannot be.
    """

    def __init__(self, hop: Hop, configured: Settings) -> None:
        self._hop, self._settings, self._client = hop, configured, client_options(configured)
        self._states = self._nothing()

    @property
    def name(self) -> str:
        """The hop's."""
        return self._hop.name

    @property
    def held(self) -> Mapping[int, PartitionState]:
        """What is known so far."""
        return dict(self._states.items())

    async def follow(self) -> None:
        """Follow until cancelled, or until there is too much to hold; after whatever goes wrong, begin again.

        Not at once: a worker that has just been started may be restoring the same.
        """
        pause = AGAIN_SECONDS if self.held else TURN_SECONDS
        while True:
            await asyncio.sleep(pause)
            pause = TURN_SECONDS
            try:
                await asyncio.to_thread(answers, self._settings)
                await self._follow_connected()
            except (BrokerError, KafkaError):
                pass  # what is held is as good as before
            except TooLargeError as more:
                log.info("the spare holds no state", extra={"stage": self.name, "why": str(more)})
                self._states = self._nothing()
                return
            except Exception as error:  # if it lasts, the worker that comes of this process will say it
                log.debug("the spare begins again", extra={"stage": self.name, "error": repr(error)})
                self._states = self._nothing()

    async def _follow_connected(self) -> None:
        async with changelog_reader(self._client) as reader:
            partitions = await partitions_of(reader, self._states.topic)
            while partitions:
                await self._states.hold(reader, set(partitions))
                await asyncio.sleep(TURN_SECONDS)

    def _nothing(self) -> States:
        assert self._hop.memory is not None
        topic = self._settings.named(changelog_of(self.name))
        return States(self.name, topic, self._hop.memory, self._client, most=self._settings.standby)


class RulesFollower:
    """Keeps the rules of ``book`` ready for a worker, which takes in only what is new: to compile them takes a second.

    It reports nothing: what cannot be used is the worker's to say.
    """

    def __init__(self, book: RuleBook, configured: Settings) -> None:
        self._book, self._settings = book, configured

    async def follow(self) -> None:
        """Follow until cancelled; where the broker or its topics fail, begin again."""
        while True:
            await asyncio.sleep(TURN_SECONDS)
            feed = RuleFeed(self._settings, self._book)
            try:
                await asyncio.to_thread(answers, self._settings)
                await feed.read()
                while True:
                    await feed.take_changes()
            except (BrokerError, KafkaError, OSError):
                pass  # what is known is as good as before
            finally:
                await feed.stop()


class Standby:
    """What a process follows while it waits to be told something; it may wait again with what it knows."""

    def __init__(self, hops: Sequence[Hop], configured: Settings, book: RuleBook | None = None) -> None:
        self._followers = [Follower(hop, configured) for hop in hops if hop.memory] if configured.standby else []
        self._rules = [RulesFollower(book, configured)] if configured.standby and book is not None else []

    @property
    def held(self) -> Held:
        """The states that have been followed, as they are now."""
        return {follower.name: follower.held for follower in self._followers}

    def until(self, told: Callable[[], str]) -> str:
        """What ``told`` returns, once it does; the states are followed meanwhile, and no thread is left."""
        # a thread may be adding to a state until the runner is closed
        with asyncio.Runner() as runner, _quiet():
            return runner.run(_follow_until(told, [*self._followers, *self._rules]))


async def _follow_until(told: Callable[[], str], followers: Sequence[Follower | RulesFollower]) -> str:
    following = [asyncio.ensure_future(follower.follow()) for follower in followers]
    try:
        return await asyncio.to_thread(told)
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the libraries' words on a broker that is away: the workers have them, too."""
    levels = {name: logging.getLogger(name).level for name in QUIET}
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
