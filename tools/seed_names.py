"""What of the names of the seed articles the tagger finds; they are given without offsets."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from schemas.article import CleanArticle, RawArticle
from schemas.entity import Entity
from streams.entities import Tagger
from streams.entities.names import folded_key, identifier_of
from streams.stages.clean import clean

BRACKETS = re.compile(r" \([^()]*\)$")
Texts = Sequence[tuple[CleanArticle, tuple[Entity, ...]]]


def seed_articles(data: Path) -> Iterator[CleanArticle]:
    """The five articles as the cleaner leaves them."""
    for path in sorted((data / "seeds").glob("*.txt")):
        found = clean(RawArticle(id=path.stem, text=path.read_text(encoding="utf-8")))
        assert isinstance(found, list), f"{path.name} was not cleaned: {found}"
        yield from found


def ids_of(tagger: Tagger, name: str, kind: str) -> set[str]:
    """The ids under which the tagger would give the name: those of the tables, or the one made of its letters."""
    tables = {
        id_ or identifier_of(entry, kind)
        for entry, id_ in zip(tagger.lexicon.name, tagger.lexicon.id, strict=True)
        if entry == name
    }
    return tables | {identifier_of(BRACKETS.sub("", name), kind)}


def stands_in(name: str, articles: Sequence[CleanArticle]) -> bool:
    """Whether a name is left in a cleaned article; many stand in captions only, which the cleaner takes out."""
    words = re.split(r"[^\w'’]+", BRACKETS.sub("", name))
    return any(all(word in f"{article.title} {article.body}" for word in words) for article in articles)


def met_as(tagger: Tagger, name: str, kind: str, found: Mapping[str, Entity]) -> list[Entity]:
    """The entities that the name stands for: those with an id of the name, or with a mention that is the name."""
    ids, written = ids_of(tagger, name, kind), folded_key(BRACKETS.sub("", name))
    return [
        entity
        for id_, entity in found.items()
        if id_ in ids or any(folded_key(mention.surface) == written for mention in entity.mentions)
    ]


def uncovered(texts: Texts) -> Iterator[str]:
    """Where a name that is a mention elsewhere in its article stands outside of all mentions."""
    for article, entities in texts:
        mentions = [mention for entity in entities for mention in entity.mentions]
        pattern = "|".join(sorted({re.escape(m.surface) for m in mentions}, key=len, reverse=True))
        for field in ("title", "body") if pattern else ():
            text = getattr(article, field) or ""
            places = [(m.start, m.end) for m in mentions if m.field == field]
            for again in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text):
                if not any(start < again.end() and again.start() < end for start, end in places):
                    yield f"{again[0]}: {text[max(again.start() - 30, 0) : again.end() + 20]!r}"


def measure_seeds(tagger: Tagger, data: Path) -> None:
    """Print how many of the given names are found with their type, what else is found, and how names are joined."""
    every = json.loads((data / "seeds" / "expected.json").read_text(encoding="utf-8"))["entities"]["names"]
    articles = list(seed_articles(data))
    texts = list(zip(articles, tagger.tag_many(articles), strict=True))
    found = merged_entities(entity for _, entities in texts for entity in entities)
    met = {row["name"]: met_as(tagger, row["name"], row["type"], found) for row in every}
    given = {row["name"]: row["type"] for row in every if met[row["name"]] or stands_in(row["name"], articles)}
    right = [name for name, kind in given.items() if kind in {str(entity.type) for entity in met[name]}]
    known = {entity.id for entities in met.values() for entity in entities}
    others = [f"{entity.name} [{entity.type}]" for id_, entity in found.items() if id_ not in known]
    score = 2 * len(right) / (len(given) + len(right) + len(others))
    print(f"seeds: {len(given)} of {len(every)} given names stand in the cleaned texts")
    print(f"seeds: {len(right)} of these found with their type")
    print(f"seeds: {len(others)} other entities; F1 {score:.3f}")
    print("  missed: " + "; ".join(f"{name} [{kind}]" for name, kind in given.items() if name not in right))
    print("  others: " + "; ".join(others))
    print(f"  under two ids: {[name for name, entities in met.items() if len(entities) > 1]}")
    print("  repeats outside of mentions: " + "; ".join(uncovered(texts)))


def merged_entities(entities: Iterable[Entity]) -> dict[str, Entity]:
    """The entities of all articles by id, each with the mentions of all of them."""
    found: dict[str, Entity] = {}
    for entity in entities:
        known = found.setdefault(entity.id, entity)
        if known is not entity:
            found[entity.id] = known.model_copy(update={"mentions": known.mentions + entity.mentions})
    return found
