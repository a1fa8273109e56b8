"""``wirewatch explain``: why two articles were put together, and why an alert came or did not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from schemas.alert import Alert
from schemas.article import EnrichedArticle, TaggedArticle
from schemas.rule import Rule, Silence
from schemas.topics import ALERTS, ENRICHED, RULES, SILENCES, TAGGED
from streams.commands import configured
from streams.commands.records import articles_of, current, messages
from streams.commands.rulefiles import rules_of
from streams.dedup.explain import explain as compared
from streams.errors import WirewatchError
from streams.groups import Group
from streams.rules import QueryError
from streams.rules import explain as conditions
from streams.rules.notifying import covers
from streams.show import as_text, told, visible

FILES = click.option(
    "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON Lines instead of topics."
)


@click.group(cls=Group)
def explain() -> None:
    """Say why two articles are one story, or why a rule alerted."""


@explain.command()
@click.argument("first")
@click.argument("second")
@FILES
def dedupe(first: str, second: str, file: Path | None) -> None:
    """Compare the articles of ids FIRST and SECOND.

    Shows what they share, vetoes, scores and the decision.
    """
    found = _articles({first, second}, file)
    click.echo(visible("\n".join(compared(found[first], found[second]).lines())))


def _articles(wanted: set[str], file: Path | None) -> dict[str, TaggedArticle]:
    """The latest tagged article of each id; WirewatchError names one that is nowhere."""
    found: dict[str, TaggedArticle] = {}
    there = (
        articles_of(TaggedArticle, file.read_bytes().splitlines(), str(file))
        if file
        else messages(configured(), TAGGED)
    )
    for article in there:
        if article.id in wanted:
            found[article.id] = article
    if missing := sorted(wanted - found.keys()):
        raise WirewatchError(f"expected an article {missing[0]}, found none in {file or TAGGED.name}")
    return found


@explain.command()
@click.argument("rule")
@click.argument("article")
@click.option(
    "--rules", "files", type=click.Path(exists=True, path_type=Path), multiple=True, help="Default: those in force."
)
@click.option("--whole", is_flag=True, help="Every condition, not only those that decide.")
def alert(rule: str, article: str, files: tuple[Path, ...], whole: bool) -> None:
    """Say why RULE alerted for ARTICLE, told nobody, or did not match.

    ARTICLE is an id. With --rules also what the rule of the files makes of it.
    """
    of_rule = {a.alert_id: a for a in messages(configured(), ALERTS) if a.rule == rule}
    found = [one for one in of_rule.values() if one.id == article]
    for one in found:
        for line in as_text(one):
            click.echo(line)
        click.echo(visible(f"  alert {one.alert_id} of story {one.story}: {told(one)}"))
        if one.suppressed:
            rules, silences = current(configured(), RULES), current(configured(), SILENCES)
            click.echo(f"  {why_quiet(one, of_rule.get(one.suppressed_by or ''), rules, silences)}")
    if files or not found:
        try:
            explanation = conditions(*_rule_and_article(rule, article, files))
        except QueryError as error:
            raise WirewatchError(f"{rule} as it stands on its topic cannot be used: {error}") from None
        for line in explanation.lines(whole=whole):
            click.echo(visible(line))


def why_quiet(alert: Alert, teller: Alert | None, rules: Sequence[Rule], silences: Sequence[Silence]) -> str:
    """What kept ``alert`` from being told, by name: ``teller`` told of its story, rules and silences are today's."""
    rule = next((rule for rule in rules if rule.name == alert.rule), None) or Rule(name=alert.rule)
    match alert.suppressed:
        case "story":
            first = f", at article {teller.id} of {teller.time:%Y-%m-%d %H:%M} UTC" if teller and teller.time else ""
            return f"its story was told of already, by alert {alert.suppressed_by}{first}"
        case "threshold":
            wanted = ", ".join(f"{name} {value}" for name, value in rule.when.items())
            return f"so far {alert.articles} articles of {alert.sources} publishers; the rule waits for {wanted}"
        case "silenced":
            moment = max(at.timestamp() for at in (alert.time, alert.first_seen) if at)
            covering = [one.id for one in silences if covers(one, rule, moment)]
            return f"silence {', '.join(covering)}" if covering else "by a silence that was ended since"
        case "inhibited":
            holders = ", ".join(one.name for one in rules if alert.rule in one.inhibits)
            return f"the article matches {holders}, which inhibits {alert.rule}"
        case "old":
            return f"its time, {alert.time}, is over {rule.notify_within} before the newest (notify_within)"
        case "backlog":
            return "it was old when first seen: an archive, the first poll of a feed, `publish --backlog`"
        case "throttled":
            return f"the rule had told of {rule.throttle} already (throttle); it goes to the next digest"
        case "frequent":
            return "the rule fires on over 2 % of articles; it goes to the next digest"
    return f"the rule says so: paused {str(rule.paused).lower()}, warmup {rule.warmup}, pause_above {rule.pause_above}"


def _rule_and_article(rule: str, article: str, files: tuple[Path, ...]) -> tuple[Any, EnrichedArticle, Any]:
    found = {one.name: one for one in (rules_of(files) if files else current(configured(), RULES))}
    latest = [a for a in messages(configured(), ENRICHED) if a.id == article]
    if rule not in found:
        raise WirewatchError(f"expected a rule, found none named {rule}; see `wirewatch rules list`")
    if not latest:
        raise WirewatchError(f"expected an article {article}, found none on {ENRICHED.name}")
    return found[rule], latest[-1], found.get
