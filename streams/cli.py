"""``wirewatch``: the command line. A command's code is loaded when it is called."""

import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from streams.entry import INTERRUPTED
from streams.errors import WirewatchError
from streams.groups import Group

COMMANDS = {
    "bench": "streams.commands.bench:bench",
    "board": "streams.commands.board:board",
    "broker": "streams.commands.broker:broker",
    "config": "streams.commands.config:config",
    "deliver": "streams.commands.deliver:deliver",
    "demo": "streams.commands.demo:demo",
    "doctor": "streams.commands.doctor:doctor",
    "down": "streams.commands.up:down",
    "faults": "streams.commands.faults:faults",
    "explain": "streams.commands.explain:explain",
    "feeds": "streams.commands.feeds:feeds",
    "ingest": "streams.commands.ingest:ingest",
    "publish": "streams.commands.publish:publish",
    "rejected": "streams.commands.rejected:rejected",
    "rules": "streams.commands.rules:rules",
    "run": "streams.commands.run:run",
    "schema": "streams.commands.schema:schema",
    "silences": "streams.commands.silences:silences",
    "stage": "streams.commands.stage:stage",
    "stories": "streams.commands.stories:stories",
    "tail": "streams.commands.tail:tail",
    "top": "streams.commands.top:top",
    "topics": "streams.commands.topics:topics",
    "trace": "streams.commands.trace:trace",
    "up": "streams.commands.up:up",
}
EXIT_CODES = """
Exit codes: 0 done; 1 not done, the last line says why; 2 the call's words are off; 130 ended by Ctrl-C.
"""


class Lazy(Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except WirewatchError as error:
            raise click.ClickException(str(error)) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("WIREWATCH_LOG_LEVEL") == "debug":
                raise
            raise click.ClickException(_unforeseen(error)) from error


def _unforeseen(error: Exception) -> str:
    """One line for what no command foresaw."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    said = " ".join(str(error).split()) or "no more is said"
    return f"{type(error).__name__}: {said} (WIREWATCH_LOG_LEVEL=debug shows where)"


@click.group(cls=Lazy, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wirewatch", prog_name="wirewatch")
def wirewatch() -> None:
    """News from feed to alert, with the evidence attached and every article accounted for."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a closed pipe and Ctrl-C end it without a word."""
    # what kafka-python logs is told in one line by whoever asked
    logging.getLogger("kafka").addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # news is in all scripts, and a terminal may know only one
            stream.reconfigure(errors="backslashreplace")
    try:
        code = wirewatch.main(arguments, "wirewatch", standalone_mode=False, color=_colour())
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(INTERRUPTED)
    except Exception as error:  # before any command is called: help that cannot be printed
        sys.exit(f"Error: {_unforeseen(error)}")


def _colour() -> bool | None:
    """False where the user wants none or the terminal has none; None: on a terminal."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


if __name__ == "__main__":
    main()
