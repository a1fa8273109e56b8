"""Silences that a person adds."""

import pytest
from click.testing import CliRunner

from streams.commands import silences as module


@pytest.mark.parametrize(("rule", "warned"), [("coup", ""), ("coop", "no rule coop is in force now")])
def test_a_rule_that_there_is_not_may_be_silenced_and_is_told(monkeypatch, rule, warned):
    sent = []
    monkeypatch.setattr(module, "latest", lambda *_: {"coup": object()})
    monkeypatch.setattr(module, "put", lambda *given: sent.append(given))

    done = CliRunner().invoke(module.silences, ["add", "--rule", rule])

    assert done.exit_code == 0
    assert done.stderr.startswith(warned)
    assert len(sent) == 1
