"""What the cleaner and the tagger did to an article, as lines for a person."""

from collections.abc import Iterator

import click

from schemas.article import CleanArticle, RawArticle
from streams.settings import settings


def explained_clean(article: RawArticle) -> Iterator[str]:
    """Each line of the article: kept or dropped, as what, and why."""
    from streams.stages.clean import explain

    yield click.style(f"── {article.id}", bold=True)
    for line in explain(article):
        mark = click.style("keep", fg="green") if line.kept else click.style("drop", fg="red")
        yield f"{line.line:>4} {mark} {line.kind:<12} {click.style(line.why, dim=True)}  {line.text}"


def explained_tag(article: CleanArticle) -> Iterator[str]:
    """Each mention with the source that decided it, and what was rejected."""
    from streams.entities import explain, load_tagger

    yield click.style(f"── {article.id}", bold=True)
    yield from map(str, explain(load_tagger(settings().entities), article))
