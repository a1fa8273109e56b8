"""How a worker's process ends when it cannot begin."""

import errno
import os

import pytest

from streams.worker_process import CONFIGURATION, run_as_process


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, 1), (errno.EROFS, CONFIGURATION), (errno.EACCES, CONFIGURATION)]
)
def test_a_home_that_cannot_be_written_is_one_line_and_one_without_room_is_tried_again(capsys, number, code):
    def run():
        raise OSError(number, os.strerror(number), "/data/wirewatch/journal")

    with pytest.raises(SystemExit) as ended:
        run_as_process(run)

    assert ended.value.code == code
    said = capsys.readouterr().err
    assert said.startswith(f"Error: expected to write to /data/wirewatch/journal, found: {os.strerror(number)}; ")
    assert said.count("\n") == 1


def test_an_error_that_is_of_no_file_is_not_hidden():
    def run():
        raise OSError(errno.EINVAL, "what is this")

    with pytest.raises(OSError, match="what is this"):
        run_as_process(run)
