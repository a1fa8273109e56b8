"""``wirewatch rules``: rules as tested data."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import click

from schemas.article import EnrichedArticle
from schemas.topics import ENRICHED, RULES
from streams.commands import configured
from streams.commands.pushing import push_rules
from streams.commands.records import articles_of, current, listed, messages, send
from streams.commands.rulefiles import by_name, names_of, rules_of, shipped_rules
from streams.commands.rules_writing import import_query, mark, new
from streams.commands.since import Since
from streams.errors import WirewatchError
from streams.groups import Group
from streams.reading import latest
from streams.rules import Match, test
from streams.rules import explain as explanation
from streams.rules.checking import example_article
from streams.rules.notes import notes_of
from streams.show import as_text, counted, evidence_lines, heading, visible

LOOK_SECONDS = 0.5
MOST_NAMES = 20
"""Rules that are named when many were pushed."""


@click.group(cls=Group)
def rules() -> None:
    """Write, check, test, list and push alert rules."""


for command in (new, import_query, mark):
    rules.add_command(command)


RULES_FROM = click.option(
    "--rules", "files", type=click.Path(exists=True, path_type=Path), multiple=True, help="Default: the shipped ones."
)
FILES = click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))


@rules.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Say whether rules can be used, and what in them may not be meant.

    Those of FILES and directories; default: the shipped ones.
    """
    found = rules_of(files or (shipped_rules(),))
    for rule in found:
        for note in notes_of(rule, found):
            click.echo(f"note: {rule.name}: {note}")
    click.echo(f"{counted(len(found), 'rule')}, all usable")


@rules.command("test")
@FILES
def test_rules(files: tuple[Path, ...]) -> None:
    """Run each rule's own examples; exit code 1 if one is wrong.

    Of the rules of FILES and directories; default: the shipped ones.
    """
    found = rules_of(files or (shipped_rules(),))
    examples = wrong = 0
    for rule in found:
        failures = test(rule, by_name(found))
        examples += len(rule.tests.fire) + len(rule.tests.quiet)
        wrong += len(failures)
        mark = click.style("wrong", fg="red") if failures else click.style("right", fg="green")
        if not (rule.tests.fire or rule.tests.quiet):
            mark = click.style("untested", fg="yellow")
        click.echo(f"{mark}  {rule.name}  {len(rule.tests.fire)} fire, {len(rule.tests.quiet)} quiet")
        for failure in failures:
            click.echo(f"       {failure}")
    click.echo(f"{counted(examples, 'example')} of {counted(len(found), 'rule')}, {wrong} wrong")
    if wrong:
        raise click.exceptions.Exit(1)


def _no_rule(name: str, found: Any) -> click.ClickException:
    known = ", ".join(names_of(found))
    hint = "name its file by --rules FILE"
    return click.ClickException(f"expected a rule, found none named {name}; known are {known}; {hint}")


@rules.command()
@click.argument("name")
@click.argument("articles", type=click.File("rb"), required=False)
@RULES_FROM
@click.option("--text", "texts", multiple=True, help="Instead of ARTICLES: a sentence, or `title | body`; repeat it.")
@click.option("--whole", is_flag=True, help="Every condition, not only those that decide.")
def explain(name: str, articles: BinaryIO | None, files: tuple[Path, ...], texts: tuple[str, ...], whole: bool) -> None:
    """Say which conditions of rule NAME hold in ARTICLES, and where.

    ARTICLES are JSON Lines as on articles.enriched, or - for a pipe.
    """
    found = rules_of(files or (shipped_rules(),))
    rule = by_name(found)(name)
    if rule is None:
        raise _no_rule(name, found)
    told = 0
    for article in _stated(articles, texts):
        told += 1
        click.echo(heading(article.id))
        for text in explanation(rule, article, by_name(found)).lines(whole=whole):
            click.echo(visible(text))
    if articles is not None and not told:
        click.echo(f"{articles.name} holds no articles", err=True)


def _stated(articles: BinaryIO | None, texts: Sequence[str]) -> Iterator[EnrichedArticle]:
    """Articles of a file, or sentences told on the command line."""
    if (articles is None) == (not texts):
        raise click.UsageError("expected ARTICLES or --text SENTENCE")
    if articles is not None:
        yield from articles_of(EnrichedArticle, articles, articles.name)
    for number, text in enumerate(texts, start=1):
        yield example_article(text).model_copy(update={"id": str(number)})


@rules.command("try")
@click.argument("name")
@RULES_FROM
@click.option("--since", type=Since(), default="7d", show_default=True, help="At most 30s, 10m, 2h, 7d old, or all.")
@click.option("--samples", type=click.IntRange(0), default=5, show_default=True, help="Matches to show.")
def try_rule(name: str, files: tuple[Path, ...], since: float, samples: int) -> None:
    """Match rule NAME against past articles; sends nothing.

    They are those on articles.enriched.
    """
    found = rules_of(files or (shipped_rules(),))
    if name not in found:
        raise _no_rule(name, found)
    days: Counter[str] = Counter()
    total = 0
    for article in _enriched(since):
        total += 1
        for match in found.match(article):
            if match.name != name:
                continue
            days[str(article.effective.date()) if article.effective else "undated"] += 1
            if sum(days.values()) <= samples:
                _show(article, match)
    for day, count in sorted(days.items()):
        click.echo(f"{day}  {count}")
    matched = sum(days.values())
    click.echo(f"{matched} of {total} articles match{f', {matched / total:.2%}' if total else ''}; nothing was sent")


def _enriched(since: float) -> Iterator[EnrichedArticle]:
    seen = set()
    for article in messages(configured(), ENRICHED, since):
        if article.position not in seen:
            seen.add(article.position)
            yield article


def _show(article: EnrichedArticle, match: Match) -> None:
    click.echo(click.style(visible(article.title or article.id), bold=True))
    for line in evidence_lines(match.evidence):
        click.echo(line)


@rules.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def watch(directory: Path) -> None:
    """Push each rule file of DIRECTORY when it is saved, until Ctrl-C."""
    seen: dict[Path, float] = {}
    click.echo(f"watching {directory}; stop with Ctrl-C", err=True)
    with suppress(KeyboardInterrupt):
        while True:
            saved = times_of(sorted(directory.glob("*.yaml")))
            changed = [path for path in saved if seen.get(path) != saved[path]]
            seen |= saved
            for path in changed:
                try:
                    click.echo(f"{path.name}: pushed {_listed(push_rules([path]))}")
                except WirewatchError as error:
                    click.echo(f"{path.name}: not pushed. {error}", err=True)
            time.sleep(LOOK_SECONDS)


def times_of(paths: Iterable[Path]) -> dict[Path, float]:
    """When each file was changed, without those that are gone by now: editors save by renaming."""
    found = {}
    for path in paths:
        with suppress(FileNotFoundError):
            found[path] = path.stat().st_mtime
    return found


@rules.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_rules(as_json: bool) -> None:
    """List the rules in force."""
    found = sorted(current(configured(), RULES), key=lambda r: r.name)
    lines = (line for rule in found for line in ([rule.model_dump_json()] if as_json else as_text(rule)))
    listed(lines, "no rules are in force; `wirewatch rules push` puts the shipped ones in force")


@rules.command()
@FILES
@click.option("--delete", "deleted", multiple=True, help="Delete the rule of this name instead.")
def push(files: tuple[Path, ...], deleted: tuple[str, ...]) -> None:
    """Put rules in force; they are tested first.

    Those of FILES and directories; default: the shipped ones.
    """
    names = push_rules(files or (shipped_rules(),)) if not deleted else _delete(deleted)
    click.echo(f"{len(names)} {'deleted' if deleted else 'pushed'}: {_listed(names)}")


def _listed(names: Sequence[str]) -> str:
    """Names for a line: the first of many."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _delete(names: Sequence[str]) -> Sequence[str]:
    known = latest(configured(), RULES)
    if unknown := [name for name in names if name not in known]:
        raise click.ClickException(f"no rule {', '.join(unknown)}; see `wirewatch rules list`")
    send(configured(), RULES.name, [(name, None) for name in names])
    return names
