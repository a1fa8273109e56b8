"""Match rules against articles, and tell of each story once.

Every match becomes an alert on the topic; whether it notifies is decided here, from event time and what
this partition has decided before, so that a redelivered article gets the answer it got.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import orjson

from schemas.alert import Alert
from schemas.article import EnrichedArticle
from schemas.rule import Silence
from streams.rules.hygiene import rank
from streams.rules.match import Match
from streams.rules.matching import RuleSet
from streams.rules.notifying import FREQUENT_SHARE, Judge, share_of
from streams.rules.packing import packed, recalled, remembered, unpacked
from streams.rules.records import alert_of
from streams.rules.threads import Thread, resolved
from streams.stage import Decision, Drop, Due, Outcome, Reason

KEEP = 7 * 86_400
"""Seconds of stream time for which an answer is kept, as long as raw articles are."""
CLOSE_EVERY = 3_600
"""Seconds of stream time between two closings, so that not every article writes a summary."""
MOST_ALERTS = 5_000
"""Alerts of one article: some seconds of work. Where it meets more rules, those of the highest severity are told."""
LARGEST = 3 * 1024 * 1024
"""Bytes of a decision, packed: what the broker takes into a changelog, with room to spare."""


class AlertMemory:
    """What has been told of which story, in one partition.

    ``rules`` and ``silences`` give those in force when an article is decided; what was decided does not
    change with them. The memory is a map of values, each with the stream time it was last written at; a
    decision carries the values it sets, so applying the same decisions again ends in the same map. Answers and
    stories stay for days and are many, so they are kept packed.
    """

    def __init__(self, rules: Callable[[], RuleSet], silences: Callable[[], Sequence[Silence]] = tuple) -> None:
        self._rules, self._silences = rules, silences
        self._answers: dict[str, bytes] = {}
        """By position, in the order they were given."""
        self._decided: deque[float] = deque()
        self._values: dict[str, tuple[float, Any]] = {}
        self._ends: dict[str, float] = {}
        """When each story that was told of ends unless it goes on, by key: what is due is looked for now and then."""
        self._tallies: dict[str, Mapping[str, Any]] = {}
        """Of each rule that has fired, how often."""
        self._time = 0.0
        self._seen = 0

    def reached(self, number: int) -> None:
        """Be told how many records of its partition come before the next article.

        Of how many articles a rule fires is counted by that, for an article without match leaves nothing in the
        changelog: so a redelivered one is not counted again, and one that was done with before a crash still counts.
        """
        self._seen = number

    def recall(self, position: str) -> bytes | None:
        """The answer given at ``position``; None also where nothing matched, which is decided anew."""
        answer = self._answers.get(position)
        return None if answer is None else recalled(answer)

    def decide(self, message: EnrichedArticle) -> Decision:
        """Match, and decide what to tell; an empty answer where nothing matched, with nothing to remember.

        An article may meet so many rules that no changelog takes the decision: then the most severe are told, and
        each alert says that it is cut.
        """
        matches = self._rules().match(message)
        if not matches:
            return Decision(b"")
        most = min(len(matches), MOST_ALERTS)
        decision = self._judged(message, matches, most)
        while len(decision.answer) + len(decision.learned) > LARGEST and most > 1:
            most //= 2
            decision = self._judged(message, matches, most)
        return decision

    def _judged(self, message: EnrichedArticle, matches: Sequence[Match], most: int) -> Decision:
        """The decision on at most so many matches."""
        judge = Judge(message, self._value, self._time, self._seen + 1, self._silences())
        records, values = judge.judge(most_severe(matches, most))
        if len(matches) > most:
            for record in records:
                record["cut"] = True
        learned = {"time": judge.stream, "set": values}
        return Decision(packed(orjson.dumps(records)), packed(orjson.dumps(learned)))

    def _value(self, key: str) -> Any:
        found = self._values.get(key)
        if found is None:
            return None
        return orjson.loads(recalled(found[1])) if _is_story(key) else found[1]

    def apply(self, position: str, decision: Decision) -> None:
        """Take a decision in; one of no match only counts the article."""
        if not decision.learned:
            self._seen += 1
            return
        learned = orjson.loads(unpacked(decision.learned))
        self._time = max(self._time, learned["time"])
        for key, value in learned["set"].items():
            self._set(key, self._time, value)
        self._seen = learned["set"].get("seen", {"count": self._seen})["count"]
        if position and position not in self._answers:
            self._answers[position] = remembered(decision.answer)
            self._decided.append(self._time)

    def _set(self, key: str, touched: float, value: Any) -> None:
        self._values[key] = touched, remembered(orjson.dumps(value)) if _is_story(key) else value
        if key.startswith("tally:"):
            self._tallies[key.removeprefix("tally:")] = value
        elif _is_story(key) and (ends := Thread(value).ends) is not None:
            self._ends[key] = ends
        else:
            self._ends.pop(key, None)

    def _delete(self, key: str) -> None:
        del self._values[key]
        self._ends.pop(key, None)
        self._tallies.pop(key.removeprefix("tally:"), None)

    def outcome(self, message: EnrichedArticle, answer: bytes) -> Outcome[Alert]:
        """The alerts that ``answer`` stands for, or Drop where nothing matched."""
        if not answer:
            return Drop(Reason.NO_MATCH)
        return [alert_of(message, record) for record in orjson.loads(unpacked(answer))]

    def closing(self) -> tuple[int, bytes] | None:
        """Decisions older than KEEP, and the values of theirs that still count."""
        before = self._time - KEEP
        if not self._decided or self._decided[0] > before - CLOSE_EVERY:
            return None
        dropped = sum(1 for time in self._decided if time < before)
        old = {key: [touched, self._value(key)] for key, (touched, _) in self._values.items() if touched < before}
        kept = {key: entry for key, entry in old.items() if entry[1].get("until", self._time) >= self._time}
        return dropped, packed(orjson.dumps({"time": self._time, "before": before, "values": kept}))

    def close(self, dropped: int, summary: bytes) -> None:
        """Forget what is older than the summary says, except what the summary keeps."""
        stated = orjson.loads(unpacked(summary))
        before = stated["before"]
        self._time = max(self._time, stated["time"])
        forgotten = sum(1 for time in self._decided if time < before)
        for position in list(islice(self._answers, forgotten)):
            self._decided.popleft()
            del self._answers[position]
        old = [key for key, (touched, _) in self._values.items() if touched < before]
        for key in old:
            self._delete(key)
        for key, (touched, value) in stated["values"].items():
            if key not in self._values:
                self._set(key, touched, value)

    def due(self, now: datetime) -> list[Due]:
        """Alerts that were told of and whose story had no article for its rule's `resolve_after`.

        Pure: the owner of the partition sends each alert, stores its decision and applies it.
        """
        moment = now.astimezone(UTC).timestamp()
        ended = sorted(key for key, ends in self._ends.items() if ends <= moment)
        return [self._resolution(key, self._value(key)) for key in ended]

    def frequent(self) -> dict[str, float]:
        """Rules that fire on so many articles that they go to a digest, with the share."""
        shares = {rule: share_of(tally, self._seen) for rule, tally in sorted(self._tallies.items())}
        return {rule: share for rule, share in shares.items() if share > FREQUENT_SHARE}

    def _resolution(self, key: str, value: Mapping[str, Any]) -> Due:
        alert = resolved(value)
        learned = {"time": self._time, "set": {key: {**value, "resolved": True}}}
        decision = Decision(alert.to_json(), orjson.dumps(learned))
        return Due(f"resolved-{alert.alert_id}", decision, alert)


def most_severe(matches: Sequence[Match], most: int) -> Sequence[Match]:
    """At most so many of ``matches``, which are in order of their names, in that order; the most severe first."""
    if len(matches) <= most:
        return matches
    chosen = sorted(range(len(matches)), key=lambda at: -rank(matches[at].severity))[:most]
    return [matches[at] for at in sorted(chosen)]


def _is_story(key: str) -> bool:
    """Whether a value is a story's: these are many and stay packed; those of rules are few."""
    return key.startswith("story:")
