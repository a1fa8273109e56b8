"""``wirewatch up`` and ``down``: broker and workers that stay."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from streams.broker import LocalBroker, running_broker
from streams.broker.process import Identity, recall, remember, start_of
from streams.settings import settings
from streams.supervisor import environment_of

STOP_SECONDS = 15.0


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def up(workers: int) -> None:
    """Start the local broker, unless WIREWATCH_BROKER names one, and workers in the background."""
    home = settings().directory
    running = recall(_pid_file(home))
    if running is not None and running.is_running():
        click.echo(f"already up (process {running.pid}); `wirewatch down` stops it", err=True)
        return
    chosen = settings()
    if not chosen.broker:
        address = LocalBroker(home, java=chosen.java, say=lambda line: click.echo(line, err=True)).start()
        chosen = chosen.model_copy(update={"broker": address})
    log = home / "run.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", "run", "--workers", str(workers)],
            env=environment_of(chosen), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    remember(Identity(process.pid, start_of(process.pid)), _pid_file(home))
    click.echo(
        f"up on {chosen.broker} with {workers} worker{'s' * (workers > 1)}; log {log}; `wirewatch down` stops it"
    )


@click.command()
def down() -> None:
    """Stop what `up` started; topics and messages stay."""
    home = settings().directory
    running = recall(_pid_file(home))
    if running is not None and running.is_running():
        os.kill(running.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while running.is_running() and time.monotonic() < deadline:
            time.sleep(0.1)
    broker = running_broker(home)
    if broker is not None:
        broker.stop()
    _pid_file(home).unlink(missing_ok=True)
    click.echo(f"down; the data stays in {home}")


def _pid_file(home: Path) -> Path:
    return home / "run.pid"
