"""``wirewatch rules``: rules as tested data."""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import click
from pydantic import ValidationError

from schemas.article import EnrichedArticle
from schemas.topics import ENRICHED, RULES
from streams.commands import configured
from streams.commands.records import current, latest, send
from streams.errors import WirewatchError
from streams.errors import explain as in_words
from streams.reading import Reader, since_of
from streams.rules import Match, QueryError, RulesError, import_lucene, load_rules, suggest, test
from streams.rules import explain as explanation
from streams.rules.writing import to_yaml, with_example
from streams.show import evidence_lines, visible

LOOK_SECONDS = 0.5
MOST_NAMES = 20
"""Rules that are named when many were pushed."""
SHIPPED = Path("seeds") / "rules"


def shipped_rules() -> Path:
    """The rules that come with wirewatch: of this checkout, else of the installation."""
    for root in (Path.cwd(), Path(sys.prefix) / "share" / "wirewatch"):
        if (root / SHIPPED).is_dir():
            return root / SHIPPED
    raise WirewatchError(f"expected rules in {SHIPPED}, found none; name files of rules")


def rules_of(files: Sequence[Path]) -> Any:
    """The rules of ``files`` and directories, ready to match; says everything that is wrong with them."""
    try:
        return load_rules(files)
    except RulesError as error:
        raise WirewatchError(str(error)) from None


@click.group()
def rules() -> None:
    """Check, test, list and push alert rules."""


FILES = click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))


@rules.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Say whether the rules of FILES (default: the shipped ones) can be used."""
    click.echo(f"{len(rules_of(files or (shipped_rules(),)))} rules, all usable")


@rules.command("test")
@FILES
def test_rules(files: tuple[Path, ...]) -> None:
    """Run each rule's own examples; exit code 1 if one is wrong."""
    found = rules_of(files or (shipped_rules(),))
    examples = wrong = 0
    for rule in found:
        failures = test(rule, _by_name(found))
        examples += len(rule.tests.fire) + len(rule.tests.quiet)
        wrong += len(failures)
        mark = click.style("wrong", fg="red") if failures else click.style("right", fg="green")
        if not (rule.tests.fire or rule.tests.quiet):
            mark = click.style("untested", fg="yellow")
        click.echo(f"{mark}  {rule.name}  {len(rule.tests.fire)} fire, {len(rule.tests.quiet)} quiet")
        for failure in failures:
            click.echo(f"       {failure}")
    click.echo(f"{examples} examples of {len(found)} rules, {wrong} wrong")
    if wrong:
        raise click.exceptions.Exit(1)


@rules.command()
@click.argument("name")
@click.argument("articles", type=click.File("rb"))
@click.option("--file", "files", type=click.Path(exists=True, path_type=Path), multiple=True, help="Default: shipped.")
@click.option("--whole", is_flag=True, help="Every condition, not only those that decide.")
def explain(name: str, articles: BinaryIO, files: tuple[Path, ...], whole: bool) -> None:
    """Say of each condition of rule NAME whether it holds in ARTICLES (JSON Lines, or - for a pipe), and where."""
    found = rules_of(files or (shipped_rules(),))
    rule = _by_name(found)(name)
    if rule is None:
        raise click.ClickException(f"expected a rule, found none named {name}; known are {', '.join(_names(found))}")
    for number, line in enumerate(articles, start=1):
        article = _article(line, f"{articles.name}:{number}")
        click.echo(click.style(f"── {article.id}", bold=True))
        for text in explanation(rule, article, _by_name(found)).lines(whole=whole):
            click.echo(text)


@rules.command("try")
@click.argument("name")
@click.option("--file", "files", type=click.Path(exists=True, path_type=Path), multiple=True, help="Default: shipped.")
@click.option("--since", default="7d", show_default=True, help="At most 30s, 10m, 2h, 7d old, or all.")
@click.option("--samples", type=click.IntRange(0), default=5, show_default=True)
def try_rule(name: str, files: tuple[Path, ...], since: str, samples: int) -> None:
    """Match rule NAME against what is on articles.enriched; sends nothing."""
    found = rules_of(files or (shipped_rules(),))
    if name not in found:
        raise click.ClickException(f"expected a rule, found none named {name}; known are {', '.join(_names(found))}")
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


def _enriched(since: str) -> Iterator[EnrichedArticle]:
    reader = Reader(configured(), ENRICHED.name)
    reader.from_time(since_of(since)) if since != "all" else reader.from_beginning()
    seen = set()
    for record in reader.until_now():
        article = EnrichedArticle.model_validate_json(record.value or b"")
        if article.position not in seen:
            seen.add(article.position)
            yield article
    reader.close()


def _show(article: EnrichedArticle, match: Match) -> None:
    click.echo(click.style(visible(article.title or article.id), bold=True))
    for line in evidence_lines(match.evidence):
        click.echo(line)


def _article(line: bytes, where: str) -> EnrichedArticle:
    try:
        return EnrichedArticle.model_validate_json(line)
    except ValidationError as error:
        raise click.ClickException(f"{where} is not an article. {in_words(error)}") from None


def _names(found: Any) -> list[str]:
    return sorted(rule.name for rule in found)


@rules.command()
@click.argument("name")
@click.option("--fire", multiple=True, required=True, help="A sentence it should fire on; repeat it.")
@click.option("--quiet", multiple=True, help="A sentence it should not fire on; repeat it.")
def new(name: str, fire: tuple[str, ...], quiet: tuple[str, ...]) -> None:
    """Print a first rule made of example sentences, with the sentences as its tests."""
    try:
        rule = suggest(fire, quiet, name)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(to_yaml(rule), nl=False)
    failures = test(rule)
    click.echo(f"{len(failures)} of {len(fire) + len(quiet)} examples wrong", err=True)


@rules.command("import")
@click.argument("query")
def import_query(query: str) -> None:
    """Print a Lucene QUERY in the language of rules."""
    try:
        click.echo(import_lucene(query))
    except QueryError as error:
        raise click.ClickException(str(error)) from None


@rules.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("name")
@click.argument("verdict", type=click.Choice(["wrong", "missed"]))
@click.argument("sentences", nargs=-1)
@click.option("--article", type=click.File("rb"), help="Instead of SENTENCES: what the rule found in this one (JSON).")
def mark(file: Path, name: str, verdict: str, sentences: tuple[str, ...], article: BinaryIO | None) -> None:
    """Add real SENTENCES that rule NAME of FILE got wrong or missed to its tests, and show what fails now."""
    if name not in (before := rules_of((file,))):
        raise click.ClickException(f"{file}: expected a rule named {name}, found {', '.join(_names(before))}")
    if article is not None:
        sentences += _found_in(article, before, name)
    if not sentences:
        raise click.UsageError("expected a sentence; with --article, one in which the rule finds something")
    for sentence in sentences:
        text = with_example(file.read_text("utf-8"), name, "quiet" if verdict == "wrong" else "fire", sentence)
        file.write_text(text, "utf-8")
    found = rules_of((file,))
    failures = test(found.rule(name), _by_name(found))
    for failure in failures:
        click.echo(str(failure))
    click.echo(f"{len(sentences)} marked {verdict}; {len(failures)} examples of {name} fail now", err=True)


def _found_in(article: BinaryIO, known: Any, name: str) -> tuple[str, ...]:
    """The sentences of an article in which a rule finds something."""
    read = _article(article.readline(), article.name)
    found = [one.sentence for match in known.match(read) if match.name == name for one in match.evidence]
    return tuple(dict.fromkeys(found))


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


def _by_name(found: Any) -> Any:
    return lambda name: found.rule(name) if name in found else None


@rules.command("list")
def list_rules() -> None:
    """The rules that workers have read from the topic."""
    for rule in sorted(current(configured(), RULES), key=lambda r: r.name):
        click.echo(f"{rule.name:<32} {rule.severity:<9} {rule.description or ''}")


@rules.command()
@FILES
@click.option("--delete", "deleted", multiple=True, help="Delete the rule of this name instead.")
def push(files: tuple[Path, ...], deleted: tuple[str, ...]) -> None:
    """Put the rules of FILES (default: the shipped ones) in force; they are tested first."""
    names = push_rules(files or (shipped_rules(),)) if not deleted else _delete(deleted)
    click.echo(f"{len(names)} {'deleted' if deleted else 'pushed'}: {_listed(names)}")


def _listed(names: Sequence[str]) -> str:
    """Names for a line: the first of many."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def push_rules(files: Sequence[Path], settings: Any = None) -> list[str]:
    """Send the rules of ``files`` to their topic; the names, once the broker has confirmed each."""
    found = rules_of(files)
    for rule in found:
        if failures := test(rule, _by_name(found)):
            raise WirewatchError(f"{rule.name} fails {len(failures)} of its own examples; see `wirewatch rules test`")
    send(settings or configured(), RULES.name, [(rule.name, rule.to_json()) for rule in found])
    return [rule.name for rule in found]


def _delete(names: Sequence[str]) -> Sequence[str]:
    known = latest(configured(), RULES)
    if unknown := [name for name in names if name not in known]:
        raise click.ClickException(f"no rule {', '.join(unknown)}; see `wirewatch rules list`")
    send(configured(), RULES.name, [(name, None) for name in names])
    return names
