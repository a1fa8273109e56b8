"""``wirewatch stage``: the pure stages as filters, JSON Lines in and out."""

import asyncio
import contextlib
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click
import orjson

from streams.changelog import PartitionState
from streams.commands import given_lines
from streams.commands.explained import explained_clean, explained_tag
from streams.commands.rulefiles import rules_of, shipped_rules
from streams.deciding import Decider, Remember, Walk
from streams.groups import Group
from streams.guard import Unguarded
from streams.pipeline import Hop
from streams.pool import Pool
from streams.process import decoded
from streams.records import Record
from streams.settings import settings
from streams.stage import Drop, Outcome, Reject, Step
from streams.table import build_table

CHUNK = 1 << 20
MOST = 200


@click.group(cls=Group)
def stage() -> None:
    """Run one stage as a filter, without a broker.

    JSON Lines from standard input to standard output, in order.

    What is dropped or rejected goes to standard error as JSON Lines with stage, reason and detail.
    """


@stage.command()
@click.option("--explain", is_flag=True, help="Show line by line what was kept, dropped and why.")
def clean(explain: bool) -> None:
    """Reduce articles to their text. Each line needs id and html or text."""
    if explain:
        _explain("clean", explained_clean)
    else:
        _filter(_step("clean"))


@stage.command()
@click.option("--explain", is_flag=True, help="Show for each mention which source decided.")
def tag(explain: bool) -> None:
    """Find entities. Each line needs id, title and body."""
    if explain:
        _explain("tag", explained_tag)
    else:
        _filter(_step("tag"))


@stage.command()
def dedupe() -> None:
    """Find copies and stories. Each line needs id, title and body."""
    _filter(_step("dedupe"))


@stage.command()
@click.option(
    "--rules",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="File or directory; again for more. Default: the shipped ones.",
)
def alert(rules: tuple[Path, ...]) -> None:
    """Match rules. Each line needs id, title and body."""
    _filter(_step("alert", rules or (shipped_rules(),)))


def _step(name: str, rules: Sequence[Path] = ()) -> Step[Any]:
    def ruleset() -> Any:
        return loaded

    loaded = rules_of(rules) if rules else None
    return build_table(settings(), ruleset)[name]


def _filter(step: Step[Any]) -> None:
    asyncio.run(_run(step))


class _OneState:
    generation = 0

    def __init__(self, step: Step[Any]) -> None:
        assert step.memory is not None
        self._state = PartitionState(step.memory())

    def __getitem__(self, partition: int) -> PartitionState:
        return self._state


async def _run(step: Step[Any]) -> None:
    chosen = settings()
    pool = Pool(chosen.pool, chosen.page_seconds)
    hop = Hop((step,))
    decider: Decider = Remember(hop, Unguarded(), _OneState(step)) if step.memory else Walk(hop, Unguarded(), pool)
    try:
        async for records in _records(given_lines()):
            decided = await decider.decide(records)
            for record, outcome in zip(records, decided.outcomes, strict=True):
                _write(step, record, outcome)
            sys.stdout.buffer.flush()
    finally:
        pool.close()


async def _records(source: BinaryIO) -> AsyncIterator[list[Record]]:
    """Whatever lines have arrived, at most ``MOST`` at a time: a live pipe is not kept waiting."""
    number, waiting = 0, b""
    # a thread in the middle of a buffered read would keep the process from ending
    read = getattr(source, "raw", source).read
    while chunk := await _arrived(read):
        *lines, waiting = (waiting + chunk).split(b"\n")
        for part in _parts(lines, number + 1):
            yield part
        number += len(lines)
    if waiting.strip():
        yield [_record(waiting, number + 1)]


async def _arrived(read: Callable[[int], bytes]) -> bytes:
    """The next bytes, none at the end. Who waits for them can be told to stop, which a thread of the loop's cannot:
    the loop would not close before it has read."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[bytes] = loop.create_future()

    def tell(chunk: bytes | None, error: OSError | None) -> None:
        if arrived.done():
            return
        if error:
            arrived.set_exception(error)
        else:
            arrived.set_result(chunk or b"")

    def wait() -> None:
        chunk, error = None, None
        try:
            chunk = read(CHUNK)
        except OSError as caught:
            error = caught
        with contextlib.suppress(RuntimeError):  # the loop has closed meanwhile
            loop.call_soon_threadsafe(tell, chunk, error)

    threading.Thread(target=wait, daemon=True).start()
    return await arrived


def _parts(lines: Sequence[bytes], first: int) -> Iterator[list[Record]]:
    """The lines that are not blank as records; ``first`` is the number of the first, as an editor counts."""
    full = [_record(line, number) for number, line in enumerate(lines, first) if line.strip()]
    return (full[i : i + MOST] for i in range(0, len(full), MOST))


def _record(line: bytes, number: int) -> Record:
    """A line as a record of a topic, whose offsets begin at 0: rules count by them."""
    return Record("stdin", 0, number - 1, None, None, line)


def _write(step: Step[Any], record: Record, outcome: Outcome[Any]) -> None:
    if isinstance(outcome, Drop | Reject):
        kind = "dropped" if isinstance(outcome, Drop) else "rejected"
        line = {"stage": step.name, "outcome": kind, "reason": outcome.reason, "detail": outcome.detail}
        sys.stderr.buffer.write(orjson.dumps({"line": record.offset + 1, "id": _id_of(record), **line}) + b"\n")
        sys.stderr.buffer.flush()
        return
    main = step.writes[0].carries
    for message in outcome:
        if isinstance(message, main):
            sys.stdout.buffer.write(message.to_json() + b"\n")


def _id_of(record: Record) -> str | None:
    try:
        found = orjson.loads(record.value or b"")
    except orjson.JSONDecodeError:
        return None
    identity = found.get("id") if isinstance(found, dict) else None
    return identity if isinstance(identity, str) else None


def _explain(name: str, explained: Any) -> None:
    step = _step(name)
    for number, line in enumerate(given_lines(), start=1):
        message = decoded(step.reads, _record(line, number))
        lines: Iterable[str] = [f"rejected: {message.detail}"] if isinstance(message, Reject) else explained(message)
        for text in lines:
            click.echo(text)
