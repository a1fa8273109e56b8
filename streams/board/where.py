"""Where the board of this machine listens: left in a file, for who started it in the background."""

from pathlib import Path

from streams.files import write_whole
from streams.scrape import FOLDER
from streams.settings import Settings


def announce_board(settings: Settings, address: str) -> None:
    """Leave word of the address."""
    file = _file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, address)


def forget_board(settings: Settings) -> None:
    """Drop the word of a board that has left, or ran before."""
    _file(settings).unlink(missing_ok=True)


def board_address(settings: Settings) -> str | None:
    """The address of the board, None where none has left word."""
    file = _file(settings)
    return file.read_text() if file.exists() else None


def _file(settings: Settings) -> Path:
    return settings.directory / FOLDER / f"{settings.prefix}board.url"
