"""What a worker says of itself over HTTP, asked as a probe would."""

import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from streams import health, metrics
from streams.errors import ConfigurationError
from streams.health import serve_health
from streams.scrape import FOLDER, announce, ready, samples, totals, urls
from streams.settings import Settings
from streams.stage import Reason


@pytest.fixture
def hop_apps():
    return [SimpleNamespace(ready=True), SimpleNamespace(ready=True)]


@pytest.fixture
def served(serve, hop_apps):
    """Address of a health server of its own."""
    return serve(hop_apps)


def asked(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_live_says_whether_the_loop_turns(served, monkeypatch):
    monkeypatch.setattr(health, "alive", lambda: True)
    assert asked(served + "/live") == (200, "yes\n")
    monkeypatch.setattr(health, "alive", lambda: False)
    assert asked(served + "/live") == (503, "no\n")


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_a_host_that_is_not_this_machine_is_named_with_its_setting(tmp_path, host):
    with pytest.raises(ConfigurationError, match=f"WIREWATCH_METRICS_HOST: .*found {host}"):
        serve_health(Settings(home=tmp_path, metrics_host=host), 0, [])


def test_a_slot_beyond_the_last_port_gets_a_free_one(tmp_path, hop_apps, monkeypatch):
    made = []
    monkeypatch.setattr(health, "announce", lambda *found: made.append(found))
    port = serve_health(Settings(home=tmp_path, metrics_port=65535), 64, hop_apps)

    assert 0 < port < 65536
    assert made[0][-1] == f"http://127.0.0.1:{port}/metrics"


def test_ready_says_whether_every_hop_is(served, hop_apps):
    assert asked(served + "/ready") == (200, "yes\n")
    hop_apps[1].ready = False
    assert asked(served + "/ready") == (503, "no\n")
    assert not ready([served + "/metrics"])
    hop_apps[1].ready = True
    assert ready([served + "/metrics"])


@pytest.mark.parametrize("path", ["/", "/table", "/livefoo", "/ready/"])
def test_nothing_else_is_served(served, path):
    status, text = asked(served + path)

    assert status == 404
    assert "/metrics" in text


def test_every_series_of_a_stage_exists_at_zero_from_the_start(served):
    metrics.start_series(["unborn"], [("unborn", "articles.clean")])
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(asked(served + "/metrics")[1])
        for sample in family.samples
        if sample.labels.get("stage") == "unborn"
    }

    assert set(found.values()) == {0.0}
    for metric in metrics.OF_A_STAGE:
        assert any(name.startswith(metric._name) for name, *_ in found), metric._name
    outcomes = [labels for name, *labels in found if name == "wirewatch_articles_total"]
    assert len(outcomes) == len(Reason) + 1
    assert ("wirewatch_emitted_total", "articles.clean", "unborn") in found


def test_the_address_is_left_where_others_look_for_it(served, tmp_path):
    assert urls(tmp_path, "", 2) == [served + "/metrics"]


def test_a_port_that_is_taken_is_no_trouble(served, tmp_path, hop_apps):
    taken = int(served.rpartition(":")[2])
    port = serve_health(Settings(home=tmp_path, metrics_port=taken), 0, hop_apps)

    assert port != taken
    assert asked(f"http://127.0.0.1:{port}/ready")[0] == 200


def test_a_workers_address_replaces_the_one_before_and_prefixes_do_not_meet(tmp_path):
    announce(tmp_path, "", 0, "http://old")
    announce(tmp_path, "", 0, "http://new")
    announce(tmp_path, "other.", 0, "http://other")

    assert urls(tmp_path, "", 3) == ["http://new"]
    assert urls(tmp_path, "other.", 1) == ["http://other"]
    assert len(list((tmp_path / FOLDER).iterdir())) == 2


def test_the_counts_of_workers_are_summed_by_stage(served):
    metrics.received.labels("summed").inc(7)
    metrics.in_flight.labels("summed").inc(2)
    metrics.articles.labels("summed", "sent", "").inc(3)
    metrics.articles.labels("summed", "rejected", "not_json").inc(1)
    metrics.articles.labels("summed", "rejected", "invalid").inc(1)
    address = served + "/metrics"

    assert totals([address])["summed"] == {"received": 7, "in flight": 2, "sent": 3, "rejected": 2}
    assert totals([address, address])["summed"]["received"] == 14


def test_a_worker_that_does_not_answer_counts_nothing_and_is_not_ready():
    assert list(samples("http://127.0.0.1:1/metrics")) == []
    assert totals(["http://127.0.0.1:1/metrics"]) == {}
    assert not ready(["http://127.0.0.1:1/metrics"])
