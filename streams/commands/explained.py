"""What the cleaner and the tagger did to an article, as lines for a person."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import click

from schemas.article import CleanArticle, RawArticle
from streams.settings import settings
from streams.show import heading, on_one_line
from streams.stage import Drop, Reject

if TYPE_CHECKING:
    from streams.entities import Tagger


def explained_clean(article: RawArticle) -> Iterator[str]:
    """Each line of the article: kept or dropped, as what, and why; then the facts it states."""
    from streams.stages.clean import clean, explain

    yield heading(article.id)
    for line in explain(article):
        mark = click.style("keep", fg="green") if line.kept else click.style("drop", fg="red")
        yield f"{line.line:>4} {mark} {line.kind:<12} {click.style(line.why, dim=True)}  {on_one_line(line.text)}"
    outcome = clean(article)
    if not isinstance(outcome, Drop | Reject):
        facts = (fact for cleaned in outcome for fact in _facts(cleaned))
        yield from (
            f"     {click.style('fact', fg='cyan')} {name:<12} {on_one_line(value)}" for name, value in facts if value
        )


def _facts(article: CleanArticle) -> Iterator[tuple[str, str | None]]:
    """The fields of an article with where its dates come from; those it does not state are empty."""
    dates = {
        "published": (article.published, article.published_precision, article.published_origin),
        "updated": (article.updated, article.updated_precision, article.updated_origin),
    }
    yield from ((name, getattr(article, name)) for name in ("title", "standfirst"))
    yield from ((name, parts[0] and "{} ({}; {})".format(*parts)) for name, parts in dates.items())
    yield "authors", ", ".join(article.authors)
    yield from ((name, getattr(article, name)) for name in ("editor", "source", "publisher", "section", "language"))
    yield "flags", ", ".join(article.flags)


def explained_tag(article: CleanArticle) -> Iterator[str]:
    """Each mention with the source that decided it, and what was rejected."""
    from streams.entities import explain

    yield heading(article.id)
    yield from (on_one_line(str(mention)) for mention in explain(_tagger(), article))


@cache
def _tagger() -> "Tagger":
    from streams.lexicon_cache import tagger_at

    configured = settings()
    return tagger_at(configured.cache, configured.entities)
