"""The contract for those who do not read Python: JSON Schemas and an AsyncAPI 3 document, derived from the models."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from schemas.alert import Alert
from schemas.article import CleanArticle, EnrichedArticle, RawArticle, Story, StoryCorrection, TaggedArticle
from schemas.base import Message, schema_id
from schemas.dead_letter import DeadLetter
from schemas.feed import Feed, FeedState
from schemas.rule import Rule, Silence
from schemas.topics import TOPICS, Topic

MODELS: tuple[type[Message], ...] = (
    RawArticle, CleanArticle, TaggedArticle, EnrichedArticle, Story, StoryCorrection, Alert, Rule, Silence, DeadLetter,
    Feed, FeedState,
)  # fmt: skip
DRAFT = "https://json-schema.org/draft/2020-12/schema"
FORMAT = "application/schema+json;version=draft-2020-12"


def json_schema(model: type[Message]) -> dict[str, Any]:
    """The JSON Schema of what is written: fields are open, so that later versions can add some."""
    schema = model.model_json_schema(mode="serialization")
    title = schema.pop("title")
    return {"$schema": DRAFT, "$id": schema_id(model), "title": title, **schema}


def schema_files() -> Mapping[str, str]:
    """File name to content, for ``schemas/json``."""
    return {f"{model.__name__}.json": json.dumps(json_schema(model), indent=2) + "\n" for model in MODELS}


def asyncapi(version: str) -> str:
    """The topics as an AsyncAPI 3 document, in YAML."""
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "wirewatch",
            "version": version,
            "description": "News from feed to alert. Records are at least once, unique by id, in order by key.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_id(topic): _channel(topic) for topic in TOPICS},
        "operations": {f"read.{_id(topic)}": _reading(topic) for topic in TOPICS},
        "components": {"messages": {model.__name__: _message(model) for model in MODELS}},
    }
    return "# Generated from schemas/ by `make generate`.\n" + yaml.safe_dump(document, sort_keys=False, width=120)


def _id(topic: Topic[Any]) -> str:
    return topic.name.replace(".", "-")


def _channel(topic: Topic[Any]) -> dict[str, Any]:
    names = [model.__name__ for model in (topic.carries, *topic.also)]
    configuration = {
        "cleanup.policy": [topic.cleanup],
        "max.message.bytes": topic.limit,
        **({"retention.ms": int(topic.config["retention.ms"])} if topic.retention_days else {}),
    }
    partitions = {"partitions": topic.partitions} if topic.partitions else {}
    return {
        "address": topic.name,
        "description": f"{topic.description} Key: {topic.keyed_by}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": {"topicConfiguration": configuration, **partitions, "bindingVersion": "0.5.0"}},
    }


def _reading(topic: Topic[Any]) -> dict[str, Any]:
    names = [model.__name__ for model in (topic.carries, *topic.also)]
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{_id(topic)}"},
        "messages": [{"$ref": f"#/channels/{_id(topic)}/messages/{name}"} for name in names],
    }


HEADERS = {
    "type": "object",
    "description": "CloudEvents 1.0, binary mode; traceparent is carried through where it is present.",
    "properties": {
        **{f"ce_{name}": {"type": "string"} for name in ("specversion", "id", "type", "source", "time", "dataschema")},
        **{name: {"type": "string"} for name in ("content-type", "traceparent", "tracestate")},
    },
}
DEAD_LETTER_HEADERS = {
    "type": "object",
    "description": "Why the record was set aside; also in the dialect of spring-kafka (kafka_dlt-original-*).",
    "properties": {f"dlq_{name}": {"type": "string"} for name in DeadLetter.model_fields},
}


KEYED = {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}}


def _message(model: type[Message]) -> dict[str, Any]:
    described = (model.__doc__ or "").strip().splitlines()[0]
    if model is DeadLetter:
        anything = {"description": "The bytes as they were received, whatever they are; of a tombstone null."}
        return {"name": model.__name__, "summary": described, "headers": DEAD_LETTER_HEADERS, "payload": anything}
    payload = {
        "schemaFormat": FORMAT,
        "schema": {"$ref": f"json/{model.__name__}.json"},
    }
    return {"name": model.__name__, "summary": described, "headers": HEADERS, "payload": payload, "bindings": KEYED}
