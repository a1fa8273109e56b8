"""``wirewatch up`` on workers that end, and on a home that cannot be written."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from streams import scrape
from streams.commands import up as module


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

    yield run
    for process in started:
        process.wait()


def test_workers_that_end_at_once_are_not_up(up):
    result = up("raise SystemExit('Error: worker 0 cannot run as it is set')")

    assert "the workers ended: worker 0 cannot run as it is set; their log is" in str(result.exception)


def test_workers_that_serve_are_up(up, monkeypatch):
    monkeypatch.setattr(scrape, "urls", lambda *_: ["http://127.0.0.1:1/metrics"])
    monkeypatch.setattr(scrape, "ready", lambda _: True)

    result = up("import time; time.sleep(0.5)")

    assert result.output.startswith("up on 127.0.0.1:1 with 1 worker; ")


def test_a_home_that_cannot_be_written_is_said(up, tmp_path):
    (tmp_path / "home").write_text("a file where the directory should be")

    assert "expected to write to" in str(up("").exception)
