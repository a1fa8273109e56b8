"""``wirewatch explain``: why two articles were put together, and why an alert came or did not."""

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from schemas.alert import Alert
from schemas.article import EnrichedArticle, TaggedArticle
from schemas.topics import ALERTS, ENRICHED, RULES, TAGGED
from streams.commands import configured
from streams.commands.records import current
from streams.commands.rules import rules_of
from streams.dedup.explain import explain as compared
from streams.errors import WirewatchError
from streams.process import decoded
from streams.reading import Reader
from streams.rules import explain as conditions
from streams.show import as_text, told
from streams.stage import Reject

FILES = click.option(
    "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON Lines instead of topics."
)


@click.group()
def explain() -> None:
    """Say why."""


@explain.command()
@click.argument("first")
@click.argument("second")
@FILES
def dedupe(first: str, second: str, file: Path | None) -> None:
    """Compare the articles of ids FIRST and SECOND: what they share, vetoes, scores, the decision."""
    found = _articles({first, second}, file)
    click.echo("\n".join(compared(found[first], found[second]).lines()))


def _articles(wanted: set[str], file: Path | None) -> dict[str, TaggedArticle]:
    """The latest tagged article of each id; WirewatchError names one that is nowhere."""
    found: dict[str, TaggedArticle] = {}
    if file is not None:
        for line in file.read_bytes().splitlines():
            article = TaggedArticle.model_validate_json(line)
            found[article.id] = article
    else:
        for message in _messages(TAGGED):
            if isinstance(message, TaggedArticle) and message.id in wanted:
                found[message.id] = message
    if missing := sorted(wanted - found.keys()):
        raise WirewatchError(f"expected an article {missing[0]}, found none in {file or TAGGED.name}")
    return found


def _messages(topic: Any) -> Any:
    with closing(Reader(configured(), topic.name)) as reader:
        reader.from_beginning()
        for record in reader.until_now():
            message = decoded(topic, record)
            if not isinstance(message, Reject):
                yield message


@explain.command()
@click.argument("rule")
@click.argument("article")
@click.option(
    "--rules", "files", type=click.Path(exists=True, path_type=Path), multiple=True, help="Default: those in force."
)
@click.option("--whole", is_flag=True, help="Every condition, not only those that decide.")
def alert(rule: str, article: str, files: tuple[Path, ...], whole: bool) -> None:
    """Say why RULE alerted for the ARTICLE of that id, told nobody, or did not match."""
    found = [a for a in _messages(ALERTS) if isinstance(a, Alert) and (a.id, a.rule) == (article, rule)]
    for one in found:
        for line in as_text(one):
            click.echo(line)
        click.echo(f"  alert {one.alert_id} of story {one.story}: {told(one)}")
    if not found:
        for line in conditions(*_rule_and_article(rule, article, files)).lines(whole=whole):
            click.echo(line)


def _rule_and_article(rule: str, article: str, files: tuple[Path, ...]) -> tuple[Any, EnrichedArticle, Any]:
    found = {one.name: one for one in (rules_of(files) if files else current(configured(), RULES))}
    latest = [a for a in _messages(ENRICHED) if isinstance(a, EnrichedArticle) and a.id == article]
    if rule not in found:
        raise WirewatchError(f"expected a rule, found none named {rule}; see `wirewatch rules list`")
    if not latest:
        raise WirewatchError(f"expected an article {article}, found none on {ENRICHED.name}")
    return found[rule], latest[-1], found.get
