"""The option `--since` of commands that read topics."""

from typing import Any

import click

from streams.errors import WirewatchError
from streams.reading import since_of


class Since(click.ParamType):
    """A span before now, or `all`: as seconds since 1970, 0 for all there is."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return value if isinstance(value, float) else since_of(value)
        except WirewatchError as error:
            self.fail(str(error), param, ctx)
