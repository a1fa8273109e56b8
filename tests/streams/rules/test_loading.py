"""Rules from YAML: what is read, and how what is wrong is shown."""

import gc

import pytest

from streams.rules import RulesError, load_rules, parse_rules
from streams.rules.from_files import compile_located
from streams.rules.loading import parse_located
from streams.rules.matching import RuleSet


def faults(text):
    with pytest.raises(RulesError) as caught:
        compile_located(parse_located(text, "f.yaml"))
    return [(error.code, error.line, error.column) for error in caught.value.errors]


def test_a_file_may_be_one_rule_a_list_or_share_its_sets():
    one = "name: a\nquery: rocket\n"
    listed = "- {id: a, version: 1, query: rocket}\n- {name: b, query: drone}\n"
    shared = "sets:\n  force: [troop, armed forces]\nrules:\n- {name: a, query: '@force AND base'}\n"

    assert [rule.name for rule in parse_rules(one)] == ["a"]
    assert [rule.name for rule in parse_rules(listed)] == ["a", "b"]
    assert parse_rules(shared)[0].sets == {"force": ("troop", "armed forces")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- name: a\n  query: a AND b OR c\n", ("E012", 2, 18)),
        ("- name: a\n  qery: rocket\n", ("E021", 2, 3)),
        ("- name: a\n", ("E027", 1, 9)),
        ("- name: a\n  query: rocket\n- name: a\n  query: drone\n", ("E022", 3, 9)),
        ("- name: a\n  query: &x rocket\n", ("E026", 2, 10)),
        ("- name: a\n  query: !!python/object:os.system rocket\n", ("E026", 2, 10)),
        ("- name: a\n  query: [\n", ("E020", 3, 1)),
        ("- name: a\n  name: b\n", ("E020", 2, 3)),
        ("[" * 1000, ("E017", 1, 14)),
        ("- name: a\n  query: |\n    rocket\n    AND (base\n", ("E003", 4, 9)),
        ("- name: a\n  any:\n  - rocket NEAR/3 base\n  - 'drone AND @nope'\n", ("E009", 4, 16)),
        ("- name: a\n  query: the\n", ("E015", 2, 10)),
        ("- name: a\n  query: sanction*\n", ("E016", 2, 10)),
        ("- name: a\n  query: rocket\n  severity: 3\n", ("E023", 3, 13)),
        ("- name: a\n  query: rocket\n  notify_within: 1 day\n", ("E023", 3, 18)),
        ("- name: a\n  query: rocket\n  when: {article: 3}\n", ("E023", 3, 9)),
        ("- name: a\n  query: rocket OR roсket\n", ("E028", 2, 20)),
        ("- name: bad name!\n  query: rocket\n", ("E023", 1, 9)),
        ("- name: a\n  query: rocket\n  where: {lang: english}\n", ("E023", 3, 10)),
        ("- name: a\n  any:\n  - rocket\n  - base: camp\n", ("E020", 4, 5)),
        ("- name: a\n  query: '@s'\n  sets:\n    s: [rocket, base: camp]\n", ("E020", 4, 17)),
        ("- name: a\n  query: rocket\n  tests:\n    fire:\n    - Alarm: rocket hits base\n", ("E020", 5, 7)),
    ],
)
def test_a_fault_is_shown_at_its_line_and_column(text, expected):
    assert faults(text)[0] == expected


def test_a_tab_is_told_as_such():
    with pytest.raises(RulesError) as caught:
        parse_rules("- name: a\n  query: rocket\n\tseverity: high\n")

    assert caught.value.errors[0].hint == "indent by spaces: YAML takes no tabs"


def test_one_step_of_escalation_may_stand_alone():
    [rule] = parse_rules("- name: a\n  query: rocket\n  escalate: {distinct_sources: 2, severity: high}\n")

    assert rule.escalate == ({"distinct_sources": 2, "severity": "high"},)


def test_a_setting_of_another_kind_is_refused_with_an_example():
    with pytest.raises(RulesError, match=r"expected a mapping(.|\n)*when: \{articles: 3"):
        parse_rules("- name: a\n  query: rocket\n  when: 3 articles\n")


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor():
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"

    assert faults(bomb)[0][0] == "E026"


def test_an_error_shows_the_line_with_a_caret_and_a_hint():
    with pytest.raises(RulesError) as caught:
        compile_located(parse_located("- name: a\n  query: a AND b OR c\n", "f.yaml"))

    lines = str(caught.value).splitlines()
    assert lines[0].startswith("f.yaml:2:18: E012")
    assert lines[1][lines[2].index("^") :].startswith("OR c")
    assert lines[3].strip().startswith("hint:")


@pytest.mark.parametrize(
    ("setting", "hint"),
    [
        ("tests: {fires: [x]}", "fire: ["),
        ("country: iraq", "where: {country: ...}"),
        ("pause_above: 5%", "0.05"),
        ("severty: high", "'severity'"),
    ],
)
def test_the_hint_says_how_a_setting_is_written(setting, hint):
    with pytest.raises(RulesError) as caught:
        parse_located(f"- name: a\n  query: rocket\n  {setting}\n")

    assert hint in str(caught.value)


def test_every_fault_of_a_file_is_reported_at_once():
    text = "- {name: a, query: 'rocket AND'}\n- {name: b, query: '\"x'}\n- {name: c, query: drone}\n"

    assert [code for code, _, _ in faults(text)] == ["E004", "E002"]


def test_every_fault_of_one_rule_is_reported_at_once():
    text = """- name: a
  any:
  - rocket AND base OR camp
  - drone NEAR/3 base
  - '"drone'
  - '@force AND @nope'
  sets:
    force: [troop, ro*, (army]
    unused: [ro*]
  where: {planet: mars}
  throttle: often
"""
    twice = "- name: a\n  qery: rocket\n  quiery: base\n  sets: 3\n  paused: maybe\n"

    assert faults(text) == [
        ("E012", 3, 21), ("E002", 5, 6), ("E008", 8, 20), ("E003", 8, 25), ("E005", 10, 10), ("E023", 11, 13),
    ]  # fmt: skip
    assert [code for code, _, _ in faults(twice)] == ["E021", "E021", "E023"]


def test_every_setting_that_cannot_be_used_is_reported_at_its_line():
    text = (
        "- name: a\n  query: rocket\n  when: {source: 2}\n  throttle: often\n  notify_within: 3 days\n  severity: bad\n"
    )

    assert sorted(faults(text)) == [("E023", line, column) for line, column in ((3, 9), (4, 13), (5, 18), (6, 13))]


def test_rules_that_use_each_other_in_a_circle_are_told_so():
    text = "- {name: a, query: '#b AND rocket'}\n- {name: b, query: '#a OR drone'}\n"

    assert [code for code, _, _ in faults(text)] == ["E011", "E011"]


def test_a_fault_is_told_in_its_own_rule_and_not_in_those_that_use_it():
    assert faults("- {name: a, query: '#b AND rocket'}\n- {name: b, query: 'drone AND'}\n") == [("E004", 2, 20)]


def test_a_fault_of_a_set_that_rules_share_is_told_once_where_it_stands():
    text = "sets: {x: [a b, 'c OR']}\nrules:\n- {name: a, query: '@x SENT base'}\n- {name: b, query: '@x SENT camp'}\n"

    assert faults(text) == [("E004", 1, 17)]


def test_a_name_given_twice_in_two_files_is_refused(tmp_path):
    (tmp_path / "a.yaml").write_text("name: a\nquery: rocket\n", "utf-8")
    (tmp_path / "b.yaml").write_text("name: a\nquery: drone\n", "utf-8")

    with pytest.raises(RulesError, match="E022"):
        load_rules([tmp_path])


def test_a_file_that_is_not_utf8_is_one_error(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"name: a\xff\n")

    with pytest.raises(RulesError, match="E020"):
        load_rules([tmp_path / "a.yaml"])


def test_the_garbage_collector_rests_while_rules_are_taken_in_and_no_longer(monkeypatch, tmp_path):
    (tmp_path / "a.yaml").write_text("- {name: a, query: '#b AND rocket'}\n- {name: b, query: drone}\n", "utf-8")
    running, add = [], RuleSet.add

    def noted(self, rule):
        running.append(gc.isenabled())
        add(self, rule)

    monkeypatch.setattr(RuleSet, "add", noted)
    load_rules([tmp_path])

    assert set(running) == {False}
    assert gc.isenabled()
