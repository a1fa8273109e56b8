"""What the cleaner knows of a text while it reads it: its lines, and the facts they state."""

from dataclasses import dataclass, field

from schemas.article import Flag, ParagraphKind
from streams.text.dates import Stated


@dataclass(slots=True)
class Line:
    """A line of the text: kept or not, as what, and why."""

    number: int
    """1-based, in the text as it arrived."""
    text: str
    block: int
    """Lines of one block have no blank line between them."""
    kept: bool = True
    kind: str = "paragraph"
    why: str = ""
    form: ParagraphKind | None = None
    """What the page's markup says it is; None for plain text."""
    boxed: bool = False
    """Whether it stands in a part of the page of its own."""
    cut: str = ""
    """What was cut off this line while the line stays."""

    def drop(self, kind: str, why: str) -> None:
        self.kept, self.kind, self.why = False, kind, why


@dataclass(slots=True)
class Found:
    """Facts that the text states, each where it was found; None where it does not say."""

    title: str | None = None
    standfirst: str | None = None
    section: str | None = None
    published: Stated | None = None
    updated: Stated | None = None
    authors: list[str] = field(default_factory=list)
    editor: str | None = None
    source: str | None = None
    publisher: str | None = None
    captions: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    def add_flag(self, flag: Flag) -> None:
        if flag not in self.flags:
            self.flags.append(flag)


def add_once(values: list[str], value: str) -> None:
    """Append ``value`` unless it is there or empty."""
    if value and value not in values:
        values.append(value)
