"""Alert rules, their tests and the dashboard name only what the code counts; promtool agrees where it is installed."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from streams import metrics
from streams.commands.deliver import SLOT as SINKS_SLOT
from streams.commands.ingest import SLOT
from streams.settings import Settings

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
GRAFANA = ROOT / "deploy" / "grafana"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((PROMETHEUS / "rules.yml").read_text())["groups"] for rule in group["rules"]
]
RULE_TESTS = (PROMETHEUS / "rules_test.yml").read_text()
ALERTS = [rule for rule in RULES if "alert" in rule]
DASHBOARD: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "wirewatch.json").read_text())
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
EXPRESSIONS = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]] + [
    (rule.get("alert") or rule["record"], rule["expr"]) for rule in RULES
]
RECORDED = {rule["record"] for rule in RULES if "record" in rule}
needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed: `make test-ops`"
)


def exported() -> dict[str, set[str]]:
    """Each series name that the code can expose, with the labels it has."""
    known: dict[str, set[str]] = {}
    for collector in {each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)}:
        [family] = collector.describe()
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(family.type, [""])
        for suffix in suffixes:
            known[family.name + suffix] = {*collector._labelnames, *(["le"] if suffix == "_bucket" else [])}
    return known


def named(expression: str) -> set[str]:
    """The metrics of ours that an expression names; recorded ones are no metrics."""
    for record in RECORDED:
        expression = expression.replace(record, "")
    return set(re.findall(r"\bwirewatch_\w+", expression))


def test_the_metrics_of_the_code_are_the_ones_that_prometheus_gets():
    registered = {name for name in REGISTRY._names_to_collectors if name.startswith("wirewatch_")}

    assert set(exported()) <= registered


@pytest.mark.parametrize(("place", "expression"), EXPRESSIONS)
def test_every_metric_that_is_named_exists(place, expression):
    assert named(expression) - set(exported()) == set()


@pytest.mark.parametrize(("place", "expression"), EXPRESSIONS)
def test_every_label_that_is_asked_for_is_one_of_the_metrics_named(place, expression):
    known = set().union(*(exported()[name] for name in named(expression))) if named(expression) else {"stage"}
    asked = {label for group in re.findall(r"\bby \(([^)]*)\)", expression) for label in re.split(r", *", group)}
    asked |= set(re.findall(r"[{,] *(\w+)=~?\"", expression))

    assert asked - known - {"instance", "job", "alertname", "alertstate"} == set()


@pytest.mark.parametrize(("place", "expression"), EXPRESSIONS)
def test_every_recorded_name_is_recorded(place, expression):
    assert set(re.findall(r"\b\w+:wirewatch_\w+:\w+", expression)) <= RECORDED


@pytest.mark.parametrize(("place", "expression"), [*EXPRESSIONS, ("rules_test.yml", RULE_TESTS)])
def test_every_stage_that_is_named_is_a_hop_of_the_default_pipeline(place, expression):
    hops = [part.strip().replace("+", "-") for part in Settings().pipeline.split("|")]
    asked = re.findall(r'\bstage="([^"]+)"', expression) + re.findall(r"\bstage: ([\w-]+)", expression)
    patterns = re.findall(r'\bstage=~"([^"]+)"', expression)

    assert set(asked) <= set(hops)
    assert all(any(re.fullmatch(pattern, hop) for hop in hops) for pattern in patterns)


def test_each_alert_says_how_bad_it_is_and_what_to_do():
    headings = re.findall(r"^### (\w+)$", (ROOT / "deploy" / "README.md").read_text(), re.MULTILINE)

    assert [rule["alert"] for rule in ALERTS] == headings
    for rule in ALERTS:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["runbook"] == f"deploy/README.md#{rule['alert'].lower()}"


@pytest.mark.parametrize("alert", [rule["alert"] for rule in ALERTS])
def test_every_alert_is_tested_to_fire_and_to_stay_quiet(alert):
    cases = [
        case
        for test in yaml.safe_load(RULE_TESTS)["tests"]
        for case in test["alert_rule_test"]
        if case["alertname"] == alert
    ]

    assert any(case.get("exp_alerts") for case in cases)
    assert any(not case.get("exp_alerts") for case in cases)


def test_the_series_of_the_rule_tests_exist():
    assert named(RULE_TESTS) - set(exported()) == set()


@pytest.mark.parametrize(
    ("job", "above"), [("wirewatch", 0), ("wirewatch-feeds", SLOT), ("wirewatch-sinks", SINKS_SLOT)]
)
def test_prometheus_scrapes_the_workers_of_the_compose_file_and_what_runs_beside_them(job, above):
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    jobs = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]
    [targets] = next(each["static_configs"] for each in jobs if each["job_name"] == job)

    assert targets["targets"] == [
        f"{name}:{int(service['environment']['WIREWATCH_METRICS_PORT']) + above}"
        for name, service in services.items()
        if name.startswith("worker-")
    ]


def test_the_dashboard_reads_the_provisioned_source():
    [source] = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())["datasources"]

    assert {panel["datasource"]["uid"] for panel in PANELS} == {source["uid"]}
    assert {target["datasource"]["uid"] for panel in PANELS for target in panel["targets"]} == {source["uid"]}


def test_the_dashboard_is_mounted_where_grafana_looks_for_it():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    [provider] = yaml.safe_load((GRAFANA / "provisioning/dashboards/wirewatch.yml").read_text())["providers"]

    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in services["grafana"]["volumes"]


def test_panels_have_ids_of_their_own_a_description_and_do_not_overlap():
    cells = [
        (x, y)
        for panel in PANELS
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    assert all(panel["description"] for panel in PANELS)
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """What promtool answers."""
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.ops
@needs_promtool
def test_promtool_takes_the_configuration():
    checked = promtool("check", "config", PROMETHEUS / "prometheus.yml")

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.ops
@needs_promtool
def test_promtool_finds_that_each_alert_fires_when_it_should():
    checked = promtool("test", "rules", PROMETHEUS / "rules_test.yml")

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.ops
@needs_promtool
def test_promtool_takes_every_expression_of_the_dashboard(tmp_path):
    rules = [
        {"record": f"panel:{number}", "expr": target["expr"]}
        for number, target in enumerate(target for panel in PANELS for target in panel["targets"])
    ]
    (tmp_path / "panels.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))

    checked = promtool("check", "rules", tmp_path / "panels.yml")

    assert checked.returncode == 0, checked.stdout + checked.stderr
