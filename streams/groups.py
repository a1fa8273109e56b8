"""Groups of commands that say what was meant by a word they do not know."""

from difflib import get_close_matches

import click


class Group(click.Group):
    """A group that names the nearest of its commands where there is none of that name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            error.message += _meant(args[0], self.list_commands(ctx))
            raise


def _meant(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=2)
    return f" Did you mean {' or '.join(near)}?" if near else f" There are {', '.join(known)}."
