"""Tables of names as people write them: ``name<TAB>aliases separated by |<TAB>type<TAB>id``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.entity import EntityType

ID = ("Q", "geonames:", "iso:", "x:", "user:")
"""How an id may start: a Wikidata item, a GeoNames or ISO 3166 code, or an id of the user's own."""

MAXIMAL_NAME = 200
"""Code points; a longer name is a mistake in the table."""


class TableError(ValueError):
    """A table that cannot be read; the message names file, line and column."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entity of a table: what it is called and which id it has ('' when none is known)."""

    name: str
    aliases: tuple[str, ...]
    type: EntityType
    id: str = ""
    country: str = ""
    weight: int = 0
    """How well known it is, 0 to 9: decides between namesakes when the text does not."""


def _fail(source: str, line: int, column: int, message: str) -> TableError:
    return TableError(f"{source}:{line}:{column}: {message}")


def _type(source: str, line: int, column: int, word: str) -> EntityType:
    try:
        return EntityType(word.strip())
    except ValueError:
        known = ", ".join(EntityType)
        raise _fail(source, line, column, f"expected a type out of {known}; found {word!r}") from None


def _checked_name(source: str, line: int, column: int, name: str) -> str:
    name = name.strip()
    if len(name) > MAXIMAL_NAME:
        raise _fail(source, line, column, f"expected a name of at most {MAXIMAL_NAME} characters; found {len(name)}")
    if not any(character.isalnum() for character in name):
        raise _fail(source, line, column, f"expected a name with a letter in it; found {name!r}")
    return name


def _checked_id(source: str, line: int, column: int, identifier: str) -> str:
    identifier = identifier.strip()
    if identifier and not identifier.startswith(ID):
        raise _fail(
            source, line, column, f"expected an id that starts with one of {', '.join(ID)}; found {identifier!r}"
        )
    if identifier.startswith("Q") and not identifier[1:].isdigit():
        raise _fail(source, line, column, f"expected a Wikidata id such as Q796; found {identifier!r}")
    return identifier


def read_row(source: str, line: int, text: str) -> Row:
    """One line of a table; raises TableError."""
    fields = text.split("\t")
    if not 3 <= len(fields) <= 4:
        raise _fail(source, line, 1, f"expected name, aliases, type and id between tabs; found {len(fields)} fields")
    columns = [1]
    for value in fields:
        columns.append(columns[-1] + len(value) + 1)
    name = _checked_name(source, line, columns[0], fields[0])
    aliases, column = [], columns[1]
    for alias in fields[1].split("|"):
        if alias.strip():
            aliases.append(_checked_name(source, line, column, alias))
        column += len(alias) + 1
    kind = _type(source, line, columns[2], fields[2])
    identifier = _checked_id(source, line, columns[3], fields[3]) if len(fields) == 4 else ""
    return Row(name, tuple(aliases), kind, identifier)


def read_rows(source: str, text: str) -> Iterator[Row]:
    """The rows of a table; lines that are empty or start with # are left out. Raises TableError."""
    seen: dict[tuple[str, str], tuple[int, Row]] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        line = line.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        row = read_row(source, number, line)
        earlier = seen.setdefault((row.name, row.type), (number, row))
        if earlier[0] != number and earlier[1].id and row.id and earlier[1].id != row.id:
            message = f"{row.name!r} has the id {row.id} here and {earlier[1].id} in line {earlier[0]}"
            raise _fail(source, number, 1, message)
        yield row


def read_table(path: Path) -> Sequence[Row]:
    """The rows of the file; raises TableError, also when it is missing or not UTF-8."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise _fail(path.name, line, 1, f"expected UTF-8; found byte {error.start} that is not") from None
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}") from error
    return tuple(read_rows(path.name, text))
