"""The oracle: what became of every owed article, judged from the topics alone."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from streams.faults.load import RAW, Owed
from streams.faults.topics import Entry, Log, first_of_each

TAGGED, ENRICHED, REJECTED, ALERTS = "articles.tagged", "articles.enriched", "articles.rejected", "alerts"
COMPARED = 300
"""Articles whose cleaning and tagging is done again outside the workers."""


@dataclass
class Judgement:
    """What the topics say: counts, and each thing that is not as it should be."""

    articles: int = 0
    lost: list[str] = field(default_factory=list)
    repeated: int = 0
    wrong: list[str] = field(default_factory=list)


class Oracle:
    """Reads the topics of one run; ``environment`` is what the filters are run with."""

    def __init__(self, prefix: str, client: dict[str, Any], environment: Mapping[str, str], rules: Path) -> None:
        self._environment = environment
        self._rules = rules
        self._logs = {name: Log(prefix + name, client) for name in (RAW, TAGGED, ENRICHED, REJECTED, ALERTS)}

    def close(self) -> None:
        for log in self._logs.values():
            log.close()

    def keep(self, topic: str) -> None:
        """Count what stands on a topic as written, whatever becomes of the topic; nobody may write to it meanwhile."""
        self._logs[topic].keep()

    def open(self, owed: Iterable[Owed]) -> list[Owed]:
        """Those of ``owed`` that have no terminal outcome yet."""
        sent, aside = self._sent(), self._set_aside()
        return [each for each in owed if each.position not in sent and each.position not in aside]

    def _sent(self) -> Mapping[str, Entry]:
        return self._logs[ENRICHED].read().first()

    def _set_aside(self) -> dict[str, list[Entry]]:
        """Raw position to the dead letters of its article, from whatever stage before the last."""
        found: dict[str, list[Entry]] = {}
        for letter in self._logs[REJECTED].read().entries:
            if source_of(letter) != ENRICHED:
                found.setdefault(raw_position(letter), []).append(letter)
        return found

    def resumed(self, after: float, owed: Mapping[str, Owed]) -> float | None:
        """Seconds from a moment until every partition gave an outcome of an article confirmed later; None: not yet."""
        return self._everywhere(after, owed, since=after)

    def wrote(self, after: float, owed: Mapping[str, Owed]) -> float | None:
        """Seconds from a moment until every partition gave an outcome, also of an article that had waited."""
        return self._everywhere(after, owed, since=0.0)

    def _everywhere(self, after: float, owed: Mapping[str, Owed], since: float) -> float | None:
        """How long each partition took to give an outcome of an article confirmed later than ``since``."""
        first: dict[int, float] = {}
        for entry in chain(self._logs[ENRICHED].read().since(after), self._logs[REJECTED].read().since(after)):
            each = owed.get(raw_position(entry))
            if each is not None and each.at > since:
                first[each.partition] = min(entry.at, first.get(each.partition, entry.at))
        everywhere = {each.partition for each in owed.values()}
        return max(first.values()) - after if everywhere and everywhere <= first.keys() else None

    def judge(self, owed: Mapping[str, Owed], *, compare: int = COMPARED) -> Judgement:
        """Everything at rest: what is lost, repeated and wrong."""
        for log in self._logs.values():
            log.read_all()
        judgement = Judgement(len(owed))
        sent, aside = self._sent(), self._set_aside()
        self._judge_outcomes(owed, sent, aside, judgement)
        self._judge_letters(owed, judgement)
        self._judge_repeats(judgement)
        self._judge_replay(judgement)
        self._judge_alerts(judgement)
        self._judge_content([o for o in owed.values() if o.position in sent][:compare], judgement)
        return judgement

    def _judge_outcomes(
        self, owed: Mapping[str, Owed], sent: Mapping[str, Entry], aside: Mapping[str, Sequence[Entry]], to: Judgement
    ) -> None:
        """Exactly one terminal outcome by position, and by id, and the one that was meant."""
        by_id: dict[str, set[str]] = {}
        for position, each in owed.items():
            outcomes = {name for name, found in (("sent", sent), ("rejected", aside)) if position in found}
            by_id.setdefault(each.piece.id, set()).update(outcomes)
            if not outcomes:
                to.lost.append(f"{each.piece.id} at {position}")
            elif len(outcomes) > 1:
                to.wrong.append(f"{position} was both sent and rejected")
            elif each.piece.meant not in (None, *outcomes):
                to.wrong.append(f"{each.piece.id} at {position} was {outcomes}, meant to be {each.piece.meant}")
            if position in sent and each.piece.meant == "sent" and sent[position].fields["id"] != each.piece.id:
                to.wrong.append(f"{position} was sent under the id {sent[position].fields['id']}")
        to.wrong += [f"{name} has two outcomes" for name, found in by_id.items() if len(found) > 1]

    def _judge_letters(self, owed: Mapping[str, Owed], to: Judgement) -> None:
        """Each dead letter carries the bytes and the key of the record it names."""
        sources = {
            f"{name}-{e.partition}-{e.offset}": e for name in (RAW, TAGGED, ENRICHED) for e in self._logs[name].entries
        }
        for letter in self._logs[REJECTED].entries:
            position = named_position(letter)
            source = sources.get(position)
            meant = owed[position].piece if position in owed else None
            value = source.value if source else meant.value if meant else None
            key = source.key if source else meant.record_key if meant else letter.key
            if source is None and meant is None:
                to.wrong.append(f"a dead letter names {position}, where nothing stands")
            elif not _carries(letter, value) or letter.key != (b"" if key is None and value is None else key):
                to.wrong.append(f"the dead letter of {position} does not carry its bytes")

    def _judge_repeats(self, to: Judgement) -> None:
        """Repeats are counted; each must be the same record again."""
        for name in (TAGGED, ENRICHED):
            seen: dict[str, bytes | None] = {}
            for entry in self._logs[name].entries:
                position = entry.position
                if position not in seen:
                    seen[position] = entry.value
                elif seen[position] != entry.value:
                    to.wrong.append(f"{name}: {position} was written again with other content")
            to.repeated += len(self._logs[name].entries) - len(seen) if name == ENRICHED else 0
        letters = Counter(map(named_position, self._logs[REJECTED].entries))
        to.repeated += letters.total() - len(letters)

    def _judge_replay(self, to: Judgement) -> None:
        """The enriched log equals the tagged log replayed through the filter, in bytes and in order by key."""
        refused = {named_position(letter) for letter in self._logs[REJECTED].entries}
        actual = self._sent()
        order = {position: number for number, position in enumerate(actual)}
        for partition, entries in self._logs[TAGGED].by_partition().items():
            taken = [e for e in entries if f"{TAGGED}-{partition}-{e.offset}" not in refused]
            expected = self._filtered("dedupe", first_of_each(taken).values())
            last: dict[bytes | None, int] = {}
            for line in expected:
                position = json.loads(line)["position"]
                found = actual.get(position)
                if found is None or found.value != line:
                    what = "nothing" if found is None else difference(found.value, line)
                    to.wrong.append(f"{position}: enriched is not what a replay gives: {what}")
                    continue
                if order[position] < last.get(found.key, -1):
                    to.wrong.append(f"{position}: out of order within its story")
                last[found.key] = order[position]

    def _judge_alerts(self, to: Judgement) -> None:
        """The alerts are those of the enriched log replayed through the filter, without what was rejected there.

        With its repeats: how many articles a rule was asked of is counted by their place in the log.
        """
        refused = {named_position(letter) for letter in self._logs[REJECTED].entries}
        expected: dict[str, bytes] = {}
        for partition, entries in self._logs[ENRICHED].by_partition().items():
            taken = [e for e in entries if f"{ENRICHED}-{partition}-{e.offset}" not in refused]
            for line in self._filtered("alert", taken, self._rules):
                expected.setdefault(json.loads(line)["alert_id"], line)
        actual: dict[str, bytes | None] = {}
        for entry in self._logs[ALERTS].entries:
            name = str(entry.fields.get("alert_id"))
            if actual.setdefault(name, entry.value) != entry.value:
                to.wrong.append(f"alert {name} was written again with other content")
        to.wrong += [f"alert {name} is missing" for name in expected.keys() - actual.keys()]
        to.wrong += [f"alert {name} was not to be" for name in actual.keys() - expected.keys()]
        changed = [name for name in expected.keys() & actual.keys() if expected[name] != actual[name]]
        to.wrong += [
            f"alert {name} is not what a replay gives: {difference(actual[name], expected[name])}" for name in changed
        ]

    def _judge_content(self, sample: Sequence[Owed], to: Judgement) -> None:
        """Cleaning and tagging a sample again, outside the workers, gives the same text and entities."""
        raw = {f"{RAW}-{e.partition}-{e.offset}": e for e in self._logs[RAW].entries}
        chosen = [raw[o.position] for o in sample if o.position in raw]
        cleaned = self._filtered("clean", chosen)
        tagged = {f["id"]: _bare(f) for f in map(json.loads, self._filtered_lines("tag", cleaned))}
        for entry in self._logs[TAGGED].first().values():
            fields = entry.fields
            if fields.get("id") in tagged and _bare(fields) != tagged[fields["id"]]:
                what = difference(entry.value, json.dumps(tagged[fields["id"]]).encode())
                to.wrong.append(f"{fields['position']}: tagged is not what the filters give: {what}")

    def _filtered(self, stage: str, entries: Iterable[Entry], *rules: Path) -> list[bytes]:
        lines = [(entry.value or b"").replace(b"\n", b" ") for entry in entries]
        return self._filtered_lines(stage, lines, *rules)

    def _filtered_lines(self, stage: str, lines: Sequence[bytes], *rules: Path) -> list[bytes]:
        """What ``wirewatch stage`` makes of lines: the public way to replay a log."""
        if not lines:
            return []
        command = [
            sys.executable,
            "-m",
            "streams.cli",
            "stage",
            stage,
            *(word for path in rules for word in ("--rules", str(path))),
        ]
        done = subprocess.run(
            command, input=b"\n".join(lines) + b"\n", env=dict(self._environment), capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"`wirewatch stage {stage}` failed: {done.stderr.decode(errors='replace')[-500:]}")
        return done.stdout.splitlines()


def named_position(letter: Entry) -> str:
    """The record that a dead letter names."""
    parts = (letter.headers.get(f"dlq_{name}", b"?").decode() for name in ("topic", "partition", "offset"))
    return "-".join(parts)


def source_of(letter: Entry) -> str:
    return letter.headers.get("dlq_topic", b"").decode()


def raw_position(letter: Entry) -> str:
    """The raw record behind an article, or behind a dead letter of any stage."""
    return named_position(letter) if source_of(letter) == RAW else letter.position


def _carries(letter: Entry, value: bytes | None) -> bool:
    told = letter.headers.get("dlq_sha256")
    if told is None:
        return letter.value == value
    return value is not None and hashlib.sha256(value).hexdigest().encode() == told


def difference(found: bytes | None, expected: bytes) -> str:
    """The fields in which two messages differ, with what each has."""
    one, other = json.loads(found or b"{}"), json.loads(expected)
    names = [name for name in {**other, **one} if one.get(name) != other.get(name)]
    return "; ".join(f"{n} {str(one.get(n))[:60]!r}, expected {str(other.get(n))[:60]!r}" for n in names) or "spelling"


def _bare(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A tagged article without what its place in a log gives it; flags compare with the time it was first seen."""
    return {name: value for name, value in fields.items() if name not in ("position", "first_seen", "flags")}
