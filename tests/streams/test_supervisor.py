"""Workers as processes: started again after whatever end, and stopped together."""

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import WirewatchError
from streams.forked import PR_SET_CHILD_SUBREAPER, adopt_orphans, bury_others, control_process
from streams.settings import Settings
from streams.supervisor import LEAST_PAUSE, MOST_PAUSE, Supervisor, how_ended, pause_after
from streams.worker_process import CONFIGURATION


@pytest.fixture
def worker(tmp_path, monkeypatch):
    """A module that workers run, from its source; it may call ``say(text)``."""

    def build(code):
        said = tmp_path / "said"
        preamble = (
            f"import os, sys\ndef say(text):\n    with open({str(said)!r}, 'a') as file: file.write(text + '\\n')\n"
        )
        (tmp_path / "a_worker.py").write_text(preamble + code)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        return said

    return build


@pytest.fixture
def supervise():
    """A supervisor of ``a_worker``, stopped after the test."""
    made, lines = [], []

    def build(workers=1, **options):
        made.append(Supervisor(Settings(prefix="test."), workers, say=lines.append, module="a_worker", **options))
        made[-1].lines = lines
        return made[-1]

    yield build
    for each in made:
        each.stop()


def ended(supervisor):
    for slot in supervisor.slots:
        slot.process.wait(30)


def test_each_worker_gets_its_slot_and_the_hops_it_is_to_run(worker, supervise):
    said = worker("say(' '.join(sys.argv[1:]))")
    supervisor = supervise(2, only=["dedupe"])
    supervisor.start()
    ended(supervisor)

    assert sorted(said.read_text().splitlines()) == ["0 dedupe", "1 dedupe"]


def test_workers_see_the_settings_that_were_given(worker, supervise):
    said = worker("import os; say(os.environ['WIREWATCH_PREFIX'])")
    supervisor = supervise()
    supervisor.start()
    ended(supervisor)

    assert said.read_text() == "test.\n"


def test_a_worker_that_ended_starts_again_once_its_pause_is_over_and_not_before(worker, supervise):
    worker("sys.exit(1)")
    preparations = []
    supervisor = supervise(before_restart=lambda: preparations.append(1))
    supervisor.start()
    [slot] = supervisor.slots
    ended(supervisor)
    supervisor.look()

    assert slot.process is None
    assert slot.pause == LEAST_PAUSE
    assert "exit code 1" in supervisor.lines[0]
    slot.due = float("inf")
    supervisor.look()
    assert slot.process is None
    slot.due = 0
    supervisor.look()
    assert slot.process is not None
    assert preparations == [1]
    ended(supervisor)


def test_a_running_worker_is_left_alone(worker, supervise):
    worker("import signal; signal.pause()")
    supervisor = supervise()
    supervisor.start()
    first = supervisor.slots[0].process
    supervisor.look()

    assert supervisor.slots[0].process is first
    assert supervisor.lines == []


SPARE_WORKER = """
import signal
slot = sys.stdin.readline().strip() if sys.argv[1] == 'spare' else sys.argv[1]
say(f'{slot} as {sys.argv[1]}') if slot else sys.exit(0)
signal.pause()
"""


@pytest.fixture
def with_spare(worker, supervise, monkeypatch):
    """A supervisor of one worker whose spare is there, and the file with what workers said."""
    monkeypatch.setattr("streams.supervisor.SPARE_SECONDS", 0.0)
    monkeypatch.setattr("streams.supervisor.adopt_orphans", lambda: False)
    said = worker(SPARE_WORKER)
    supervisor = supervise(spare=True)
    supervisor.start()
    while not (said.exists() and said.read_text() == "0 as 0\n"):
        assert supervisor.slots[0].process.poll() is None
    supervisor.look()
    return supervisor, said


def test_a_spare_takes_the_place_of_the_worker_that_ended(with_spare):
    supervisor, said = with_spare
    [slot] = supervisor.slots
    spare = supervisor.spare.process
    slot.process.kill()
    slot.process.wait(30)
    slot.started -= 60
    supervisor.look()

    assert slot.process is spare
    while said.read_text() != "0 as 0\n0 as spare\n":
        assert spare.poll() is None
    supervisor.look()
    assert supervisor.spare.process not in (None, spare)


def test_without_a_spare_that_lives_a_worker_is_started_as_ever(with_spare):
    supervisor, said = with_spare
    [slot] = supervisor.slots
    for process in (supervisor.spare.process, slot.process):
        process.kill()
        process.wait(30)
    slot.started -= 60
    supervisor.look()

    while said.read_text() != "0 as 0\n0 as 0\n":
        assert slot.process.poll() is None


def test_a_spare_that_ends_by_itself_is_not_started_again_at_once(with_spare):
    supervisor, _ = with_spare
    spare = supervisor.spare.process
    supervisor.spare.stop()
    spare.wait(30)
    supervisor.look()

    assert supervisor.spare.process is spare


def test_no_spare_is_started_while_a_worker_still_starts(worker, supervise, monkeypatch):
    monkeypatch.setattr("streams.supervisor.adopt_orphans", lambda: False)
    worker(SPARE_WORKER)
    supervisor = supervise(spare=True)
    supervisor.start()
    supervisor.look()

    assert supervisor.spare.process is None


def test_stopping_ends_the_spare_too(with_spare):
    supervisor, _ = with_spare
    supervisor.stop()

    assert supervisor.spare.process.poll() is not None


FORKING_WORKER = """
import signal
from streams.worker_process import slot_given
class Nothing:
    until = staticmethod(lambda told: told())
def fork(original=os.fork):
    if os.path.exists(os.path.join(os.environ['PYTHONPATH'], 'full')):
        raise BlockingIOError
    return original()
os.fork = fork
slot = sys.argv[1] if sys.argv[1] != 'spare' else slot_given(Nothing()).strip()
if not slot:
    sys.exit(0)
say(f'{slot} {os.getpid()} of {os.getppid()} in {os.getsid(0)} reads {os.readlink("/proc/self/fd/0")}')
signal.pause()
"""
ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="orphans are adopted on Linux only")


@pytest.fixture
def with_forking_spare(worker, supervise, monkeypatch):
    """A supervisor of one worker whose spare is there, and what gives the next line that a worker says."""
    monkeypatch.setattr("streams.supervisor.SPARE_SECONDS", 0.0)
    said = worker(FORKING_WORKER)
    supervisor = supervise(spare=True)
    supervisor.start()

    def line(number):
        while not (said.exists() and len(lines := said.read_text().splitlines()) > number):
            assert supervisor.slots[0].process.poll() is None
        return lines[number]

    line(0)
    supervisor.look()
    while not supervisor.spare._is_ready():
        assert supervisor.spare.process.poll() is None
    yield supervisor, line
    control_process(PR_SET_CHILD_SUBREAPER, 0)


def killed(supervisor):
    [slot] = supervisor.slots
    slot.process.kill()
    code = slot.process.wait(30)
    slot.started -= 60
    supervisor.look()
    return code


@ON_LINUX
def test_each_worker_that_was_killed_is_followed_by_a_fork_of_the_same_spare(with_forking_spare):
    supervisor, line = with_forking_spare
    spare, [slot] = supervisor.spare.process, supervisor.slots
    forks = []
    for number in (1, 2):
        assert killed(supervisor) == -signal.SIGKILL
        forks.append(pid := slot.process.pid)
        assert line(number) == f"0 {pid} of {os.getpid()} in {pid} reads /dev/null"

    assert len({spare.pid, *forks}) == 3
    assert supervisor.spare.process is spare
    assert spare.poll() is None


@ON_LINUX
def test_a_spare_that_cannot_fork_becomes_the_worker(with_forking_spare, tmp_path):
    supervisor, line = with_forking_spare
    spare = supervisor.spare.process
    (tmp_path / "full").touch()
    killed(supervisor)

    assert supervisor.slots[0].process.pid == spare.pid
    assert line(1).startswith(f"0 {spare.pid} of {os.getpid()} ")
    supervisor.spare.stop()
    killed(supervisor)
    assert line(2).startswith(f"0 {supervisor.slots[0].process.pid} of {os.getpid()} ")


@ON_LINUX
def test_a_spare_that_does_not_answer_is_ended_and_the_worker_started_as_ever(with_forking_spare):
    supervisor, line = with_forking_spare
    spare = supervisor.spare.process
    supervisor.spare._words.settimeout(0.01)
    spare.send_signal(signal.SIGSTOP)
    killed(supervisor)

    assert spare.wait(30) == -signal.SIGKILL
    assert line(1).startswith(f"0 {supervisor.slots[0].process.pid} of {os.getpid()} ")


@ON_LINUX
def test_a_spare_that_still_loads_becomes_the_worker_and_keeps_nobody_waiting(with_forking_spare):
    supervisor, line = with_forking_spare
    supervisor.spare.stop()
    supervisor.spare.process.wait(30)
    supervisor.spare._due = 0.0
    supervisor.look()
    spare = supervisor.spare.process
    spare.send_signal(signal.SIGSTOP)  # before it can say anything
    killed(supervisor)
    spare.send_signal(signal.SIGCONT)

    assert supervisor.slots[0].process is spare
    assert line(1).startswith(f"0 {spare.pid} of {os.getpid()} ")


@ON_LINUX
def test_stopping_ends_forked_workers_too(with_forking_spare):
    supervisor, line = with_forking_spare
    killed(supervisor)
    line(1)
    supervisor.stop()

    assert supervisor.slots[0].process.returncode == -signal.SIGTERM


@ON_LINUX
def test_what_a_worker_that_died_has_left_behind_is_let_go_of(worker, supervise):
    said = worker("pid = os.fork()\nsay(str(os.getpid())) if not pid else sys.exit(0)")
    assert adopt_orphans()
    supervisor = supervise()
    supervisor.start()
    ended(supervisor)
    while not said.exists() or not said.read_text().endswith("\n"):
        pass
    orphan = int(said.read_text())
    while Path(f"/proc/{orphan}").exists():
        bury_others(supervisor.pids())
    control_process(PR_SET_CHILD_SUBREAPER, 0)

    assert supervisor.slots[0].process.returncode == 0


def test_workers_that_load_before_the_start_take_their_slots_at_it(worker, supervise):
    said = worker(SPARE_WORKER)
    supervisor = supervise(2)
    supervisor.load()

    assert [slot.process for slot in supervisor.slots] == [None, None]
    supervisor.start()
    while not (said.exists() and len(said.read_text().splitlines()) == 2):
        assert all(slot.process.poll() is None for slot in supervisor.slots)
    assert sorted(said.read_text().splitlines()) == ["0 as spare", "1 as spare"]


def test_workers_that_were_loaded_and_never_started_end_with_their_supervisor(worker, supervise):
    started = worker(f"say('loading')\n{SPARE_WORKER}")
    supervisor = supervise()
    supervisor.load()
    while not started.exists():
        pass
    [loading] = [each.process for each in supervisor._loading]
    supervisor.stop()

    assert loading.poll() is not None


def test_a_setting_that_cannot_be_used_is_said_and_not_tried_again(worker, supervise):
    worker(f"sys.exit({CONFIGURATION})")
    supervisor = supervise()
    supervisor.start()
    ended(supervisor)

    with pytest.raises(WirewatchError, match="worker 0 cannot run as it is set"):
        supervisor.look()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
def test_stopping_asks_each_worker_to_leave(worker, supervise):
    said = worker(
        "import os, signal\n"
        "def leave(*_):\n    say('left'); os._exit(0)\n"
        "signal.signal(signal.SIGTERM, leave)\nsignal.pause()"
    )
    supervisor = supervise(2)
    supervisor.start()
    while not all(_has_set(slot.process.pid, "SigCgt") for slot in supervisor.slots):
        assert all(slot.process.poll() is None for slot in supervisor.slots)
    supervisor.stop()

    assert said.read_text() == "left\nleft\n"
    assert [slot.process.returncode for slot in supervisor.slots] == [0, 0]


def _has_set(pid, signals):
    """Whether a process has said what it does on SIGTERM: ``SigCgt`` for a handler, ``SigIgn`` for nothing."""
    status = Path(f"/proc/{pid}/status").read_text()
    [mask] = [line.split()[1] for line in status.splitlines() if line.startswith(signals)]
    return bool(int(mask, 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
def test_a_worker_that_does_not_leave_is_killed(worker, supervise, monkeypatch):
    monkeypatch.setattr("streams.supervisor.STOP_SECONDS", 0.2)
    worker("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()")
    supervisor = supervise()
    supervisor.start()
    pid = supervisor.slots[0].process.pid
    while not _has_set(pid, "SigIgn"):
        assert supervisor.slots[0].process.poll() is None
    supervisor.stop()

    assert supervisor.slots[0].process.returncode == -signal.SIGKILL


def test_stopping_what_never_started_is_no_trouble(supervise):
    supervise(2).stop()


@given(st.floats(0, 100), st.floats(0, 1e6), st.integers(-64, 255))
def test_no_pause_is_longer_than_the_longest_and_none_that_may_spin_is_nothing(last, lived, code):
    pause = pause_after(last, lived, code)

    assert 0 <= pause <= MOST_PAUSE
    assert pause >= LEAST_PAUSE or lived > 1


def test_the_pause_grows_while_a_worker_keeps_ending_by_itself():
    pauses = [0.0]
    while pauses[-1] < MOST_PAUSE:
        pauses.append(pause_after(pauses[-1], 2.0, 1))
        assert pauses[-1] > pauses[-2]


@pytest.mark.parametrize(("lived", "code"), [(11.0, 1), (3.0, -signal.SIGKILL), (3.0, 0)])
def test_one_that_did_its_work_or_was_killed_starts_at_once(lived, code):
    assert pause_after(8.0, lived, code) == 0.0


@given(st.integers(-128, 255))
def test_any_exit_code_can_be_told(code):
    assert str(abs(code)) in how_ended(code)


def test_known_endings_say_what_they_mean():
    assert "out of memory" in how_ended(-signal.SIGKILL)
    assert "loop stood still" in how_ended(-signal.SIGALRM)
