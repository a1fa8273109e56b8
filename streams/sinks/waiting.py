"""What a sink still has to deliver: in order within a dedup_key, each with the time before which it rests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from schemas.alert import Alert
from streams.records import Headers, Record
from streams.sinks.sink import Notice

MARK = "delivery_"
"""How the headers begin that a waiting alert gets on the retry topic."""

LAST_MOMENT = 253_402_300_799.0
"""End of the year 9999: a record may claim any time, a date has no later one."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An alert that a sink has taken and not got rid of."""

    record: Record
    alert: Alert
    since: float
    """When the sink took it, seconds since 1970."""
    not_before: float
    attempts: int = 0
    detail: str = ""
    """What the last attempt ended with."""
    digest: float = 0.0
    """End of the period whose digest it waits for, 0 for none; it holds nothing else up then."""

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among alerts of its dedup_key."""
        return self.record.partition, self.record.offset

    def notice(self, scope: str) -> Notice:
        """What the sink is given; ``scope`` names it among all sinks of all installations."""
        name = f"{scope}-{self.digest:.3f}-{self.record.partition}" if self.digest else ""
        at = self.record.timestamp or self.since
        return Notice(self.alert, self.record.value or b"", min(max(at, 0.0), LAST_MOMENT), name)

    def later(self, not_before: float, detail: str) -> "Pending":
        """The same after a failed attempt."""
        return replace(self, not_before=not_before, attempts=self.attempts + 1, detail=detail)

    def headers(self) -> Headers:
        """Headers of the entry on the retry topic: those of the alert, and what waiting adds."""
        own = [(name, value) for name, value in self.record.headers if not name.startswith(MARK)]
        marks = {
            "since": f"{self.since:.3f}",
            "not_before": f"{self.not_before:.3f}",
            "attempts": str(self.attempts),
            "detail": self.detail,
            "digest": f"{self.digest:.3f}",
            "topic": self.record.topic,
            "partition": str(self.record.partition),
            "offset": str(self.record.offset),
            "timestamp": f"{self.record.timestamp or self.since:.3f}",
            "key": (self.record.key or b"").decode("utf-8", "replace"),
        }
        return [*own, *((MARK + name, value.encode("utf-8", "backslashreplace")) for name, value in marks.items())]


def pending_of(value: bytes, headers: Iterable[tuple[str, bytes]]) -> Pending | None:
    """The entry that ``headers`` describe; None where they describe none, or the value is no alert."""
    all_headers = list(headers)
    marks = {name[len(MARK) :]: text.decode("utf-8", "replace") for name, text in all_headers if name.startswith(MARK)}
    own = [(name, text) for name, text in all_headers if not name.startswith(MARK)]
    try:
        record = Record(
            marks["topic"],
            int(marks["partition"]),
            int(marks["offset"]),
            float(marks["timestamp"]),
            marks["key"].encode(),
            value,
            own,
        )
        alert = Alert.model_validate_json(value)
        return Pending(
            record,
            alert,
            float(marks["since"]),
            float(marks["not_before"]),
            int(marks["attempts"]),
            marks["detail"],
            float(marks["digest"]),
        )
    except (KeyError, ValueError):
        return None


class Waiting:
    """Pending alerts by position; memory is what their values take."""

    def __init__(self) -> None:
        self._queues: dict[str, dict[str, Pending]] = {}
        self._digest: dict[str, Pending] = {}
        self._count = 0
        self._next: float | None = None
        self._stale = False
        """Whether ``_next`` must be looked for again."""
        self.bytes = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Pending]:
        yield from self._digest.values()
        for queue in self._queues.values():
            yield from queue.values()

    def __contains__(self, pending: Pending) -> bool:
        position = pending.record.position
        return position in self._digest or position in self._queues.get(pending.alert.dedup_key, {})

    def clear(self) -> None:
        """Forget all."""
        self._queues.clear()
        self._digest.clear()
        self._count, self._next, self._stale, self.bytes = 0, None, False, 0

    def put(self, pending: Pending) -> None:
        """Add an alert, or say anew when one is due."""
        self.remove(pending)
        into = self._digest if pending.digest else self._queues.setdefault(pending.alert.dedup_key, {})
        if pending.digest or not into:
            self._next = pending.not_before if self._next is None else min(self._next, pending.not_before)
        else:
            self._stale = True
        into[pending.record.position] = pending
        self._count += 1
        self.bytes += len(pending.record.value or b"")

    def remove(self, pending: Pending) -> None:
        """Forget an alert; one that is not there is fine."""
        key, position = pending.alert.dedup_key, pending.record.position
        queue = self._queues.get(key, {})
        found = queue.pop(position, None) or self._digest.pop(position, None)
        if found is not None:
            self._count -= 1
            self._stale = True
            self.bytes -= len(found.record.value or b"")
        if not queue:
            self._queues.pop(key, None)

    def head(self, dedup_key: str) -> Pending | None:
        """The first of the alerts of a dedup_key that wait for a retry; later ones have to wait behind it."""
        queue = self._queues.get(dedup_key)
        return min(queue.values(), key=lambda pending: pending.place) if queue else None

    def due(self, now: float) -> list[Pending]:
        """The first of each dedup_key whose time has come, the longest due first."""
        if not self._is_due(now):
            return []
        heads = (self.head(key) for key in self._queues)
        return sorted(
            (head for head in heads if head and head.not_before <= now), key=lambda p: (p.not_before, p.place)
        )

    def due_digests(self, now: float, apart: bool) -> list[list[Pending]]:
        """The digests of this moment, each in order; one for all, or ``apart`` by period and partition."""
        groups: dict[tuple[float, int], list[Pending]] = {}
        if not self._is_due(now):
            return []
        for pending in sorted(self._digest.values(), key=lambda p: p.place):
            if pending.not_before <= now:
                key = (pending.digest, pending.record.partition) if apart else (0.0, 0)
                groups.setdefault(key, []).append(pending)
        return list(groups.values())

    def next_at(self) -> float | None:
        """When the next is due; None while nothing waits."""
        if self._stale:
            heads = [head.not_before for key in self._queues if (head := self.head(key))]
            self._next = min([*heads, *(pending.not_before for pending in self._digest.values())], default=None)
            self._stale = False
        return self._next

    def _is_due(self, now: float) -> bool:
        earliest = self.next_at()
        return earliest is not None and earliest <= now
