"""The kustomize base: complete, hardened, in step with the settings; kubectl agrees where it is installed."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.cli import COMMANDS
from streams.commands.deliver import SLOT as SINKS_SLOT
from streams.commands.ingest import SLOT
from streams.settings import Settings, unknown_settings

BYTES_AN_ARTICLE = 2000
"""Of a memory, docs/quality/dedupe.md; a third of a worker's memory is for it."""
BASE = Path(__file__).parents[2] / "deploy" / "kubernetes" / "base"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((BASE / "kustomization.yaml").read_text())
OBJECTS: list[dict[str, Any]] = [
    each for name in KUSTOMIZATION["resources"] for each in yaml.safe_load_all((BASE / name).read_text())
]
TEMPLATED = [each for each in OBJECTS if "template" in each.get("spec", {})]
PODS = {each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in TEMPLATED}
ANNOTATIONS = {
    each["metadata"]["name"]: each["spec"]["template"]["metadata"].get("annotations", {}) for each in TEMPLATED
}
each_pod = pytest.mark.parametrize("name", sorted(PODS))


def container(name: str) -> dict[str, Any]:
    """The one container of a pod."""
    [only] = PODS[name]["containers"]
    return only


def test_every_file_of_the_base_is_a_resource_of_it():
    assert {path.name for path in BASE.glob("*.yaml")} == {"kustomization.yaml", *KUSTOMIZATION["resources"]}


@each_pod
def test_a_pod_meets_the_restricted_standard(name):
    pod, security = PODS[name], container(name)["securityContext"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert security["allowPrivilegeEscalation"] is False
    assert security["readOnlyRootFilesystem"] is True
    assert security["capabilities"] == {"drop": ["ALL"]}


@each_pod
def test_a_pod_may_write_where_the_image_writes_and_has_a_limit_of_memory(name):
    mounts = {mount["mountPath"]: mount["name"] for mount in container(name)["volumeMounts"]}

    assert set(mounts) == {"/tmp", "/var/lib/wirewatch"}
    assert set(mounts.values()) == {volume["name"] for volume in PODS[name]["volumes"]}
    assert "memory" in container(name)["resources"]["limits"]


@each_pod
def test_the_image_is_pinned_by_the_kustomization_and_the_command_exists(name):
    [image] = KUSTOMIZATION["images"]

    assert container(name)["image"] == image["name"]
    assert image["newTag"][0].isdigit()
    assert container(name)["args"][0] in COMMANDS


def test_every_setting_is_one_of_the_code_and_has_a_value_it_takes(monkeypatch):
    [config] = KUSTOMIZATION["configMapGenerator"]
    literals = dict(literal.split("=", 1) for literal in config["literals"])
    variables = {variable["name"]: "worker-0" for variable in container("worker")["env"]}
    for variable, value in (literals | variables).items():
        monkeypatch.setenv(variable, value)

    assert unknown_settings(literals | variables) == []
    assert Settings().instance == "worker-0"


def test_probes_ask_the_port_and_the_paths_that_a_worker_serves():
    health = (BASE.parents[2] / "streams" / "health.py").read_text()
    worker = container("worker")
    paths = {worker[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}

    assert paths == {"/live", "/ready"}
    assert all(f'"{path}"' in health for path in paths)
    assert {worker[probe]["httpGet"]["port"] for probe in ("livenessProbe", "readinessProbe")} == {"metrics"}
    assert worker["ports"] == [{"name": "metrics", "containerPort": Settings().metrics_port}]


def test_what_is_scraped_is_served_and_let_in():
    policy = next(each for each in OBJECTS if each["kind"] == "NetworkPolicy")
    let_in = {port["port"] for rule in policy["spec"]["ingress"] for port in rule["ports"]}
    first = Settings().metrics_port
    scraped = {name: int(notes["prometheus.io/port"]) for name, notes in ANNOTATIONS.items() if notes}

    assert scraped == {"worker": first, "feeds": first + SLOT}
    assert let_in == {*scraped.values(), first + SINKS_SLOT}
    assert all(
        container(name)["ports"] == [{"name": "metrics", "containerPort": port}] for name, port in scraped.items()
    )


def test_the_board_listens_where_its_probes_ask():
    board = container("board")

    assert board["ports"] == [{"name": "board", "containerPort": Settings().board_port}]
    assert {board[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe")} == {"/live"}
    assert {"name": "WIREWATCH_BOARD_HOST", "value": "0.0.0.0"} in board["env"]


def test_a_worker_that_waits_for_its_broker_is_not_killed_for_it():
    probe = container("worker")["startupProbe"]

    assert probe["periodSeconds"] * probe["failureThreshold"] >= 3600


def test_the_articles_that_a_worker_remembers_fit_its_memory():
    [config] = KUSTOMIZATION["configMapGenerator"]
    articles = int(dict(literal.split("=", 1) for literal in config["literals"])["WIREWATCH_WINDOW_ARTICLES"])
    limit = container("worker")["resources"]["limits"]["memory"]

    assert limit.endswith("Mi")
    assert articles * BYTES_AN_ARTICLE <= int(limit.removesuffix("Mi")) * 2**20 / 3


def test_waiting_articles_are_no_reason_to_restart_a_worker():
    assert container("worker")["livenessProbe"]["httpGet"]["path"] == "/live"


def test_selectors_find_the_pods():
    labels = {each["metadata"]["name"]: each["spec"]["template"]["metadata"].get("labels", {}) for each in TEMPLATED}
    selectors = [
        (each["metadata"]["name"], each["spec"]["selector"].get("matchLabels", each["spec"]["selector"]))
        for each in OBJECTS
        if "selector" in each.get("spec", {})
    ]

    assert sorted(name for name, _ in selectors) == ["board", "feeds", "worker", "worker", "worker"]
    assert all(selector.items() <= labels[name].items() for name, selector in selectors)


@pytest.mark.ops
@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_kubectl_builds_the_base_and_pins_the_image():
    built = subprocess.run(["kubectl", "kustomize", BASE], capture_output=True, text=True, check=False)

    assert built.returncode == 0, built.stderr
    images = {
        each["image"]
        for built_object in yaml.safe_load_all(built.stdout)
        for each in built_object.get("spec", {}).get("template", {}).get("spec", {}).get("containers", [])
    }
    assert images == {"wirewatch:" + KUSTOMIZATION["images"][0]["newTag"]}
