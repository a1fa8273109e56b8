"""Which changes of the contract break who is on the other side of a topic."""

import copy

import pytest

from schemas.alert import Alert
from schemas.article import EnrichedArticle, RawArticle
from schemas.compatibility import compare, compare_topics
from schemas.export import MODELS, json_schema

OBJECT = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "maxLength": 9},
        "kind": {"$ref": "#/$defs/Kind"},
        "parts": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "url": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["id"],
    "$defs": {"Kind": {"type": "string", "enum": ["new", "near"]}},
}


def changed(change):
    made = copy.deepcopy(OBJECT)
    change(made, made["properties"])
    return made


def a_field_more(_, fields):
    fields["later"] = {"type": "string"}


def a_required_field_more(node, fields):
    fields["later"] = {"type": "string"}
    node["required"].append("later")


def a_field_less(_, fields):
    del fields["url"]


def a_field_that_may_be_missing(node, _):
    node["required"].remove("id")


def a_field_that_is_required(node, _):
    node["required"].append("url")


def a_value_more(node, _):
    node["$defs"]["Kind"]["enum"].append("exact")


def a_value_less(node, _):
    node["$defs"]["Kind"]["enum"].remove("near")


def any_value(node, _):
    del node["$defs"]["Kind"]["enum"]


def null_allowed(_, fields):
    fields["id"] = {"anyOf": [fields["id"], {"type": "null"}]}


def null_forbidden(_, fields):
    fields["url"] = {"type": "string"}


def another_type_within_a_list(_, fields):
    fields["parts"]["items"]["properties"]["n"]["type"] = "number"


def another_type_of_labels(_, fields):
    fields["labels"]["additionalProperties"]["type"] = "integer"


def a_looser_limit(_, fields):
    fields["id"]["maxLength"] = 20


def a_tighter_limit(_, fields):
    fields["id"]["maxLength"] = 5


def a_limit_where_none_was(_, fields):
    fields["id"]["minLength"] = 1


def a_format_that_is_asked(_, fields):
    fields["id"]["format"] = "uuid"


READERS, WRITERS = "EnrichedArticle", "RawArticle"


@pytest.mark.parametrize(
    ("change", "breaks_readers", "breaks_writers"),
    [
        (a_field_more, False, False),
        (a_required_field_more, False, True),
        (a_field_less, True, False),
        (a_field_that_may_be_missing, True, False),
        (a_field_that_is_required, False, True),
        (a_value_more, True, False),
        (a_value_less, False, True),
        (any_value, True, False),
        (null_allowed, True, False),
        (null_forbidden, False, True),
        (another_type_within_a_list, True, True),
        (another_type_of_labels, True, True),
        (a_looser_limit, True, False),
        (a_tighter_limit, False, True),
        (a_limit_where_none_was, False, True),
        (a_format_that_is_asked, False, True),
    ],
)
def test_a_change_breaks_those_whom_it_harms(change, breaks_readers, breaks_writers):
    for message, breaks in ((READERS, breaks_readers), (WRITERS, breaks_writers)):
        found = compare({message: OBJECT}, {message: changed(change)})

        assert found, "the change was not seen"
        assert any(each.breaking for each in found) is breaks, [str(each) for each in found]


def test_a_change_is_told_where_it_is():
    [more, less] = compare({READERS: OBJECT}, {READERS: changed(another_type_within_a_list)})

    assert str(less) == "BREAKS  EnrichedArticle.parts[].n: may be number, too"
    assert str(more) == "ok      EnrichedArticle.parts[].n: is integer no more"


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_a_message_is_compatible_with_itself(model):
    schema = {model.__name__: json_schema(model)}

    assert compare(schema, copy.deepcopy(schema)) == []


def test_a_field_of_a_real_message_that_goes_is_found_at_any_depth():
    old, new = json_schema(Alert), json_schema(Alert)
    del new["$defs"]["Member"]["properties"]["term"]

    [change] = [each for each in compare({"Alert": old}, {"Alert": new}) if each.what == "gone"]
    assert (change.path, change.breaking) == ("evidence[].members[].term", True)


def test_a_change_is_told_at_each_place_that_holds_it():
    old = {"properties": {"one": {"$ref": "#/$defs/Part"}, "two": {"$ref": "#/$defs/Part"}}, "type": "object"}
    new = {**old, "$defs": {"Part": {"type": "object", "properties": {"n": {"type": "integer"}}}}}
    old["$defs"] = {"Part": {"type": "object", "properties": {}}}

    assert [change.path for change in compare({READERS: old}, {READERS: new})] == ["one.n", "two.n"]


def test_a_message_that_is_gone_breaks_and_a_new_one_does_not():
    one, other = ({model.__name__: json_schema(model)} for model in (EnrichedArticle, RawArticle))

    assert [(change.message, change.breaking) for change in compare(one, other)] == [
        ("EnrichedArticle", True),
        ("RawArticle", False),
    ]


def test_a_message_that_holds_itself_is_compared():
    node = {"$ref": "#/$defs/Node", "$defs": {"Node": {"type": "object", "properties": {}}}}
    node["$defs"]["Node"]["properties"] = {"next": {"$ref": "#/$defs/Node"}, "n": {"type": "integer"}}
    new = copy.deepcopy(node)
    del new["$defs"]["Node"]["properties"]["n"]

    assert "EnrichedArticle.n: gone" in str(compare({READERS: node}, {READERS: new})[0])


def channel(messages=("Alert",), key="dedup_key"):
    return {"messages": dict.fromkeys(messages), "description": f"Rules that matched. Key: {key}."}


@pytest.mark.parametrize(
    ("new", "breaks"),
    [
        ({"alerts": channel(), "later": channel()}, False),
        ({}, True),
        ({"alerts": channel(messages=("Alert", "Story"))}, True),
        ({"alerts": channel(key="id")}, True),
    ],
)
def test_a_topic_may_come_but_neither_go_nor_carry_more_nor_be_keyed_otherwise(new, breaks):
    [change] = compare_topics({"channels": {"alerts": channel()}}, {"channels": new})

    assert change.breaking is breaks
