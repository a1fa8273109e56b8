"""Everything that is known by name: the tables that ship, the knowledge table, and the user's own."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from schemas.entity import EntityType
from streams.entities.index import Index, build_index
from streams.entities.table import Row, read_table
from streams.entities.tokens import Ints

USER, KNOWLEDGE, COUNTRIES, LEGISLATORS, WIKIDATA, PLACES, COMPANIES = range(7)
"""Where an entry comes from, the more trusted first."""

GAZETTEERS = (
    (COUNTRIES, "countries"),
    (LEGISLATORS, "legislators"),
    (WIKIDATA, "wikidata"),
    (PLACES, "places"),
    (COMPANIES, "companies"),
)

TYPES: tuple[str, ...] = (*EntityType, "-")
TYPE_NUMBER = {name: number for number, name in enumerate(TYPES)}
UNTYPED = TYPE_NUMBER["-"]

DATA = files("streams.entities") / "data"


@dataclass(frozen=True)
class Lexicon:
    """Entries as columns, and the index of all their names."""

    name: Sequence[str]
    id: Sequence[str]
    country: Sequence[str]
    type: NDArray[np.int64]
    weight: NDArray[np.int64]
    source: NDArray[np.int64]
    index: Index
    aliases: Sequence[str]


def _gazetteer(name: str) -> Iterator[tuple[str, str, str, str, str, str]]:
    packed = (DATA / "gazetteers" / f"{name}.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode().split("\n")[:-1]:
        title, aliases, kind, identifier, country, weight = line.split("\t")
        yield title, aliases, kind, identifier, country, weight


class _Columns:
    """Columns that grow."""

    def __init__(self) -> None:
        self.name: list[str] = []
        self.id: list[str] = []
        self.country: list[str] = []
        self.type: list[int] = []
        self.weight: list[int] = []
        self.source: list[int] = []
        self.aliases: list[str] = []
        self.owner: list[int] = []

    def add(self, source: int, row: Row) -> None:
        self._add(source, (row.name, row.type, row.id, row.country, row.weight), row.aliases)

    def add_gazetteer(self, source: int, name: str) -> None:
        for title, aliases, kind, identifier, country, weight in _gazetteer(name):
            self._add(source, (title, kind, identifier, country, int(weight)), aliases.split("|") if aliases else ())

    def _add(self, source: int, entry: tuple[str, str, str, str, int], aliases: Iterable[str]) -> None:
        name, kind, identifier, country, weight = entry
        number = len(self.name)
        self.name.append(name)
        self.type.append(TYPE_NUMBER[kind])
        self.id.append(identifier)
        self.country.append(country)
        self.weight.append(weight)
        self.source.append(source)
        names = {name, *aliases}
        self.aliases.extend(names)
        self.owner.extend([number] * len(names))


def knowledge_tables() -> Sequence[Path]:
    """The files of the knowledge table, in order of their names."""
    return sorted(Path(str(DATA / "knowledge")).glob("*.tsv"))


def load_lexicon(tables: Sequence[Path] = ()) -> Lexicon:
    """The shipped tables and ``tables``, which go first. Raises TableError."""
    columns = _Columns()
    for path in tables:
        for row in read_table(path):
            columns.add(USER, row)
    for path in knowledge_tables():
        for row in read_table(path):
            columns.add(KNOWLEDGE, row)
    for source, name in GAZETTEERS:
        columns.add_gazetteer(source, name)
    return _lexicon(columns)


def _lexicon(columns: _Columns) -> Lexicon:
    index = build_index(columns.aliases, np.array(columns.owner, np.int64))
    kind = np.array(columns.type, np.int64)
    weight = np.array(columns.weight, np.int64)
    source = np.array(columns.source, np.int64)
    return Lexicon(
        columns.name, columns.id, columns.country, kind, weight, source, index, columns.aliases
    )  # fmt: skip


def fingerprint(tables: Sequence[Path]) -> str:
    """A hash of everything the tagger is made of: tables, weights, and the code that reads them."""
    digest = hashlib.blake2b(digest_size=6)
    own = Path(str(files("streams.entities")))
    parts = [*own.glob("*.py"), *own.glob("data/**/*.tsv"), *own.glob("data/**/*.gz"), *own.glob("data/**/*.npz")]
    for path in (*sorted(parts), *tables):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def entry_order(lexicon: Lexicon, entries: Ints) -> Ints:
    """How much each entry is preferred among namesakes; larger is better."""
    trusted = np.array([40, 30, 20, 5, 6, 4, 0])
    return np.asarray(trusted[lexicon.source[entries]] + lexicon.weight[entries], np.int64)
