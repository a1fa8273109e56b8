"""``wirewatch rules new``, ``import`` and ``mark``: what helps to write rules."""

from pathlib import Path
from typing import Any, BinaryIO

import click

from schemas.article import EnrichedArticle
from streams.commands.records import articles_of
from streams.commands.rulefiles import by_name, names_of, rules_of
from streams.rules import QueryError, import_lucene, suggest, test
from streams.rules.loading import unusable_name
from streams.rules.writing import to_yaml, with_example
from streams.show import counted


@click.command()
@click.argument("name")
@click.option("--fire", multiple=True, required=True, help="A sentence it should fire on; repeat it.")
@click.option("--quiet", multiple=True, help="A sentence it should not fire on; repeat it.")
def new(name: str, fire: tuple[str, ...], quiet: tuple[str, ...]) -> None:
    """Print a first rule made of example sentences.

    The sentences are its tests.
    """
    if what := unusable_name(name):
        raise click.ClickException(what)
    try:
        rule = suggest(fire, quiet, name)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(to_yaml(rule), nl=False)
    failures = test(rule)
    click.echo(f"{len(failures)} of {counted(len(fire) + len(quiet), 'example')} wrong", err=True)


@click.command("import")
@click.argument("query")
def import_query(query: str) -> None:
    """Print a Lucene QUERY in the language of rules."""
    try:
        click.echo(import_lucene(query))
    except QueryError as error:
        raise click.ClickException(str(error)) from None


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("name")
@click.argument("verdict", type=click.Choice(["wrong", "missed"]))
@click.argument("sentences", nargs=-1)
@click.option("--article", type=click.File("rb"), help="Instead of SENTENCES: what the rule found in this one (JSON).")
def mark(file: Path, name: str, verdict: str, sentences: tuple[str, ...], article: BinaryIO | None) -> None:
    """Add SENTENCES that rule NAME of FILE got wrong to its tests.

    Or that it missed; shows which of its tests fail now.
    """
    if name not in (before := rules_of((file,))):
        raise click.ClickException(f"{file}: expected a rule named {name}, found {', '.join(names_of(before))}")
    if article is not None:
        sentences += _found_in(article, before, name)
    if not sentences:
        raise click.UsageError("expected a sentence; with --article, one in which the rule finds something")
    for sentence in sentences:
        text = with_example(file.read_text("utf-8"), name, "quiet" if verdict == "wrong" else "fire", sentence)
        file.write_text(text, "utf-8")
    found = rules_of((file,))
    failures = test(found.rule(name), by_name(found))
    for failure in failures:
        click.echo(str(failure))
    failing = f"{counted(len(failures), 'example')} of {name} {'fails' if len(failures) == 1 else 'fail'} now"
    click.echo(f"{len(sentences)} marked {verdict}; {failing}", err=True)


def _found_in(article: BinaryIO, known: Any, name: str) -> tuple[str, ...]:
    """The sentences of an article in which a rule finds something."""
    read = next(articles_of(EnrichedArticle, [article.readline()], article.name))
    found = [one.sentence for match in known.match(read) if match.name == name for one in match.evidence]
    return tuple(dict.fromkeys(found))
