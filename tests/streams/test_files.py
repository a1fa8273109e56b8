"""Files that others read while they are written."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from streams.files import write_whole


def test_a_disk_without_room_is_said_with_the_name_of_the_file(tmp_path, monkeypatch):
    def fails(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", fails)

    with pytest.raises(OSError, match="No space left") as raised:
        write_whole(tmp_path / "worker-0.url", "http://127.0.0.1:1")

    assert raised.value.filename == str(tmp_path / "worker-0.url")


def test_what_is_written_replaces_what_was_there(tmp_path):
    for text in ("first", "second"):
        write_whole(tmp_path / "file", text)

    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("file", "second")]


def test_of_two_processes_that_write_a_file_at_once_neither_fails(tmp_path, monkeypatch):
    file, replace = tmp_path / "worker-0.url", os.replace
    program = "import sys; from pathlib import Path; from streams.files import write_whole; "
    other = [sys.executable, "-c", program + "write_whole(Path(sys.argv[1]), 'theirs')", str(file)]

    def second(source, target):
        subprocess.run(other, check=True)
        assert file.read_text() == "theirs"
        replace(source, target)

    monkeypatch.setattr("streams.files.os.replace", second)
    write_whole(file, "ours")

    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("worker-0.url", "ours")]
