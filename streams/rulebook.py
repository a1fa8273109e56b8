"""The rules and silences in force: read from their topics before the first article, then followed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from schemas.rule import Rule, Silence
from schemas.topics import RULES, RULES_REJECTED, SILENCES
from streams import metrics
from streams.connection import client_options, partitions_of
from streams.errors import explain
from streams.records import Outgoing, Record, dead_letter, record_read
from streams.rules import QueryError, RuleSet
from streams.settings import Settings
from streams.stage import Reason, Reject
from streams.whole_topics import read_whole

log = logging.getLogger(__name__)

STAGE = "rules"
RETRY_SECONDS = 2.0
TAKEN_AT_ONCE = 1
"""Rules between two looks of the event loop at a start: all of them on a busy machine, or thousands on any, would hold
it until the process is ended for that."""


class RuleBook:
    """The rules in force. A rule that cannot be used leaves the last good one of its name."""

    def __init__(self) -> None:
        self.rules = RuleSet()
        self._silences: dict[str, Silence] = {}
        self._waiting: dict[str, tuple[Rule | None, Record]] = {}
        """What cannot be done yet by rule name: to add a rule, or with None to delete it."""
        self._reported: set[str] = set()
        self._told: set[str] = set()
        """Names of the rules and silences of which a record came since `forget_told`."""

    def forget_told(self) -> None:
        """Begin to note anew what is told of."""
        self._told.clear()

    def has_more(self) -> bool:
        """Whether a rule or silence is in force of which nothing was told: its topic knows it no more."""
        return not self._told.issuperset((*(rule.name for rule in self.rules), *self._silences))

    def clear(self) -> None:
        """Know no rule and no silence."""
        self.rules = RuleSet()
        for known in (self._silences, self._waiting, self._reported, self._told):
            known.clear()

    def silences(self) -> Sequence[Silence]:
        """The silences in force, ended ones included."""
        return tuple(self._silences.values())

    def take(self, record: Record) -> Reject | None:
        """Take in what a record of either topic says; why, if it cannot be used."""
        name = (record.key or b"").decode("utf-8", "replace")
        self._told.add(name)
        try:
            if record.topic == SILENCES.name:
                self._take_silence(name, record.value)
            elif record.value is None:
                self._change(name, None, record)
            else:
                rule = Rule.model_validate_json(record.value)
                self._told.add(rule.name)
                self._change(rule.name, rule, record)
        except ValidationError as error:
            return Reject(Reason.INVALID, explain(error))
        return None

    def _take_silence(self, name: str, value: bytes | None) -> None:
        if value is None:
            self._silences.pop(name, None)
        else:
            silence = Silence.model_validate_json(value)
            self._silences[silence.id] = silence

    def _change(self, name: str, rule: Rule | None, record: Record) -> None:
        """Add or delete a rule, or let that wait: it may use the sets of one that comes later, or be used itself."""
        self._waiting[name] = (rule, record)
        self._reported.discard(name)
        self._try_waiting()

    def _try_waiting(self) -> None:
        done = [name for name in self._waiting if self._problem(name) is None]
        for name in done:
            del self._waiting[name]
        if done and self._waiting:
            self._try_waiting()

    def _problem(self, name: str) -> QueryError | None:
        """Do what waits under ``name``, or tell why it cannot be done."""
        rule, record = self._waiting[name]
        try:
            if rule is None:
                self.rules.remove(name)
            else:
                if name not in self.rules or self.rules.rule(name) != rule:
                    self.rules.add(rule)
                if rule.warmup and record.timestamp is not None:
                    self.rules.since[name] = record.timestamp
        except QueryError as error:
            return error
        return None

    def unusable(self) -> list[tuple[Record, Reject]]:
        """What still waits, now that everything there is has been read: each is reported once, and waits on."""
        found = []
        for name, (_, record) in self._waiting.items():
            problem = None if name in self._reported else self._problem(name)
            if problem is not None:
                self._reported.add(name)
                found.append((record, Reject(Reason.INVALID, f"{name}: {problem.problem.message}")))
        return found


Report = Callable[[Outgoing], Awaitable[Any]]


class RuleFeed:
    """Keeps a rule book as its topics say; ``report`` sends what could not be used to its topic, None: nobody does."""

    def __init__(self, settings: Settings, book: RuleBook, report: Report | None = None) -> None:
        self._settings = settings
        self._book = book
        self._report = report
        self._topics = {settings.named(topic.name): topic.name for topic in (RULES, SILENCES)}
        self._consumer: AIOKafkaConsumer | None = None
        self._unsaid: dict[tuple[str, bytes | None], tuple[Record, Reject]] = {}
        """By topic and key, what cannot be used and is not reported yet: nothing can be sent before the worker runs."""

    async def start(self) -> None:
        """Read everything there is; waits for a broker that is away."""
        while True:
            try:
                await self.read()
                return
            except (KafkaError, OSError) as error:
                log.warning("waiting for the rules", extra={"error": repr(error)})
                await self.stop()
                await asyncio.sleep(RETRY_SECONDS)

    async def read(self) -> None:
        """Read everything there is, once; raises KafkaError or OSError. What the book has already costs little."""
        consumer = AIOKafkaConsumer(
            group_id=None, enable_auto_commit=False, auto_offset_reset="earliest", **client_options(self._settings)
        )
        self._consumer = consumer
        await consumer.start()
        partitions = [TopicPartition(name, p) for name in self._topics for p in await self._partitions(consumer, name)]
        await self._read_from_beginning(consumer, partitions)
        if self._book.has_more():  # of rules that were deleted so long ago that nothing says so
            self._book.clear()
            await self._read_from_beginning(consumer, partitions)
        self._count()
        log.log(logging.INFO if self._report else logging.DEBUG, "rules", extra={"loaded": len(self._book.rules)})

    async def _read_from_beginning(self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        self._book.forget_told()
        async for batches in read_whole(consumer, partitions, TAKEN_AT_ONCE):
            self._take(batches)
            await asyncio.sleep(0)

    async def _partitions(self, consumer: AIOKafkaConsumer, topic: str) -> Sequence[int]:
        """The partitions of a topic; KafkaError where it has none yet: without rules no article would be told of."""
        found = await partitions_of(consumer, topic)
        if not found:
            raise KafkaError(f"expected the topic {topic}, found none; `wirewatch topics create` makes it")
        return found

    async def follow(self) -> None:
        """Report what cannot be used, and take changes in as they come, without end."""
        while True:
            try:
                await self._say_unusable()
                await self.take_changes()
            except (KafkaError, OSError) as error:
                log.warning("rules are not followed for now", extra={"error": repr(error)})
                await asyncio.sleep(RETRY_SECONDS)

    async def take_changes(self) -> None:
        """Take in what has come, or wait a second for it; raises KafkaError or OSError."""
        assert self._consumer is not None
        if batches := await self._consumer.getmany(timeout_ms=1000):
            self._take(batches)
            self._count()

    def _take(self, batches: Any) -> None:
        for tp, records in batches.items():
            for record in (record_read(self._topics[tp.topic], each) for each in records):
                reject = self._book.take(record)
                self._unsaid.pop((record.topic, record.key), None)
                if reject is not None:
                    self._unsaid[record.topic, record.key] = record, reject

    async def _say_unusable(self) -> None:
        if self._report is None:
            return
        self._unsaid |= {(record.topic, record.key): (record, reject) for record, reject in self._book.unusable()}
        for key, (record, reject) in list(self._unsaid.items()):
            await self._report(dead_letter(record, STAGE, reject, RULES_REJECTED.name, RULES_REJECTED.limit))
            metrics.rules_failed.inc()
            log.error("a rule cannot be used; the last good one stays", extra={"detail": reject.detail})
            del self._unsaid[key]

    def _count(self) -> None:
        metrics.rules_loaded.set(len(self._book.rules))
        metrics.start_rule_series(rule.name for rule in self._book.rules)

    async def stop(self) -> None:
        """Leave the topics alone from now on."""
        if self._consumer is not None:
            await self._consumer.stop()
