"""``wirewatch up`` on workers that end, and on a home that cannot be written."""

import errno
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from streams import scrape
from streams.board.where import announce_board
from streams.commands import up as module
from streams.settings import Settings


@pytest.fixture
def up(monkeypatch, tmp_path):
    """The command, with a program of a test's own in place of the workers."""
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WIREWATCH_BROKER", "127.0.0.1:1")

    started = []

    def run(program):
        def start(_command, **options):
            started.append(subprocess.Popen([sys.executable, "-c", program], **options))
            return started[-1]

        monkeypatch.setattr(module, "subprocess", SimpleNamespace(Popen=start, DEVNULL=subprocess.DEVNULL))
        return CliRunner().invoke(module.up)

    run.processes = started
    yield run
    for process in started:
        process.kill()
        process.wait()


def test_workers_that_end_at_once_are_not_up(up):
    result = up("raise SystemExit('Error: worker 0 cannot run as it is set')")

    assert "the workers ended: worker 0 cannot run as it is set; their log is" in str(result.exception)


def test_workers_that_serve_are_up(up, monkeypatch):
    monkeypatch.setattr(scrape, "urls", lambda *_: ["http://127.0.0.1:1/metrics"])
    monkeypatch.setattr(scrape, "ready", lambda _: True)

    result = up("import time; time.sleep(60)")

    assert result.output.startswith("up on 127.0.0.1:1 with 1 worker; ")


def test_the_board_of_this_start_is_told_and_none_of_an_earlier_one(up, monkeypatch, tmp_path):
    announce_board(Settings(home=tmp_path / "home"), "http://127.0.0.1:1/of-an-earlier-one")
    monkeypatch.setattr(module, "_becomes_ready", lambda *_: True)
    assert "the board is on" not in up("import time; time.sleep(60)").output

    scrape.forget(tmp_path / "home", "")
    (tmp_path / "home" / "run.pid").unlink()

    def serves(_process, chosen, *_):
        announce_board(chosen, "http://127.0.0.1:2/")
        return True

    monkeypatch.setattr(module, "_becomes_ready", serves)
    assert up("import time; time.sleep(60)").output.endswith("the board is on http://127.0.0.1:2/\n")


def test_a_home_that_cannot_be_written_is_said(up, tmp_path):
    (tmp_path / "home").write_text("a file where the directory should be")

    assert "expected to write to" in str(up("").exception)


def test_a_stranger_at_the_address_of_a_worker_that_is_gone_does_not_make_it_up(up, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "READY_SECONDS", 0.3)
    monkeypatch.setattr(scrape, "ready", lambda _: True)
    scrape.announce(tmp_path / "home", "", 0, "http://127.0.0.1:1/metrics")

    result = up("import time; time.sleep(60)")

    assert result.output.startswith("starting, not ready yet, on 127.0.0.1:1 with 1 worker; ")


def test_of_two_at_once_the_second_finds_the_workers_of_the_first(up, monkeypatch, tmp_path):
    """The first is stopped short of noting its workers down, as it is for seconds while a broker starts."""
    noting, may_note, first = threading.Event(), threading.Event(), module.remember

    def slow(*given):
        noting.set()
        assert may_note.wait(10)
        first(*given)

    monkeypatch.setattr(module, "remember", slow)
    monkeypatch.setattr(module, "_becomes_ready", lambda *_: True)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(up, "import time; time.sleep(60)")
        assert noting.wait(10)
        other = pool.submit(module.up.callback, 1)
        with pytest.raises(TimeoutError):
            other.result(timeout=0.3)
        may_note.set()
        assert one.result().exit_code == 0
        other.result()
    assert len(up.processes) == 1


def test_workers_that_cannot_be_noted_down_do_not_go_on(up, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "run.pid")

    monkeypatch.setattr(module, "remember", full)

    result = up("import time; time.sleep(60)")

    assert "No space left on device" in str(result.exception)
    assert up.processes[0].wait(10) == -signal.SIGTERM


def test_workers_that_do_not_stop_are_told_and_not_forgotten(monkeypatch, tmp_path):
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path))
    monkeypatch.setattr(module, "STOP_SECONDS", 0.0)
    ready = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", ready], stdout=subprocess.PIPE)
    process.stdout.readline()
    module.remember(module.Identity(process.pid, module.start_of(process.pid)), tmp_path / "run.pid")
    try:
        done = CliRunner().invoke(module.down)
    finally:
        process.kill()
        process.communicate()

    assert f"process {process.pid} was told to stop and still runs after 0 s" in str(done.exception)
    assert (tmp_path / "run.pid").exists()
