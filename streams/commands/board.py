"""``wirewatch board``: stories and alerts as they come, in a browser."""

import asyncio
import signal
import time

import click
from aiohttp import web

from streams.board.board import Board
from streams.board.follow import Follower
from streams.board.server import BoardServer
from streams.board.where import announce_board, forget_board
from streams.commands import configured
from streams.commands.since import Since
from streams.errors import ConfigurationError
from streams.settings import Settings

DAY = 86400.0
EVERYWHERE = ("0.0.0.0", "::")


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Default: WIREWATCH_BOARD_PORT.")
@click.option("--since", type=Since(), help="Begin with what is at most 30m, 2h, 7d old, or `all`. Default: 24h.")
def board(port: int | None, since: float | None) -> None:
    """Show stories and alerts as they come, in a browser.

    Until Ctrl-C or SIGTERM. It reads topics and changes nothing; a broker that is away is waited for.
    """
    chosen = configured()
    begin = time.time() - DAY if since is None else since
    asyncio.run(_serve(chosen, chosen.board_port if port is None else port, begin))


async def _serve(chosen: Settings, port: int, since: float) -> None:
    shown = Board()
    follower = Follower(chosen, shown, since)
    server = BoardServer(shown, lambda: follower.status, chosen.board_names)
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        address = await _listen(runner, chosen.board_host, port)
        announce_board(chosen, address)
        click.echo(f"the board is on {address}", err=True)
        follower.start()
        await _told_to_stop()
    finally:
        forget_board(chosen)
        follower.stop()
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> str:
    """Listen on the port, or any free one where it is taken; the address for a browser.

    ConfigurationError where the host is no address of this machine.
    """
    for wanted in (port, 0):
        try:
            await web.TCPSite(runner, host, wanted).start()
            return f"http://{_name(host)}:{runner.addresses[0][1]}/"
        except OSError as error:
            problem = error.strerror or str(error)
    raise ConfigurationError(f"WIREWATCH_BOARD_HOST: expected an address of this machine, found {host} ({problem})")


def _name(host: str) -> str:
    """What a browser on this machine calls an address that is listened on."""
    if host in EVERYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


async def _told_to_stop() -> None:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()
