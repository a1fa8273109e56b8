"""Builders: an article of each state, with one visible difference a test."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from schemas.article import CleanArticle, EnrichedArticle, RawArticle, TaggedArticle

ROOT = Path(__file__).resolve().parent.parent

# a law is judged by what it says, not by how fast a busy machine gets through an example
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def development_data() -> Path:
    """The optional development data, which is not part of the repository."""
    folder = Path(os.environ.get("WIREWATCH_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the development data is not beside this checkout")
    return folder


@pytest.fixture
def raw_article() -> Callable[..., RawArticle]:
    def build(**changes: Any) -> RawArticle:
        return RawArticle(
            **{"id": "an-article", "text": "The council met on Monday. It agreed on a budget.", **changes}
        )

    return build


@pytest.fixture
def clean_article() -> Callable[..., CleanArticle]:
    def build(**changes: Any) -> CleanArticle:
        return CleanArticle(**{"id": "an-article", "title": "Council agrees", "body": "It met on Monday.", **changes})

    return build


@pytest.fixture
def tagged_article() -> Callable[..., TaggedArticle]:
    def build(**changes: Any) -> TaggedArticle:
        fields = {"id": "an-article", "position": "articles.raw-0-1", "body": "It met on Monday.", "language": "en"}
        return TaggedArticle(**{**fields, **changes})

    return build


@pytest.fixture
def enriched_article() -> Callable[..., EnrichedArticle]:
    def build(**changes: Any) -> EnrichedArticle:
        fields = {
            "id": "an-article",
            "position": "articles.raw-0-1",
            "body": "It met on Monday.",
            "story": "an-article",
        }
        return EnrichedArticle(**{**fields, **changes})

    return build
