"""``wirewatch up`` and ``down``: broker and workers that stay."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from streams.board.where import board_address, forget_board
from streams.broker import LocalBroker, running_broker
from streams.broker.node import tail
from streams.broker.process import Identity, recall, remember, start_of, wait_until
from streams.commands.alone import alone
from streams.errors import WirewatchError
from streams.scrape import all_ready, forget
from streams.settings import Settings, settings
from streams.supervisor import environment_of

STOP_SECONDS = 15.0
READY_SECONDS = 30.0
LOCK = "up.lock"
"""A second `up` or `down` waits for the first: it would start, or leave, workers of its own."""


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
def up(workers: int) -> None:
    """Start the local broker, workers, a poller of feeds and the board in the background.

    Where WIREWATCH_BROKER names a broker, all but that. Returns when they serve, or says why they do not.
    """
    chosen = settings()
    home = chosen.directory
    with alone(home, LOCK):
        running = recall(_pid_file(home))
        if running is not None and running.is_running():
            click.echo(f"already up (process {running.pid}); `wirewatch down` stops it", err=True)
            return
        if not chosen.broker:
            address = LocalBroker(home, java=chosen.java, say=lambda line: click.echo(line, err=True)).start()
            chosen = chosen.model_copy(update={"broker": address})
        process = _started(chosen, workers, log := home / "run.log")
    state = "up" if _becomes_ready(process, chosen, workers, log) else "starting, not ready yet,"
    click.echo(
        f"{state} on {chosen.broker} with {workers} worker{'s' * (workers > 1)}; log {log}; `wirewatch down` stops it"
    )
    if board := board_address(chosen):
        click.echo(f"the board is on {board}")


def _started(chosen: Settings, workers: int, log: Path) -> "subprocess.Popen[bytes]":
    """The workers' supervisor, in the background and noted down."""
    forget(chosen.directory, chosen.prefix)
    forget_board(chosen)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", "run", "--feeds", "--board", "--workers", str(workers)],
            env=environment_of(chosen), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        remember(Identity(process.pid, start_of(process.pid)), _pid_file(chosen.directory))
    except OSError:  # `down` would not know of it
        process.terminate()
        raise
    return process


def _becomes_ready(process: "subprocess.Popen[bytes]", chosen: Settings, workers: int, log: Path) -> bool:
    """Whether the workers serve in time; WirewatchError with the last line of the log where they have ended."""

    def serve() -> bool:
        if process.poll() is not None:
            said = tail(log, 1) or ["nothing"]
            raise WirewatchError(f"the workers ended: {said[0].removeprefix('Error: ')}; their log is {log}")
        return all_ready(chosen.directory, chosen.prefix, workers)

    return wait_until(serve, READY_SECONDS, pause=0.2)


@click.command()
def down() -> None:
    """Stop what `up` started; topics and messages stay."""
    home = settings().directory
    with alone(home, LOCK):
        running = recall(_pid_file(home))
        if running is not None and running.is_running():
            os.kill(running.pid, signal.SIGTERM)
            if not wait_until(lambda: not running.is_running(), STOP_SECONDS, pause=0.1):
                raise WirewatchError(
                    f"process {running.pid} was told to stop and still runs after {STOP_SECONDS:g} s; "
                    "`wirewatch down` again waits on"
                )
        broker = running_broker(home)
        if broker is not None:
            broker.stop()
        _pid_file(home).unlink(missing_ok=True)
    click.echo(f"down; the data stays in {home}")


def _pid_file(home: Path) -> Path:
    return home / "run.pid"
