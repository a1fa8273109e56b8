import json
import os
import signal
import socket
import subprocess
import sys
import tomllib

import click
import pytest
from click.testing import CliRunner

from streams.cli import COMMANDS, main
from streams.cli import wirewatch as cli


@pytest.fixture
def wirewatch(tmp_path):
    def run(*words, stdin=b"", closed=False, **environment):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
        command = [sys.executable, "-m", "streams.cli", *words]
        return subprocess.run(
            ["sh", "-c", 'exec "$@" <&-', "sh", *command] if closed else command,
            input=stdin, capture_output=True, timeout=60, check=False,
            env={**clean, "WIREWATCH_HOME": str(tmp_path), **environment},
        )  # fmt: skip

    return run


def lines(output: bytes) -> list[dict]:
    return [json.loads(line) for line in output.splitlines()]


def test_the_stages_as_filters_make_the_whole_pipeline(wirewatch, root):
    articles = [
        json.dumps({"id": "a", "text": "Troops to leave\n\nThe army will withdraw its troops from the base in May."}),
        json.dumps(
            {"id": "b", "text": "Budget agreed\n\nThe council agreed on a budget for the coming year on Monday."}
        ),
    ]
    out = "\n".join(articles).encode()
    for stage in ("clean", "tag", "dedupe"):
        done = wirewatch("stage", stage, stdin=out)
        assert done.returncode == 0, done.stderr.decode()
        out = done.stdout
        assert [line["id"] for line in lines(out)] == ["a", "b"]
    done = wirewatch("stage", "alert", "--rules", str(root / "seeds" / "rules" / "troop-withdrawal.yaml"), stdin=out)

    [alert] = lines(done.stdout)
    assert (alert["id"], alert["rule"]) == ("a", "troop-withdrawal")
    assert {"line": 2, "id": "b", "stage": "alert", "outcome": "dropped", "reason": "no_match"}.items() <= lines(
        done.stderr
    )[0].items()


@pytest.mark.parametrize("stage", ["tag", "dedupe"])
def test_a_filter_needs_only_id_title_and_body(wirewatch, stage):
    done = wirewatch("stage", stage, stdin=b'{"id": "a", "title": null, "body": "The council met in Lima."}')

    assert [line["id"] for line in lines(done.stdout)] == ["a"]


LOADED_BY_A_FILTER = """
import sys
from streams.cli import main
try:
    main(["stage", sys.argv[1]])
finally:
    print(*sorted({"aiokafka", "faust", "kafka"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("stage", ["clean", "tag", "dedupe", "alert"])
def test_a_filter_loads_no_client_of_kafka(stage, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LOADED_BY_A_FILTER, stage], input=b"", capture_output=True, timeout=60, check=False,
        env={**os.environ, "WIREWATCH_HOME": str(tmp_path)},
    )  # fmt: skip

    assert (done.returncode, done.stderr.strip()) == (0, b"")


def test_what_a_filter_cannot_use_goes_to_standard_error_and_its_neighbours_through(wirewatch):
    nested = b"[" * 10_000
    bad = [b"nonsense", b"\xff\xfe", b'{"id": 7}', nested, b'{"id": "x", "text": "\\ud800"}', b'{"id":"y","text":NaN}']
    good = json.dumps({"id": "good", "text": "The council agreed on a budget for the coming year on Monday."}).encode()

    done = wirewatch("stage", "clean", stdin=b"\n".join([*bad, good]))

    assert [line["id"] for line in lines(done.stdout)] == ["good"]
    assert [line["line"] for line in lines(done.stderr)] == [1, 2, 3, 4, 5, 6]
    assert {line["reason"] for line in lines(done.stderr)} <= {"not_json", "invalid"}


def test_a_filter_counts_lines_as_an_editor_does_and_passes_over_blank_ones(wirewatch):
    good = b'{"id": "good", "title": null, "body": "The council met in Lima."}'

    done = wirewatch("stage", "tag", stdin=b"\n  \nnonsense\n\n" + good + b"\n\n[]")

    assert [line["line"] for line in lines(done.stderr)] == [3, 7]
    assert [line["position"] for line in lines(done.stdout)] == ["stdin-0-4"]


def test_every_command_can_be_loaded_and_described(wirewatch):
    done = wirewatch("--help")

    assert done.returncode == 0
    assert all(name in done.stdout.decode() for name in COMMANDS)


def test_a_setting_that_cannot_be_used_is_one_line(wirewatch):
    done = wirewatch("config", "show", WIREWATCH_BATCH="none")

    assert done.returncode == 1
    assert done.stderr.decode().startswith("Error: WIREWATCH_BATCH: ")
    assert len(done.stderr.splitlines()) == 1


def test_what_no_command_foresaw_is_one_line_too(monkeypatch):
    def crash():
        raise ZeroDivisionError("a bug\nof two lines")

    monkeypatch.setitem(COMMANDS, "crash", "streams.cli:crash")
    monkeypatch.setattr("streams.cli.crash", click.command()(crash), raising=False)

    done = CliRunner().invoke(cli, ["crash"])

    assert done.exit_code == 1
    assert done.stderr == "Error: ZeroDivisionError: a bug of two lines (WIREWATCH_LOG_LEVEL=debug shows where)\n"


def test_secrets_are_masked(wirewatch):
    done = wirewatch("config", "show", WIREWATCH_SASL_PASSWORD="s3cret")

    assert b"s3cret" not in done.stdout + done.stderr
    assert b"********" in done.stdout


@pytest.mark.parametrize(
    "words", [("tail", "alerts"), ("publish", "{file}"), ("topics", "list"), ("rejected", "list"), ("rules", "list")]
)
def test_a_broker_that_is_away_is_said_in_one_line(wirewatch, tmp_path, words):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    article = tmp_path / "a.txt"
    article.write_text("The council met.")

    done = wirewatch(*(w.format(file=article) for w in words), WIREWATCH_BROKER=f"127.0.0.1:{port}")

    assert done.returncode == 1
    assert len(done.stderr.decode().strip().splitlines()) == 1
    assert f"127.0.0.1:{port}" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_publish_validates_everything_before_it_sends_anything(wirewatch, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "fine"}\n{"id": "b"}\n')

    done = wirewatch("publish", str(tmp_path / "a.jsonl"), WIREWATCH_BROKER="127.0.0.1:1")

    assert done.returncode == 1
    assert b"a.jsonl:2 is not an article" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "expected --rule or --label"),
        (("--rule", "coup", "--for", "soon"), "expected a span such as 30m, 2h or 7d, at most 3650d, found soon"),
        (("--rule", "coup", "--for", "9999999d"), "at most 3650d, found 9999999d"),
        (("--label", "team"), "expected name=value, found team"),
    ],
)
def test_a_silence_that_says_too_little_is_refused(wirewatch, words, said):
    done = wirewatch("silences", "add", *words)

    assert done.returncode == 2
    assert said in done.stderr.decode()


def test_every_process_gives_the_same_bytes_whatever_its_hashes_of_strings(wirewatch, root):
    samples = [file.read_bytes() for file in sorted((root / "seeds" / "articles").glob("0[1-8]*.json"))]
    given = b"\n".join(json.dumps(json.loads(sample)).encode() for sample in samples)
    for stage in ("clean", "tag", "dedupe", "alert"):
        once, again = (wirewatch("stage", stage, stdin=given, PYTHONHASHSEED=seed).stdout for seed in ("1", "2"))

        assert once
        assert once == again, stage
        given = once


def test_help_that_cannot_be_printed_is_one_line(tmp_path):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "streams.cli", "--help"], stdout=full, stderr=-1, check=False)

    assert done.returncode == 1
    assert done.stderr == b"Error: No space left on device\n"


def test_news_in_a_script_that_the_terminal_does_not_know_is_printed_all_the_same(wirewatch):
    article = json.dumps({"id": "a", "title": "\u0636", "body": "The council met in Lima."}).encode()

    done = wirewatch("stage", "tag", "--explain", stdin=article, PYTHONIOENCODING="latin-1")

    assert done.returncode == 0, done.stderr
    assert b"Lima" in done.stdout


AT_A_TERMINAL = """
import signal
from streams.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background passes over Ctrl-C
print("loaded", flush=True)
main(["stage", "clean"])
"""


def test_ctrl_c_ends_a_command_without_a_word(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", AT_A_TERMINAL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "WIREWATCH_HOME": str(tmp_path)},
    )  # fmt: skip
    try:
        process.stdout.readline()
        process.stdin.write(b'{"id": "a", "text": "The council of Lima agreed on a budget for the year on Monday."}\n')
        process.stdin.flush()
        assert b'"id":"a"' in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)  # with its input still open, as on a terminal
        said = process.communicate()[1]
    finally:
        process.kill()
        process.communicate()

    assert (process.returncode, said.strip()) == (130, b"")


INTERRUPTED_WHILE_LOADING = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)

class Interrupts:
    def find_spec(self, name, *_):
        if name == "{module}":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupts())
from streams.entry import main
sys.argv = ["wirewatch", "config", "show"]
main()
"""


@pytest.mark.parametrize("module", ["streams.cli", "click", "pydantic", "streams.commands.config"])
def test_ctrl_c_while_the_code_is_loaded_ends_a_command_without_a_word(module, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_LOADING.format(module=module)],
        capture_output=True, timeout=60, check=False, env={**os.environ, "WIREWATCH_HOME": str(tmp_path)},
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, b"", b"")


HELP_AND_THREADS = """
import os, sys
from streams.entry import main
sys.argv = ["wirewatch", "-h"]
try:
    main()
finally:
    print(os.environ["OPENBLAS_NUM_THREADS"])
"""


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_a_process_has_one_thread_for_products_of_matrices_unless_told_otherwise(given, threads):
    clean = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", HELP_AND_THREADS], capture_output=True, timeout=60, check=False,
        env={**clean, **given}, text=True,
    )  # fmt: skip

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, threads)


def test_the_installed_command_begins_where_ctrl_c_is_provided_for(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]

    assert project["scripts"] == {"wirewatch": "streams.entry:main"}


@pytest.mark.parametrize(
    "words",
    [("tail", "alerts"), ("trace", "a"), ("rejected", "list"), ("rules", "try", "a"), ("rejected", "replay")],
)
def test_a_span_that_is_none_is_a_fault_of_the_call(wirewatch, words):
    done = wirewatch(*words, "--since", "soon")

    assert done.returncode == 2
    assert b"expected a span such as 30s, 10m, 2h, 7d or all, found 'soon'" in done.stderr


@pytest.mark.parametrize("command", ["list", "replay"])
def test_a_reason_for_which_nothing_is_ever_rejected_is_a_fault_of_the_call(wirewatch, command):
    done = wirewatch("rejected", command, "--reason", "no_txt")

    assert done.returncode == 2
    assert b"'no_txt' is not one of 'not_json', 'invalid'" in done.stderr


def test_the_broker_that_is_named_and_away_is_not_mended_by_starting_one(wirewatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        done = wirewatch("broker", "start", WIREWATCH_BROKER=address)

    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        f"Error: expected a Kafka broker at {address}, found nothing that listens; "
        "correct WIREWATCH_BROKER, or unset it to have a broker started here"
    ]


def test_articles_that_are_none_are_told_by_explain(wirewatch):
    done = wirewatch("rules", "explain", "coup", "-")

    assert (done.returncode, done.stderr) == (0, b"<stdin> holds no articles\n")


@pytest.mark.parametrize("words", [("stage", "clean"), ("stage", "tag", "--explain"), ("publish", "-")])
def test_standard_input_that_is_closed_is_one_line(wirewatch, words):
    done = wirewatch(*words, closed=True)

    assert done.returncode == 1
    assert done.stderr == b"Error: expected JSON Lines on standard input, found it closed\n"


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_is_used_where_none_is_wanted(monkeypatch, capsys, environment):
    monkeypatch.setattr("click._compat.isatty", lambda stream: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setitem(COMMANDS, "paint", "streams.cli:paint")
    monkeypatch.setattr("streams.cli.paint", click.command()(lambda: click.secho("red", fg="red")), raising=False)
    said = []
    for chosen in ({}, environment):
        for name, value in chosen.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit):
            main(["paint"])
        said.append(capsys.readouterr().out)

    assert said == ["\x1b[31mred\x1b[0m\n", "red\n"]
