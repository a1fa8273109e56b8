import gzip
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from schemas.alert import Alert
from schemas.article import EnrichedArticle, RawArticle
from schemas.export import MODELS, asyncapi, json_schema, schema_files
from schemas.topics import TOPICS


@pytest.mark.parametrize("name", schema_files())
def test_a_committed_schema_is_what_the_model_says(root, name):
    assert (root / "schemas" / "json" / name).read_text() == schema_files()[name], "run `make generate`"


def test_the_committed_asyncapi_document_is_what_the_topics_say(root):
    [version] = re.findall(r'^version = "(.+)"', (root / "pyproject.toml").read_text(), re.M)

    assert (root / "schemas" / "asyncapi.yaml").read_text() == asyncapi(version), "run `make generate`"


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_schema_is_valid_and_open_to_new_fields(model):
    schema = json_schema(model)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert "additionalProperties" not in schema


def test_what_is_written_fits_the_committed_schema(root):
    schema = json.loads((root / "schemas" / "json" / "EnrichedArticle.json").read_text())
    article = EnrichedArticle(id="a", body="It met on Monday.", story="a")

    jsonschema.validate(json.loads(article.to_json()), schema)


def test_a_schema_refuses_what_no_reader_could_use(root):
    schema = json.loads((root / "schemas" / "json" / "Alert.json").read_text())

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": "a", "rule": 7}, schema)


@pytest.mark.parametrize(
    ("fields", "usable"),
    [({"text": "It rained."}, True), ({"html": "<p>It rained."}, True), ({}, False), ({"text": None}, False)],
)
def test_the_schema_of_raw_articles_asks_for_a_text_or_a_page_as_readers_do(root, fields, usable):
    schema = json.loads((root / "schemas" / "json" / "RawArticle.json").read_text())
    article = {"id": "a", **fields}

    assert jsonschema.Draft202012Validator(schema).is_valid(article) is usable
    if usable:
        assert jsonschema.Draft202012Validator(schema).is_valid(json.loads(RawArticle(**article).to_json()))
    else:
        with pytest.raises(ValueError, match="expected `html` or `text`"):
            RawArticle(**article)


def test_the_asyncapi_document_says_the_format_of_payloads_and_that_they_have_keys(root):
    messages = yaml.safe_load((root / "schemas" / "asyncapi.yaml").read_text())["components"]["messages"]
    described = {name: message for name, message in messages.items() if "schemaFormat" in message["payload"]}

    for message in described.values():
        draft = json.loads((root / "schemas" / message["payload"]["schema"]["$ref"]).read_text())["$schema"]
        assert message["payload"]["schemaFormat"].partition("version=draft-")[2] in draft
        assert message["bindings"]["kafka"]["key"] == {"type": "string"}
    assert messages.keys() - described.keys() == {"DeadLetter"}  # whatever bytes and key it was received with


def test_the_asyncapi_document_is_valid_by_the_schema_that_asyncapi_publishes(root):
    published = Path(__file__).parent / "data" / "asyncapi-3.0.0.json.gz"
    document = yaml.safe_load((root / "schemas" / "asyncapi.yaml").read_text())

    jsonschema.validate(document, json.loads(gzip.decompress(published.read_bytes())))


def test_every_reference_of_the_asyncapi_document_leads_somewhere(root):
    document = yaml.safe_load((root / "schemas" / "asyncapi.yaml").read_text())

    for reference in _references(document):
        if reference.startswith("#/"):
            _resolve(document, reference)
        else:
            assert (root / "schemas" / reference).is_file()


def test_every_topic_stands_in_the_asyncapi_document_with_its_key(root):
    document = yaml.safe_load((root / "schemas" / "asyncapi.yaml").read_text())
    described = {channel["address"]: channel["description"] for channel in document["channels"].values()}

    assert described.keys() == {topic.name for topic in TOPICS}
    assert all(topic.keyed_by in described[topic.name] for topic in TOPICS)


@pytest.mark.parametrize("model", [RawArticle, EnrichedArticle, Alert], ids=lambda m: m.__name__)
def test_a_field_that_is_added_later_has_to_be_optional(model):
    required = {name for name, field in model.model_fields.items() if field.is_required()}

    assert required <= {"id", "body", "alert_id", "dedup_key", "rule", "rule_version"}


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [r for value in node.values() for r in _references(value)]
    return [r for value in node for r in _references(value)] if isinstance(node, list) else []


def _resolve(document: object, reference: str) -> object:
    for part in reference[2:].split("/"):
        document = document[part]  # type: ignore[index]
    return document


def test_generated_files_name_no_path_of_a_machine(root: Path):
    text = "".join(p.read_text() for p in (root / "schemas" / "json").glob("*.json"))

    assert "/home/" not in text
    assert "/root/" not in text
