"""What becomes of alerts in a sink, on a clock of the tests' own."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert, AlertState
from streams import metrics
from streams.delivery import Delivery
from streams.records import Record
from streams.sinks.sink import DeliveryFailed, DigestSettings, Notice, SinkSettings
from streams.sinks.undelivered import Reason, Undelivered
from streams.sinks.waiting import Pending, pending_of

NOON = 1_800_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


class Receiver:
    """Takes alerts unless told what to answer; an answer is used once."""

    concurrency, at_once, wants_ends = 4, 1, False
    target = "a test"

    def __init__(self, *answers: DeliveryFailed | None) -> None:
        self.answers = list(answers)
        self.got: list[list[str]] = []
        self.tried: list[str] = []

    async def start(self) -> None:
        return

    async def stop(self) -> None:
        return

    async def send(self, notices: Sequence[Notice]) -> None:
        ids = [notice.alert.alert_id for notice in notices]
        self.tried += ids
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.got.append(ids)

    @property
    def ids(self) -> list[str]:
        return [identity for ids in self.got for identity in ids]


class Archive(Receiver):
    at_once = 500


class Pager(Receiver):
    wants_ends = True


class Leaving(Receiver):
    address = "somewhere"


class Outbox:
    """The topics as lists."""

    def __init__(self) -> None:
        self.held: dict[str, Pending] = {}
        self.written: list[str] = []
        self.buried: list[tuple[str | None, Undelivered]] = []
        self.disabled: list[str] = []

    async def hold(self, pending: Pending) -> None:
        self.held[pending.record.position] = pending
        self.written.append(pending.alert.alert_id)

    async def release(self, pending: Pending) -> None:
        self.held.pop(pending.record.position)

    async def bury(self, record: Record, why: Undelivered) -> None:
        self.buried.append((record.position, why))

    async def disable(self, address: str, detail: str) -> None:
        self.disabled.append(address)


class Bench:
    """A delivery with everything round it."""

    def __init__(self, sink: Any, settings: SinkSettings | None = None, outbox: Outbox | None = None) -> None:
        self.clock = Clock()
        self.sink = sink
        self.outbox = outbox or Outbox()
        self.offset = 0
        self.settings = settings or SinkSettings(retries=(5, 30))
        self.delivery = Delivery("test", sink, self.settings, lambda alert: True, self.outbox, self.clock, lambda: 0.0)

    def record(self, alert: Alert, headers: Sequence[tuple[str, bytes]] = ()) -> Record:
        self.offset += 1
        return Record("alerts", 0, self.offset, self.clock.now, alert.dedup_key.encode(), alert.to_json(), headers)

    async def take(self, *alerts: Alert) -> None:
        await self.delivery.take([self.record(alert) for alert in alerts])

    async def after(self, seconds: float) -> None:
        self.clock.now += seconds
        await self.delivery.retry()


def an_alert(identity: str, story: str | None = None, **changes: Any) -> Alert:
    known = {"alert_id": identity, "dedup_key": story or identity, "id": "article", "rule": "coup", "rule_version": "1"}
    return Alert(**(known | changes))


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


PASSING = DeliveryFailed("answered 500")


def test_an_alert_is_delivered_once_and_nothing_waits() -> None:
    async def scene() -> None:
        bench = Bench(Receiver())
        await bench.take(an_alert("a"))

        assert bench.sink.ids == ["a"]
        assert bench.outbox.held == {}

    in_a_loop(scene)


def test_a_failed_alert_waits_on_the_topic_and_is_sent_when_its_time_has_come() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(PASSING))
        await bench.take(an_alert("a"))
        [held] = bench.outbox.held.values()
        assert (held.not_before, held.attempts, held.detail) == (NOON + 5, 1, "answered 500")

        await bench.after(4)
        assert bench.sink.got == []
        await bench.after(1)
        assert bench.sink.ids == ["a"]
        assert bench.outbox.held == {}

    in_a_loop(scene)


def test_when_every_pause_is_used_up_the_alert_is_undelivered() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(PASSING, PASSING, PASSING))
        await bench.take(an_alert("a"))
        await bench.after(5)
        await bench.after(30)

        assert bench.sink.tried == ["a", "a", "a"]
        assert bench.outbox.buried == [("alerts-0-1", Undelivered(Reason.EXHAUSTED, "answered 500"))]
        assert bench.outbox.held == {}
        assert len(bench.delivery.waiting) == 0

    in_a_loop(scene)


def test_a_failure_that_cannot_pass_is_not_tried_again() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(DeliveryFailed("answered 400", retry=False)))
        await bench.take(an_alert("a"))

        assert bench.outbox.buried == [("alerts-0-1", Undelivered(Reason.REFUSED, "answered 400"))]
        assert bench.outbox.held == {}

    in_a_loop(scene)


def test_later_alerts_of_a_story_wait_behind_the_first_and_others_do_not() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(PASSING))
        await bench.take(an_alert("open", story="s"))
        await bench.take(an_alert("escalated", story="s"), an_alert("other"))
        assert bench.sink.ids == ["other"]

        await bench.after(5)
        await bench.after(0)
        assert bench.sink.ids == ["other", "open", "escalated"]
        assert bench.outbox.held == {}

    in_a_loop(scene)


def test_alerts_of_a_story_read_together_keep_their_order_when_the_first_fails() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(PASSING))
        await bench.take(an_alert("1", story="s"), an_alert("2", story="s"), an_alert("3", story="s"))
        for _ in range(3):
            await bench.after(5)

        assert bench.sink.tried == ["1", "1", "2", "3"]

    in_a_loop(scene)


def test_those_behind_an_alert_that_is_given_up_get_all_attempts_of_their_own() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(*[PASSING] * 5))
        await bench.take(an_alert("1", story="s"))
        await bench.after(5)
        await bench.take(an_alert("2", story="s"))
        for _ in range(4):
            await bench.after(10_000)

        assert bench.sink.tried == ["1", "1", "1", "2", "2", "2"]
        assert [position for position, _ in bench.outbox.buried] == ["alerts-0-1"]
        assert bench.sink.ids == ["2"]

    in_a_loop(scene)


def test_an_earlier_alert_that_is_replayed_does_not_wait_for_the_pause_of_a_later_one() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(PASSING), SinkSettings(retries=(3600,)))
        replayed = bench.record(an_alert("1", story="s"))
        await bench.take(an_alert("2", story="s"))
        bench.delivery.waiting.put(Pending(replayed, an_alert("1", story="s"), since=NOON, not_before=NOON))
        bench.outbox.held[replayed.position] = Pending(replayed, an_alert("1", story="s"), since=NOON, not_before=NOON)
        assert bench.delivery.next_at() == NOON
        await bench.after(0)
        assert bench.sink.ids == ["1"]

    in_a_loop(scene)


def test_after_a_restart_the_topic_says_what_waits_and_a_record_read_again_is_not_sent_again() -> None:
    async def scene() -> None:
        before = Bench(Receiver(PASSING))
        record = before.record(an_alert("a"))
        await before.delivery.take([record])

        after = Bench(Receiver(), outbox=before.outbox)
        for held in before.outbox.held.values():
            after.delivery.waiting.put(pending_of(held.record.value or b"", held.headers()))  # type: ignore[arg-type]
        await after.delivery.take([record])
        assert after.sink.tried == []

        await after.after(5)
        assert after.sink.ids == ["a"]

    in_a_loop(scene)


def test_a_receiver_that_asks_for_a_pause_gets_one_from_everything() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(DeliveryFailed("answered 429", after=60, overloaded=True)))
        await bench.take(an_alert("a"))
        assert bench.delivery.rests_until == NOON + 60

        await bench.take(an_alert("b"))
        await bench.after(59)
        assert bench.sink.tried == ["a"]
        await bench.after(1)
        assert sorted(bench.sink.ids) == ["a", "b"]

    in_a_loop(scene)


def test_a_receiver_that_is_gone_gets_nothing_more_and_what_waits_is_kept() -> None:
    async def scene() -> None:
        bench = Bench(Leaving(PASSING, DeliveryFailed("answered 410", gone=True)))
        await bench.take(an_alert("waits"))
        await bench.take(an_alert("told"))
        await bench.take(an_alert("later"))
        await bench.after(1000)

        assert bench.sink.tried == ["waits", "told"]
        assert bench.outbox.disabled == ["somewhere"]
        assert {why.reason for _, why in bench.outbox.buried} == {Reason.GONE}
        assert [position for position, _ in bench.outbox.buried] == ["alerts-0-2", "alerts-0-1", "alerts-0-3"]
        assert bench.outbox.held == {}

    in_a_loop(scene)


def test_only_alerts_that_notify_are_sent_and_updates_where_the_sink_asks_for_them() -> None:
    async def scene(settings: SinkSettings) -> list[str]:
        bench = Bench(Receiver(), settings)
        await bench.take(
            an_alert("open"),
            an_alert("update", state=AlertState.UPDATE, notify=False, suppressed="story"),
            an_alert("silenced", state=AlertState.UPDATE, notify=False, suppressed="silenced"),
            an_alert("old", state=AlertState.UPDATE, notify=False, suppressed="old"),
        )
        return bench.sink.ids

    assert asyncio.run(scene(SinkSettings())) == ["open"]
    assert asyncio.run(scene(SinkSettings(updates=True))) == ["open", "update"]


def test_a_sink_that_keeps_alerts_open_hears_of_every_end() -> None:
    async def scene() -> None:
        end = an_alert("end", state=AlertState.RESOLVED, notify=False)
        pager, other = Bench(Pager()), Bench(Receiver())
        await pager.take(end)
        await other.take(end)

        assert (pager.sink.ids, other.sink.ids) == (["end"], [])

    in_a_loop(scene)


def test_what_is_no_alert_is_set_aside_and_its_neighbours_are_sent() -> None:
    async def scene() -> None:
        bench = Bench(Receiver())
        bad = Record("alerts", 0, 90, NOON, None, b"\xff not json")
        tombstone = Record("alerts", 0, 91, NOON, b"k", None)
        await bench.delivery.take([bad, tombstone, bench.record(an_alert("good"))])

        assert bench.sink.ids == ["good"]
        [(position, why)] = bench.outbox.buried
        assert (position, why.reason) == ("alerts-0-90", Reason.UNREADABLE)

    in_a_loop(scene)


def test_an_alert_redriven_for_one_sink_is_not_sent_by_another() -> None:
    async def scene() -> None:
        bench = Bench(Receiver())
        await bench.delivery.take(
            [
                bench.record(an_alert("mine"), [("dlq_stage", b"test")]),
                bench.record(an_alert("theirs"), [("dlq_stage", b"another")]),
            ]
        )

        assert bench.sink.ids == ["mine"]

    in_a_loop(scene)


def test_a_sink_that_hangs_is_given_up_after_its_time_and_the_alert_waits() -> None:
    class Hanging(Receiver):
        async def send(self, notices: Sequence[Notice]) -> None:
            await asyncio.Event().wait()

    async def scene() -> None:
        bench = Bench(Hanging(), SinkSettings(timeout=0.01))
        await bench.take(an_alert("a"))

        [held] = bench.outbox.held.values()
        assert held.detail == "no answer within 0.01 s"

    in_a_loop(scene)


def test_a_fault_in_a_sink_costs_no_alert_and_tells_no_secret() -> None:
    class Broken(Receiver):
        async def send(self, notices: Sequence[Notice]) -> None:
            raise ZeroDivisionError("https://user:password@host")

    async def scene() -> None:
        bench = Bench(Broken())
        await bench.take(an_alert("a"))

        [held] = bench.outbox.held.values()
        assert held.detail == "the sink failed: ZeroDivisionError"

    in_a_loop(scene)


def test_a_digest_collects_until_its_moment_and_is_one_message() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(), DigestSettings(digest=900, retries=(5,)))
        await bench.take(an_alert("a"), an_alert("b"))
        await bench.after(899 - NOON % 900)
        assert bench.sink.got == []
        await bench.after(1)

        assert bench.sink.got == [["a", "b"]]
        assert bench.outbox.held == {}

    in_a_loop(scene)


def test_a_digest_that_fails_is_sent_again_whole() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(PASSING), DigestSettings(digest=900, retries=(5,)))
        await bench.take(an_alert("a"), an_alert("b"))
        await bench.after(900)
        await bench.after(5)

        assert bench.sink.got == [["a", "b"]]

    in_a_loop(scene)


def test_what_a_throttle_holds_back_comes_with_the_next_digest() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(), DigestSettings(throttle=2, overflow=3600))
        await bench.take(*(an_alert(str(number)) for number in range(4)))
        throttled = an_alert("by the rule", state=AlertState.UPDATE, notify=False, suppressed="throttled")
        await bench.take(throttled)
        assert bench.sink.got == [["0"], ["1"]]

        await bench.after(3600)
        assert bench.sink.got[2:] == [["2", "3", "by the rule"]]

    in_a_loop(scene)


def test_what_a_rule_holds_back_reaches_a_sink_without_digests_at_once() -> None:
    async def scene() -> None:
        bench = Bench(Receiver())
        await bench.take(an_alert("held back", state=AlertState.UPDATE, notify=False, suppressed="frequent"))

        assert bench.sink.ids == ["held back"]

    in_a_loop(scene)


def test_a_digest_with_an_id_holds_a_partition_and_a_period_however_often_it_is_sent() -> None:
    class Apart(DigestSettings):
        apart: ClassVar[bool] = True

    class Naming(Receiver):
        names: ClassVar[list[set[str]]] = []

        async def send(self, notices: Sequence[Notice]) -> None:
            self.names.append({notice.digest for notice in notices})
            await super().send(notices)

    async def scene() -> None:
        bench = Bench(Naming(PASSING), Apart(digest=900, retries=(2000,)))
        await bench.take(an_alert("a"), an_alert("b"))
        await bench.after(900)
        await bench.take(an_alert("c"))
        await bench.after(2000)

        assert bench.sink.got == [["a", "b"], ["c"]]
        first, second, third = bench.sink.names
        assert first == second != third

    in_a_loop(scene)


def test_two_receivers_gone_at_once_are_told_of_once() -> None:
    class Meeting(Leaving):
        def __init__(self) -> None:
            super().__init__()
            self.inside, self.both = 0, asyncio.Event()

        async def send(self, notices: Sequence[Notice]) -> None:
            self.inside += 1
            if self.inside == 2:
                self.both.set()
            await self.both.wait()
            raise DeliveryFailed("answered 410", gone=True)

    async def scene() -> None:
        bench = Bench(Meeting())
        await bench.take(an_alert("a"), an_alert("b"))

        assert bench.outbox.disabled == ["somewhere"]
        assert sorted(position for position, _ in bench.outbox.buried if position) == ["alerts-0-1", "alerts-0-2"]

    in_a_loop(scene)


def test_an_archive_keeps_the_order_of_a_story_behind_what_waits() -> None:
    async def scene() -> None:
        bench = Bench(Archive(PASSING))
        await bench.take(an_alert("1", story="s"))
        await bench.take(an_alert("2", story="s"), an_alert("other"))
        await bench.after(5)
        await bench.after(0)

        assert bench.sink.got == [["other"], ["1"], ["2"]]

    in_a_loop(scene)


def test_too_much_that_waits_stops_the_intake(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        monkeypatch.setattr("streams.delivery.FULL_BYTES", 100)
        bench = Bench(Receiver(PASSING))
        assert bench.delivery.rests_until <= NOON
        await bench.take(an_alert("a"))
        assert bench.delivery.rests_until == float("inf")
        await bench.after(5)
        assert bench.delivery.rests_until <= NOON

    in_a_loop(scene)


def test_an_escalation_does_not_wait_behind_what_waits_for_a_digest() -> None:
    async def scene() -> None:
        bench = Bench(Receiver(), DigestSettings(overflow=3600))
        await bench.take(an_alert("held", story="s", state=AlertState.UPDATE, notify=False, suppressed="throttled"))
        await bench.take(an_alert("urgent", story="s", state=AlertState.ESCALATED))

        assert bench.sink.ids == ["urgent"]

    in_a_loop(scene)


def test_a_sink_that_takes_many_at_once_gets_a_batch_in_one_send() -> None:
    async def scene() -> None:
        bench = Bench(Archive())
        await bench.take(an_alert("a"), an_alert("b", story="a"), an_alert("c"))

        assert bench.sink.got == [["a", "b", "c"]]

    in_a_loop(scene)


@pytest.mark.parametrize(("chance", "expected"), [(0.0, 5.0), (0.5, 5.5), (0.999, 5.999)])
def test_chance_spreads_the_pauses(chance: float, expected: float) -> None:
    async def scene() -> None:
        bench = Bench(Receiver(PASSING))
        bench.delivery._jitter = lambda: chance
        await bench.take(an_alert("a"))

        [held] = bench.outbox.held.values()
        assert held.not_before - NOON == pytest.approx(expected, abs=0.01)

    in_a_loop(scene)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12),
    st.lists(st.booleans(), max_size=40),
)
def test_whatever_fails_every_alert_is_settled_once_and_stories_keep_their_order(
    alerts: list[tuple[str, bool]], failures: list[bool]
) -> None:
    async def scene() -> None:
        bench = Bench(Receiver(*[PASSING if failed else None for failed in failures]), SinkSettings(retries=(1,) * 50))
        for number, (story, together) in enumerate(alerts):
            await bench.take(an_alert(f"{number:02}", story=story))
            if not together:
                await bench.after(1)
        while len(bench.delivery.waiting):
            await bench.after(1)

        assert sorted(bench.sink.ids) == [f"{number:02}" for number in range(len(alerts))]
        for story in "abc":
            of_story = [f"{number:02}" for number, (name, _) in enumerate(alerts) if name == story]
            assert [identity for identity in bench.sink.ids if identity in of_story] == of_story
        assert bench.outbox.held == {}
        assert bench.delivery.waiting.bytes == 0

    in_a_loop(scene)


def test_every_alert_is_counted_by_what_became_of_it() -> None:
    def counted() -> dict[str, float]:
        return {outcome: metrics.deliveries.labels("test", outcome)._value.get() for outcome in metrics.DELIVERIES}

    async def scene() -> None:
        before = counted()
        bench = Bench(Receiver(PASSING, None, DeliveryFailed("answered 400", retry=False)))
        await bench.take(an_alert("1", story="s"))
        await bench.take(an_alert("2", story="s"), an_alert("sent"), an_alert("not for it", notify=False))
        assert metrics.deliveries_waiting.labels("test")._value.get() == 2
        await bench.after(5)
        await bench.after(0)

        grown = {outcome: value - before[outcome] for outcome, value in counted().items()}
        assert grown == {"delivered": 2, "retried": 1, "waiting": 1, "undelivered": 1, "skipped": 1}
        assert metrics.deliveries_waiting.labels("test")._value.get() == 0

    in_a_loop(scene)


def test_what_waits_can_be_read_back_from_its_headers() -> None:
    record = Record("alerts", 3, 17, NOON, "schlüssel".encode(), an_alert("a").to_json(), [("traceparent", b"00-1")])
    pending = Pending(
        record, an_alert("a"), since=NOON, not_before=NOON + 5, attempts=2, detail="ünwell", digest=NOON + 5
    )

    assert pending_of(record.value or b"", pending.headers()) == pending
