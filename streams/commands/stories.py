"""``wirewatch stories``: the current stories, and a person's corrections of them."""

import json
import secrets
from typing import Any

import click

from schemas.article import Story, StoryCorrection
from schemas.topics import STORIES, TAGGED
from streams.commands import configured
from streams.commands.records import current, listed, put
from streams.groups import Group
from streams.show import as_text

LANGUAGE = click.option("--language", default="en", show_default=True, help="Language the story is in.")


AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def _listing(command: Any) -> Any:
    """The options of a list of stories."""
    least = click.option("--least", type=click.IntRange(1), default=1, show_default=True, help="Fewest articles.")
    return AS_JSON(least(command))


@click.group(cls=Group, invoke_without_command=True)
@_listing
@click.pass_context
def stories(context: click.Context, /, **how: Any) -> None:
    """List the current stories, or correct them."""
    if not context.invoked_subcommand:
        context.invoke(list_stories, **how)


@stories.command("list")
@_listing
def list_stories(as_json: bool, least: int) -> None:
    """List the current stories, the largest first."""
    found = sorted(current(configured(), STORIES), key=lambda story: (-story.size, story.id))
    shown = [story for story in found if story.size >= least and not story.merged_into]
    lines = (line for story in shown for line in ([story.model_dump_json()] if as_json else as_text(story)))
    listed(lines, "no such stories" if least > 1 else "no stories yet")


@stories.command()
@click.argument("story")
@click.argument("members", nargs=-1, required=True)
@LANGUAGE
@AS_JSON
def split(story: str, members: tuple[str, ...], language: str, as_json: bool) -> None:
    """Take the articles MEMBERS out of STORY, into a story of their own."""
    (found,) = _current(story)
    if found.size <= len(found.members) and (strange := sorted(set(members) - set(found.members))):
        raise click.ClickException(f"expected articles of story {story}, found {', '.join(strange)}")
    _correct(StoryCorrection(id=_new_id(), action="split", story=story, members=members, language=language), as_json)


@stories.command()
@click.argument("story")
@click.argument("into")
@LANGUAGE
@AS_JSON
def merge(story: str, into: str, language: str, as_json: bool) -> None:
    """Make one story of STORY and INTO; the older one goes on."""
    if story == into:
        raise click.UsageError(f"expected two stories, found {story} twice")
    _current(story, into)
    _correct(StoryCorrection(id=_new_id(), action="merge", story=story, into=into, language=language), as_json)


def _current(*wanted: str) -> list[Story]:
    """The stories of these ids: a correction of any other would come to nothing without a word."""
    known = {story.id: story for story in current(configured(), STORIES) if not story.merged_into}
    if missing := [name for name in wanted if name not in known]:
        raise click.ClickException(f"expected a current story, found none {missing[0]}; see `wirewatch stories`")
    return [known[name] for name in wanted]


def _new_id() -> str:
    return f"correction-{secrets.token_hex(8)}"


def _correct(correction: StoryCorrection, as_json: bool) -> None:
    """Into the log that stories are made from, where it stands in order with the articles."""
    (sent,) = put(configured(), TAGGED, [correction], "stories")
    row = {"id": correction.id, "topic": TAGGED.name, "partition": sent.partition, "offset": sent.offset}
    click.echo(json.dumps(row) if as_json else f"{correction.id}  {TAGGED.name}-{sent.partition}-{sent.offset}")
