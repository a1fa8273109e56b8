"""Who and what an article names."""

from typing import Literal

from pydantic import Field

from schemas.base import Message, Word


class EntityType(Word):
    """What kind of thing a name stands for."""

    PERSON = "PERSON"
    ORG = "ORG"
    ARMED_GROUP = "ARMED_GROUP"
    GPE = "GPE"
    LOC = "LOC"
    FAC = "FAC"
    EVENT = "EVENT"
    MEDIA = "MEDIA"
    NORP = "NORP"


class Mention(Message):
    """One place where an entity is named: ``article[field][start:end] == surface``."""

    field: Literal["title", "body"]
    start: int = Field(ge=0, description="First Unicode code point, counted in the field as delivered.")
    end: int = Field(gt=0, description="Code point after the last one.")
    surface: str
    type: EntityType = Field(description="What is named here: a demonym is NORP although its entity is a country.")


class Entity(Message):
    """What one or more names of an article stand for."""

    id: str = Field(description="Wikidata QID where sure, else geonames:/iso: id, else a hash of folded name and type.")
    name: str = Field(description="Canonical name.")
    type: EntityType
    count: int = Field(ge=1)
    salience: float = Field(ge=0, le=1, description="How much the article is about it, 0 to 1.")
    mentions: tuple[Mention, ...] = ()
