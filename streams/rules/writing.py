"""Rules as YAML text: for a new rule, and for one more example in a file that people keep."""

import json
from typing import Any, Literal

import yaml

from schemas.rule import Rule
from streams.rules.loading import parse_rules

Side = Literal["fire", "quiet"]


def to_yaml(rule: Rule) -> str:
    """A rule as it would stand in a file; `parse_rules` reads it back as it was."""
    values: dict[str, Any] = rule.model_dump(mode="json", exclude_defaults=True)
    text: str = yaml.safe_dump([values], sort_keys=False, allow_unicode=True, width=120)
    return text


def with_example(text: str, name: str, side: Side, sentence: str) -> str:
    """A file of rules with one more example of the rule ``name``; comments and layout stay as they are.

    Unchanged where the rule has the example. Raises RulesError where the file is at fault, KeyError where it has
    no such rule.
    """
    rule = next((one for one in parse_rules(text) if one.name == name), None)
    if rule is None:
        raise KeyError(name)
    if sentence in (rule.tests.fire if side == "fire" else rule.tests.quiet):
        return text
    at, added = _addition(_rule_node(text, name), side, json.dumps(sentence, ensure_ascii=False))
    return text[:at] + added + text[at:]


def _rule_node(text: str, name: str) -> yaml.MappingNode:
    """The rule's mapping in the file; the file was read before, so it is there."""
    for document in yaml.compose_all(text, Loader=yaml.SafeLoader):
        listed = _value(document, "rules") or document
        for node in listed.value if isinstance(listed, yaml.SequenceNode) else [listed]:
            stated = _value(node, "name") or _value(node, "id")
            if isinstance(node, yaml.MappingNode) and stated is not None and str(stated.value) == name:
                return node
    raise KeyError(name)


def _value(node: yaml.Node, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for stated, value in pairs if stated.value == key), None)


def _addition(rule: yaml.MappingNode, side: Side, quoted: str) -> tuple[int, str]:
    """Where something is put into the file, and what."""
    tests = _value(rule, "tests")
    if tests is None:
        name = _value(rule, "name") or _value(rule, "id")
        assert name is not None
        if rule.flow_style:
            return name.end_mark.index, f", tests: {{{side}: [{quoted}]}}"
        return name.end_mark.index, f"\n{_indent(rule)}tests:\n{_indent(rule)}  {side}:\n{_indent(rule)}    - {quoted}"
    examples = _value(tests, side)
    if examples is not None:
        return _in_front(examples, quoted, f"- {quoted}")
    return _in_front(tests, f"{side}: [{quoted}]", f"{side}:\n{_indent(tests)}  - {quoted}")


def _in_front(node: Any, in_flow: str, in_block: str) -> tuple[int, str]:
    """The first entry of a list or mapping, in the layout it has."""
    start = node.start_mark.index
    if node.flow_style:
        return start + 1, in_flow + (", " if node.value else "")
    return start, f"{in_block}\n{_indent(node)}"


def _indent(node: yaml.Node) -> str:
    return " " * int(node.start_mark.column)
