"""What `wirewatch doctor` finds without a broker; with one: tests/integration/test_commands.py."""

import json
import shutil
from collections import namedtuple

import pytest
from click.testing import CliRunner

from streams import doctor
from streams.commands import doctor as module
from streams.commands.doctor import doctor as command
from streams.doctor import Level, examine
from streams.settings import Settings

NOWHERE = "127.0.0.1:1"


@pytest.fixture
def found(tmp_path):
    def of(**settings):
        chosen = Settings(broker=NOWHERE, home=tmp_path, **settings)
        return {finding.piece: finding for finding in examine(chosen)}

    return of


def test_without_a_broker_that_is_said_and_nothing_behind_it_is_asked_about(found):
    findings = found()

    assert findings["broker"].level is Level.FAULT
    assert "nothing that listens" in findings["broker"].told
    assert list(findings)[-1] == "broker"


def test_what_is_not_used_is_not_spoken_of(found):
    assert not {"java", "tables", "sinks"} & set(found())


def test_a_broken_table_and_a_broken_file_of_sinks_are_faults_and_the_rest_is_looked_at_all_the_same(found, tmp_path):
    table, sinks = tmp_path / "my.tsv", tmp_path / "sinks.yaml"
    table.write_text("Alpha\n")
    sinks.write_text("sinks: [")

    findings = found(entities=(table,), sinks=sinks)

    assert findings["tables"].level is findings["sinks"].level is Level.FAULT
    assert findings["tables"].told.startswith("WIREWATCH_ENTITIES: my.tsv:1:")
    assert f"{sinks} is not YAML" in findings["sinks"].told
    assert "broker" in findings


def test_a_sink_whose_secret_is_not_there_is_a_fault(found, tmp_path):
    sinks = tmp_path / "sinks.yaml"
    sinks.write_text("sinks: {desk: {type: slack, url: 'env:NO_SUCH_VARIABLE'}, log: {type: stdout}}")

    finding = found(sinks=sinks)["sinks"]

    assert finding.level is Level.FAULT
    assert finding.told == "desk: expected a secret in the environment as NO_SUCH_VARIABLE, found none"


def test_a_table_and_sinks_that_can_be_used_are_counted_and_named(found, tmp_path):
    table, sinks = tmp_path / "my.tsv", tmp_path / "sinks.yaml"
    table.write_text("Alpha Brigade\t\tARMED_GROUP\n")
    sinks.write_text("sinks: {desk: {type: stdout}}")

    findings = found(entities=(table,), sinks=sinks)

    assert (findings["tables"].told, findings["sinks"].told) == ("1 entity of your own", "desk")


@pytest.mark.parametrize(("megabytes", "level"), [(100, Level.FAULT), (500, Level.NOTE), (5000, Level.OK)])
def test_a_disk_is_judged_by_what_the_broker_needs(found, monkeypatch, megabytes, level):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage(0, 0, megabytes << 20))

    assert found()["disk"].level is level


def test_a_home_that_is_not_made_yet_is_measured_where_it_will_be(tmp_path):
    disk = next(f for f in examine(Settings(broker=NOWHERE, home=tmp_path / "new" / "home")) if f.piece == "disk")

    assert disk.told.endswith(f" in {tmp_path}")


def test_java_is_looked_for_where_the_broker_would_be_started_here(tmp_path):
    chosen = Settings(broker=NOWHERE, home=tmp_path, java=str(tmp_path / "no-java"))

    java = next(finding for finding in examine(chosen, java_needed=True) if finding.piece == "java")

    assert java.level is Level.FAULT
    assert "the broker needs Java 17" in java.told


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_fault_gives_exit_code_1_in_words_and_in_json(monkeypatch, tmp_path, words):
    monkeypatch.setenv("WIREWATCH_BROKER", NOWHERE)
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path))

    result = CliRunner().invoke(command, words)

    assert result.exit_code == 1
    last = result.stdout.splitlines()[-1]
    if words:
        assert (json.loads(last)["piece"], json.loads(last)["level"]) == ("broker", "fault")
    else:
        assert last.startswith("fault broker   expected a Kafka broker at 127.0.0.1:1")
    assert shutil.which("java") is None or "java" not in result.stdout


def test_the_workers_of_a_demo_that_runs_are_looked_at(demo_home, monkeypatch):
    homes = []
    monkeypatch.setattr(module, "examine", lambda chosen, **_: homes.append(chosen.directory) or [])

    CliRunner().invoke(command, [])

    assert homes == [demo_home]


def test_a_home_that_cannot_be_written_is_a_fault_whatever_room_it_has(found, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.os, "access", lambda folder, _how: folder != tmp_path)

    finding = found()["disk"]

    assert finding.level is Level.FAULT
    assert finding.told == f"{tmp_path} cannot be written; make it writable, or set WIREWATCH_HOME elsewhere"
