"""The one place that retries: takes alerts for one sink and settles each of them.

Settled means delivered, waiting on the sink's retry topic, or kept on ``alerts.undelivered``, and confirmed by
the broker where it was written there. Only then may the alert's offset be committed, so a crash repeats a
delivery, under the same id, and loses none.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from schemas.alert import Alert
from streams import metrics
from streams.errors import ConfigurationError
from streams.records import Record
from streams.sinks.choosing import Chooser
from streams.sinks.sink import DeliveryFailed, DigestSettings, KeepsOpen, MayBeGone, Sink, SinkSettings
from streams.sinks.undelivered import Outbox, Reason, Undelivered, readable
from streams.sinks.waiting import Pending, Waiting

log = logging.getLogger(__name__)

JITTER = 0.2
"""Share of a pause that chance may add to it."""
FULL_BYTES = 64 * 1024 * 1024
"""Bytes of waiting alerts above which a sink takes no more; the rest stays on ``alerts``."""


class Delivery:
    """One sink's alerts."""

    def __init__(
        self,
        name: str,
        sink: Sink,
        settings: SinkSettings,
        receives: Callable[[Alert], bool],
        outbox: Outbox,
        clock: Callable[[], float],
        jitter: Callable[[], float],
        scope: str = "",
    ) -> None:
        self.name = name
        self.sink = sink
        self.waiting = Waiting()
        self.resume_at = 0.0
        """Until when the receiver has asked to be left alone, seconds since 1970."""
        self.disabled = ""
        """What the receiver said when it went away; empty while it has not."""
        self._settings = settings
        self._scope = scope
        self.chooser = Chooser(settings, receives, sink.wants_ends)
        self._apart = isinstance(settings, DigestSettings) and settings.apart
        self._outbox = outbox
        self._clock = clock
        self._jitter = jitter
        self._slots = asyncio.Semaphore(sink.concurrency)
        self._resent = clock()
        self._skips = 0

    @property
    def rests_until(self) -> float:
        """Before this nothing new is taken; infinite while too much waits."""
        return float("inf") if self.waiting.bytes > FULL_BYTES else self.resume_at

    async def take(self, records: Sequence[Record]) -> bool:
        """Settle ``records``, in order within a dedup_key; whether any of them was for this sink."""
        skipped = self._skips
        to_send = [pending for record in records if (pending := await self._sorted(record))]
        if self.sink.at_once > 1:
            await self._together(to_send)
        else:
            by_key: dict[str, list[Pending]] = {}
            for pending in to_send:
                by_key.setdefault(pending.alert.dedup_key, []).append(pending)
            await asyncio.gather(*map(self._in_order, by_key.values()))
        self.count_waiting()
        return self._skips - skipped < len(records)

    async def retry(self) -> None:
        """Send what is due by now."""
        now = self._clock()
        if now < self.resume_at:
            return
        due = self.waiting.due(now)
        if self.sink.at_once > 1:
            await self._together(due)
        else:
            await asyncio.gather(*(self._in_order([p]) for p in due[: 4 * self.sink.concurrency]))
        for digest in self.waiting.due_digests(now, self._apart):
            await self._attempt(digest)
        self.count_waiting()

    async def resend(self) -> None:
        """Tell again of what is open, where the sink wants that and the time has come."""
        now = self._clock()
        if not isinstance(self.sink, KeepsOpen) or now < max(self._resent + self.sink.resend_seconds, self.resume_at):
            return
        self._resent = now
        try:
            await self.sink.resend()
        except (DeliveryFailed, ConfigurationError, TimeoutError) as failure:
            log.warning("open alerts could not be sent again", extra={"sink": self.name, "why": str(failure)})

    def next_at(self) -> float | None:
        """When there is something to do besides new alerts."""
        times = [self.waiting.next_at()]
        if isinstance(self.sink, KeepsOpen):
            times.append(self._resent + self.sink.resend_seconds)
        known = [moment for moment in times if moment is not None]
        return max(min(known), self.resume_at) if known else None

    def gone(self, detail: str) -> None:
        """Send nothing any more: the receiver has said so, now or before a restart."""
        self.disabled = detail or "gone"
        metrics.sink_disabled.labels(self.name).set(1)

    def back(self) -> None:
        """Send again: somebody has enabled the sink."""
        self.disabled = ""
        metrics.sink_disabled.labels(self.name).set(0)

    async def _sorted(self, record: Record) -> Pending | None:
        """The alert in ``record`` if it is to be sent now; else it is settled when this returns."""
        redriven_for = dict(record.headers).get("dlq_stage")
        if record.value is None or redriven_for not in (None, self.name.encode()):
            self._skipped()
            return None
        alert = readable(record)
        if isinstance(alert, Undelivered):
            await self._bury(record, alert)
            return None
        now = self._clock()
        pending = Pending(record, alert, since=now, not_before=now)
        if pending in self.waiting:  # taken before a crash that came before the commit
            return None
        choice = self.chooser.choose(alert, now)
        if not choice.wanted:
            self._skipped()
            return None
        if self.disabled:
            await self._bury(record, Undelivered(Reason.GONE, self.disabled))
            return None
        if choice.digest:
            await self._hold(replace(pending, not_before=choice.digest, digest=choice.digest))
            return None
        return pending

    def _skipped(self) -> None:
        self._skips += 1
        metrics.deliveries.labels(self.name, "skipped").inc()

    async def _in_order(self, pendings: Iterable[Pending]) -> None:
        """Alerts of one dedup_key, each behind those before it."""
        for pending in pendings:
            if not await self._held_up(pending):
                async with self._slots:
                    await self._attempt([pending])

    async def _together(self, pendings: Sequence[Pending]) -> None:
        """As many in one send as the sink takes; those that others of their dedup_key hold up wait."""
        for start in range(0, len(pendings), self.sink.at_once):
            some = pendings[start : start + self.sink.at_once]
            if free := [pending for pending in some if not await self._held_up(pending)]:
                await self._attempt(free)

    async def _held_up(self, pending: Pending) -> bool:
        """Whether another of its dedup_key waits that comes before it; then it waits behind that."""
        head = self.waiting.head(pending.alert.dedup_key)
        if head is None or head.place == pending.place:
            return False
        await self._hold(replace(pending, not_before=head.not_before))
        return True

    async def _attempt(self, pendings: Sequence[Pending]) -> None:
        """Send ``pendings`` together; whatever comes of it is written down before this returns."""
        if self.disabled:
            await self._give_up(pendings, Undelivered(Reason.GONE, self.disabled))
        elif self._clock() < self.resume_at:
            for pending in pendings:
                await self._hold(replace(pending, not_before=max(pending.not_before, self.resume_at)))
        elif failure := await self._failure(pendings):
            await self._failed(pendings, failure)
        else:
            for pending in pendings:
                await self._delivered(pending)

    async def _failure(self, pendings: Sequence[Pending]) -> DeliveryFailed | None:
        """What went wrong with a send; None if nothing did. A fault of the sink's own is a failure, too."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._settings.timeout):
                await self.sink.send([pending.notice(self._scope) for pending in pendings])
        except DeliveryFailed as failure:
            return failure
        except BrokenPipeError:  # nobody reads our standard output any more
            raise
        except TimeoutError:
            return DeliveryFailed(f"no answer within {self._settings.timeout:g} s")
        except ConfigurationError as error:
            return DeliveryFailed(str(error))
        except Exception as error:
            return DeliveryFailed(f"the sink failed: {type(error).__name__}")
        finally:
            metrics.delivery_seconds.labels(self.name).observe(time.perf_counter() - started)
        return None

    async def _delivered(self, pending: Pending) -> None:
        await self._let_go(pending)
        if isinstance(self.sink, KeepsOpen):
            self.sink.remember(pending.notice(self._scope))
        metrics.deliveries.labels(self.name, "delivered").inc()
        age = self._clock() - (pending.record.timestamp or pending.since)
        metrics.delivery_age_seconds.labels(self.name).observe(max(0.0, age))

    async def _failed(self, pendings: Sequence[Pending], failure: DeliveryFailed) -> None:
        now, detail = self._clock(), str(failure)
        extra = {"sink": self.name, "why": detail, "alerts": [pending.alert.alert_id for pending in pendings][:20]}
        log.warning("not delivered", extra=extra)
        if failure.gone:
            await self._go(pendings, detail)
            return
        if failure.overloaded:
            asked = failure.after if failure.after is not None else min(self._settings.retries, default=1.0)
            self.resume_at = max(self.resume_at, now + asked)
        spread = 1 + JITTER * self._jitter()
        for pending in pendings:
            pause = self._pause(pending, failure)
            if pause is None:
                reason = Reason.EXHAUSTED if failure.retry else Reason.REFUSED
                await self._give_up([pending], Undelivered(reason, detail))
            else:
                metrics.deliveries.labels(self.name, "retried").inc()
                await self._keep(pending.later(now + max(pause * spread, failure.after or 0.0), detail))

    def _pause(self, pending: Pending, failure: DeliveryFailed) -> float | None:
        """Seconds until the next attempt; None if there is to be none."""
        pauses = self._settings.retries
        return pauses[pending.attempts] if failure.retry and pending.attempts < len(pauses) else None

    async def _go(self, pendings: Sequence[Pending], detail: str) -> None:
        """The receiver wants nothing any more: remember that, and give up what waits."""
        if self.disabled:
            await self._give_up(pendings, Undelivered(Reason.GONE, detail))
            return
        address = self.sink.address if isinstance(self.sink, MayBeGone) else ""
        await self._outbox.disable(address, detail)
        self.gone(detail)
        log.error("the receiver is gone: the sink is disabled", extra={"sink": self.name, "target": self.sink.target})
        await self._give_up(pendings, Undelivered(Reason.GONE, detail))
        for pending in list(self.waiting):
            if pending in self.waiting:
                await self._give_up([pending], Undelivered(Reason.GONE, detail))

    async def _give_up(self, pendings: Sequence[Pending], why: Undelivered) -> None:
        for pending in pendings:
            await self._bury(pending.record, why)
            await self._let_go(pending)

    async def _let_go(self, pending: Pending) -> None:
        """It waits no longer, if it did."""
        if pending in self.waiting:
            await self._outbox.release(pending)
            self.waiting.remove(pending)

    async def _bury(self, record: Record, why: Undelivered) -> None:
        await self._outbox.bury(record, why)
        metrics.deliveries.labels(self.name, "undelivered").inc()

    async def _hold(self, pending: Pending) -> None:
        """Let an alert wait that has not been tried."""
        metrics.deliveries.labels(self.name, "waiting").inc()
        await self._keep(pending)

    async def _keep(self, pending: Pending) -> None:
        await self._outbox.hold(pending)
        self.waiting.put(pending)

    def count_waiting(self) -> None:
        """Say how many wait."""
        metrics.deliveries_waiting.labels(self.name).set(len(self.waiting))
