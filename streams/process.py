"""From records to outcomes: decoding, and stages that may raise or crash, turned into values. Never raises."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, TypeAlias

from pydantic import ValidationError

from schemas.base import Message
from schemas.topics import Topic
from streams.changelog import NONE_KNOWN, Kept, PartitionState
from streams.errors import MAX_DETAIL, explain
from streams.recent import Recent
from streams.records import UNREADABLE, Outgoing, Record, carried, outgoing
from streams.stage import Decision, Drop, Outcome, Reason, Reject, Step

Settled: TypeAlias = list[Outgoing] | Drop | Reject
"""What becomes of a record: what is written for it, or why nothing is."""


def decoded(topic: Topic[Any], record: Record, recent: Recent | None = None) -> Message | Reject:
    """The message in ``record``, or why it is none; it is not read again if it is among the ``recent`` ones."""
    if record.value is None:
        return Reject(Reason.TOMBSTONE, f"{topic.name} holds articles; expected JSON, found a tombstone")
    if len(record.value) > topic.limit:
        return Reject(Reason.TOO_LARGE, f"{len(record.value)} bytes; at most {topic.limit}")
    if recent is not None and (known := recent.take(topic, record.value)):
        return known
    try:
        return _read(topic, record.value).arrived(record.position, record.first_seen)
    except ValidationError as error:
        if unreadable := dict(record.headers).get(UNREADABLE):
            return Reject(Reason.NOT_JSON, unreadable.decode("utf-8", "replace")[:MAX_DETAIL])
        broken = any(e["type"] == "json_invalid" for e in error.errors(include_url=False, include_input=False))
        return Reject(Reason.NOT_JSON if broken else Reason.INVALID, explain(error))
    except Exception as error:
        return crashed(error)


def _read(topic: Topic[Any], value: bytes) -> Message:
    """The message, of the kind the topic carries or else of one that it also does."""
    try:
        message: Message = topic.carries.model_validate_json(value)
    except ValidationError:
        for kind in topic.also:
            with suppress(ValidationError):
                return kind.model_validate_json(value)
        raise
    return message


def crashed(error: BaseException) -> Reject:
    """The rejection for a stage that raised."""
    return Reject(Reason.CRASHED, repr(error)[:MAX_DETAIL])


def run(step: Step[Any], message: Message) -> Outcome[Any]:
    """What a stage without memory makes of one message."""
    assert step.run is not None
    try:
        return step.run(message)
    except Exception as error:
        return crashed(error)


def run_all(step: Step[Any], messages: Sequence[Message]) -> Sequence[Outcome[Any]]:
    """What a stage makes of each message; where the batch raises, each is tried alone."""
    if step.run_many is not None and len(messages) > 1:
        try:
            outcomes = step.run_many(messages)
        except Exception:
            return [run(step, message) for message in messages]
        if len(outcomes) == len(messages):
            return outcomes
    return [run(step, message) for message in messages]


def walk(steps: Sequence[Step[Any]], messages: Sequence[Message]) -> list[Outcome[Any]]:
    """What composed stages without memory make of each message, stage by stage."""
    outcomes: list[Outcome[Any]] = list(run_all(steps[0], messages))
    for before, step in pairwise(steps):
        going = [i for i, outcome in enumerate(outcomes) if not isinstance(outcome, Drop | Reject)]
        taken = [_taken_on(outcomes[i], before, step) for i in going]
        for i, outcome in zip(going, run_all(step, taken), strict=True):
            outcomes[i] = outcome
    return outcomes


def _taken_on(outcome: Any, before: Step[Any], step: Step[Any]) -> Any:
    [message] = outcome
    assert isinstance(message, step.reads.carries), f"{before.name} gave {type(message).__name__}"
    return message


def remembered(
    state: PartitionState,
    message: Any,
    generation: int,
    kept: Kept,
    known: Mapping[str, Decision] = NONE_KNOWN,
) -> Outcome[Any]:
    """What a stage with memory makes of one message; what it must keep of that goes to ``kept``."""
    try:
        return state.answer(message, generation, kept, known)
    except Exception as error:
        return crashed(error)


def written(step: Step[Any], record: Record, outcome: Outcome[Any]) -> Settled:
    """``outcome`` as records to write; a rejection when one would not fit its topic."""
    if isinstance(outcome, Drop | Reject):
        return outcome
    along = carried(record.headers)
    try:
        records = [outgoing(_topic_of(step, message), message, step.name, along) for message in outcome]
    except Exception as error:
        return crashed(error)
    for record_out, message in zip(records, outcome, strict=True):
        limit = _topic_of(step, message).limit
        if len(record_out.value or b"") > limit - OVERHEAD:
            return Reject(
                Reason.TOO_LARGE, f"{len(record_out.value or b'')} bytes for {record_out.topic}; at most {limit}"
            )
    return records


OVERHEAD = 16 * 1024
"""Bytes left to a record for key, headers and framing."""


def _topic_of(step: Step[Any], message: Message) -> Topic[Any]:
    for topic in step.writes:
        if type(message) is topic.carries:
            return topic
    raise TypeError(f"{step.name} gave {type(message).__name__}, which no topic of it carries")
