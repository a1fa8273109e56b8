"""`docker-compose.yml` and the image, read without an engine: well formed, pinned, hardened, in step with the code."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from streams.broker.properties import Ports, server_properties
from streams.cli import COMMANDS
from streams.settings import Settings, unknown_settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
BYTES_AN_ARTICLE = 2000
"""Of a memory, docs/quality/dedupe.md; a third of a worker's memory is for it."""
each_service = pytest.mark.parametrize("name", sorted(SERVICES))


def test_the_file_is_valid_by_the_compose_specification():
    try:
        package = distribution("check-jsonschema")
    except PackageNotFoundError:
        pytest.skip("check-jsonschema is not installed; it brings the schema of the compose specification")
    schema = Path(str(package.locate_file("check_jsonschema/builtin_schemas/vendor/compose-spec.json"))).read_text()

    errors = list(jsonschema.Draft7Validator(json.loads(schema)).iter_errors(COMPOSE))

    assert [error.message for error in errors] == []


@each_service
def test_an_image_is_pinned_to_one_version(name):
    assert re.fullmatch(r"[a-z0-9./-]+:v?\d+\.\d+\.\d+", SERVICES[name]["image"])


def test_kafka_is_the_one_that_the_local_broker_runs():
    assert f"kafka_2.13:{SERVICES['kafka']['image'].partition(':')[2]}" in (
        files("streams") / "data" / "jgo.toml"
    ).read_text(encoding="utf-8")


def test_the_image_of_the_project_carries_its_version():
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)

    assert version is not None
    assert {SERVICES[name]["image"] for name in OURS} == {f"wirewatch:{version[1]}"}


@each_service
def test_a_container_has_no_root_no_capabilities_and_a_read_only_root(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["user"].partition(":")[0]) > 0
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & set(service)


@each_service
def test_a_port_is_published_on_loopback_only(name):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@each_service
def test_memory_and_processes_are_limited(name):
    assert {"mem_limit", "pids_limit"} <= set(SERVICES[name])


@each_service
def test_what_runs_on_has_a_health_check(name):
    assert SERVICES[name]["restart"] == "no" or SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@each_service
def test_a_dependency_exists_and_can_meet_its_condition(name):
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        condition = how["condition"]
        assert condition != "service_healthy" or "healthcheck" in SERVICES[needed]
        assert condition != "service_completed_successfully" or SERVICES[needed]["restart"] == "no"


@each_service
def test_a_volume_is_declared_and_a_file_that_is_mounted_exists_and_is_read_only(name):
    for volume in SERVICES[name].get("volumes", []):
        source, _, target = volume.partition(":")
        if source.startswith("."):
            assert (ROOT / source).exists()
            assert target.endswith(":ro")
        else:
            assert source in COMPOSE["volumes"]


def test_two_workers_wait_for_topics_and_share_neither_name_nor_volume():
    workers = [SERVICES[name] for name in SERVICES if name.startswith("worker-")]

    assert len(workers) == 2
    assert all(worker["depends_on"]["topics"]["condition"] == "service_completed_successfully" for worker in workers)
    assert len({worker["environment"]["WIREWATCH_INSTANCE"] for worker in workers}) == 2
    assert len({tuple(worker["volumes"]) for worker in workers}) == 2


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one_of_the_code_and_has_a_value_it_takes(name, monkeypatch):
    environment = SERVICES[name]["environment"]
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)

    assert unknown_settings(environment) == []
    assert Settings().broker == "kafka:19092"


def test_the_board_is_served_where_it_is_looked_for():
    port, settings = Settings().board_port, SERVICES["board"]["environment"]

    assert SERVICES["board"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert settings["WIREWATCH_BOARD_HOST"] == "0.0.0.0"
    assert f":{port}/live" in SERVICES["board"]["healthcheck"]["test"][-1]


def test_the_articles_that_a_worker_remembers_fit_its_memory():
    worker = SERVICES["worker-1"]

    assert worker["mem_limit"].endswith("m")
    articles = int(worker["environment"]["WIREWATCH_WINDOW_ARTICLES"])
    assert articles * BYTES_AN_ARTICLE <= int(worker["mem_limit"].removesuffix("m")) * 2**20 / 3


@pytest.mark.parametrize("name", OURS)
def test_the_commands_exist(name):
    assert SERVICES[name]["command"][0] in COMMANDS


def test_the_settings_of_kafka_are_those_of_the_local_broker():
    local = server_properties(1, [Ports(1, 2, 3)], Path("/data"))
    ours = {
        variable.removeprefix("KAFKA_").lower().replace("_", "."): value
        for variable, value in SERVICES["kafka"]["environment"].items()
        if variable.startswith("KAFKA_") and "LISTENER" not in variable
    }

    shared = {name: (value, local[name]) for name, value in ours.items() if name in local}
    own = {"log.dirs", "controller.quorum.voters"}

    assert {name: both for name, both in shared.items() if both[0] != both[1] and name not in own} == {}
    assert {"auto.create.topics.enable", "message.max.bytes", "offsets.topic.num.partitions"} <= set(shared)


def test_workers_reach_kafka_under_the_name_it_advertises():
    advertised = SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]

    assert f"NETWORK://{SERVICES['worker-1']['environment']['WIREWATCH_BROKER']}" in advertised.split(",")


def test_the_image_is_built_from_pinned_bases_and_does_not_run_as_root():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    users = re.findall(r"^USER (\d+):", DOCKERFILE, re.MULTILINE)

    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base) for base in bases)
    assert SERVICES["worker-1"]["user"].startswith(f"{users[-1]}:")
    assert int(users[-1]) > 0


def test_the_image_installs_by_hashes():
    assert "--require-hashes" in DOCKERFILE


def _packaged() -> set[str]:
    """Folders and files of the checkout that an installation is made of."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    data = [
        pattern.split("/")[0] for files in project["tool"]["setuptools"]["data-files"].values() for pattern in files
    ]
    found = project["tool"]["setuptools"]["packages"]["find"]["include"]
    return {*data, *(name.rstrip("*") for name in found), *project["project"]["license-files"]}


def test_what_the_image_copies_is_let_through_and_exists():
    let_through = {
        line[1:] for line in (ROOT / "deploy/Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }

    assert copied == let_through
    assert _packaged() <= copied
    assert [name for name in sorted(copied) if not (ROOT / name).exists()] == []


def test_the_health_check_of_a_worker_runs_as_python():
    [_, _, _, script] = SERVICES["worker-1"]["healthcheck"]["test"]

    checked = subprocess.run([sys.executable, "-c", f"import ast; ast.parse({script!r})"], check=False)

    assert checked.returncode == 0
    assert f":{SERVICES['worker-1']['environment']['WIREWATCH_METRICS_PORT']}/ready" in script
