"""``wirewatch stories``: the current stories, and a person's corrections of them."""

import json
import secrets

import click

from schemas.article import StoryCorrection
from schemas.topics import STORIES, TAGGED
from streams.commands import configured
from streams.commands.records import current, send
from streams.show import as_text, visible

LANGUAGE = click.option("--language", default="en", show_default=True, help="Language the story is in.")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--least", type=click.IntRange(1), default=1, show_default=True, help="Fewest articles.")
@click.pass_context
def stories(context: click.Context, as_json: bool, least: int) -> None:
    """List the current stories, the largest first; or correct them."""
    if context.invoked_subcommand:
        return
    for story in sorted(current(configured(), STORIES), key=lambda s: (-s.size, s.id)):
        if story.size < least or story.merged_into:
            continue
        for line in [story.model_dump_json()] if as_json else as_text(story):
            click.echo(line)


@stories.command()
@click.argument("story")
@click.argument("members", nargs=-1, required=True)
@LANGUAGE
def split(story: str, members: tuple[str, ...], language: str) -> None:
    """Take the articles MEMBERS out of STORY, into a story of their own."""
    _correct(StoryCorrection(id=_new_id(), action="split", story=story, members=members, language=language))


@stories.command()
@click.argument("story")
@click.argument("into")
@LANGUAGE
def merge(story: str, into: str, language: str) -> None:
    """Make one story of STORY and INTO; the older one goes on."""
    _correct(StoryCorrection(id=_new_id(), action="merge", story=story, into=into, language=language))


def _new_id() -> str:
    return f"correction-{secrets.token_hex(8)}"


def _correct(correction: StoryCorrection) -> None:
    """Into the log that stories are made from, where it stands in order with the articles."""
    (sent,) = send(configured(), TAGGED.name, [(correction.language or "und", correction.to_json())])
    where = {"id": correction.id, "partition": sent.partition, "offset": sent.offset}
    click.echo(visible(json.dumps(where)))
