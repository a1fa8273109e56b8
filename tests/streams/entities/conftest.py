"""One tagger for all tests of this folder, and readers of what it finds."""

from collections.abc import Callable

import pytest

from schemas.article import CleanArticle
from schemas.entity import Entity
from streams.entities import Tagger, load_tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return load_tagger()


@pytest.fixture(scope="session")
def entities(tagger: Tagger) -> Callable[..., tuple[Entity, ...]]:
    """The entities of a text."""

    def find(body: str, title: str | None = None, language: str | None = "en") -> tuple[Entity, ...]:
        return tagger.tag(CleanArticle.model_construct(id="1", title=title, body=body, language=language))

    return find
