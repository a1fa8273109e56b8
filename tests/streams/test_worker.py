"""The worker's module as Faust's own command line finds it."""

from types import SimpleNamespace

import pytest

from streams import worker
from streams.settings import Settings
from streams.text import wall_phrases


def test_the_app_for_fausts_own_command_line_leaves_logging_and_collector_to_faust(monkeypatch):
    started = SimpleNamespace(connect=lambda _together: None)
    hop_app = SimpleNamespace(app=SimpleNamespace(on_worker_init=started))
    monkeypatch.setattr(worker, "build_hop_apps", lambda *_: [hop_app])
    monkeypatch.setattr(worker, "hops_of", lambda *_: ())
    monkeypatch.setattr(worker, "start_logging", lambda *_: pytest.fail("our logging was started"))
    monkeypatch.setattr(worker, "_leave_tables_alone", lambda: pytest.fail("the collector was set"))
    try:
        assert worker.app is hop_app.app
    finally:
        worker.__dict__.pop("app", None)


def test_a_loaded_worker_has_compiled_what_texts_of_any_language_ask_for(monkeypatch, tmp_path):
    monkeypatch.setattr(worker, "start_logging", lambda *_: None)
    monkeypatch.setattr(worker, "_leave_tables_alone", lambda: None)
    wall_phrases._phrases.cache_clear()

    worker.load_worker(Settings(home=tmp_path))

    assert wall_phrases._phrases.cache_info().currsize == 2
