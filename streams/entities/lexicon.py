"""Everything that is known by name: the tables that ship, the knowledge table, and the user's own."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.entities.datafiles import ambiguous_names, knowledge_tables
from streams.entities.entries import GAZETTEERS, KNOWLEDGE, TRUSTED, USER, Columns
from streams.entities.forms import ABBREVIATED, INTERRUPTED
from streams.entities.index import Index, build_index
from streams.entities.table import read_table
from streams.entities.tokens import Flags, Ints


@dataclass(frozen=True)
class Lexicon:
    """Entries as columns, and the index of all their names."""

    name: Sequence[str]
    id: Sequence[str]
    country: Sequence[str]
    type: NDArray[np.int64]
    weight: NDArray[np.int64]
    source: NDArray[np.int64]
    order: Ints
    """Of each entry how much it is preferred among namesakes; larger is better."""
    kinds: Sequence[int]
    """Types, preferences and sources once more, as lists: one at a time they are read faster."""
    orders: Sequence[int]
    sources: Sequence[int]
    points_at: Mapping[int, int]
    """Of each demonym's entry the type of the place it points at."""
    index: Index
    aliases: Sequence[str]
    abbreviated: NDArray[np.bool_]
    """Of each alias of the index: whether it ends with a period that is not that of initials."""
    interrupted: NDArray[np.bool_]
    """Of each alias of the index: whether it has a comma, or a period before a space, inside."""
    unsure: NDArray[np.bool_]
    """Of each alias of the index: whether it also means something else, and so needs support from the text."""
    described: NDArray[np.bool_]
    """Of each alias of the index: whether it is a description, which needs one of certain entries in the text."""
    needed: Mapping[int, Ints]
    """Of each description's alias those entries."""
    same: Ints
    """Of each entry the first one that has its id."""
    teams: frozenset[int]
    """Organisations called like a place and one more word, which they are known by: the Miami Heat."""

    @cached_property
    def lists(self) -> tuple[object, ...]:
        """What is of all entries or of some, for kernels."""
        return self.name, self.id, self.country, self.points_at, self.teams


def load_lexicon(tables: Sequence[Path] = ()) -> Lexicon:
    """The shipped tables and ``tables``, which go first. Raises TableError."""
    columns = Columns()
    for path in tables:
        for row in read_table(path):
            columns.add(USER, row)
    for path in knowledge_tables():
        for row in read_table(path):
            columns.add(KNOWLEDGE, row)
    for source, name in GAZETTEERS:
        columns.add_gazetteer(source, name)
    columns.add_parts_of_names()
    columns.add_common_words()
    columns.borrow_ids()
    columns.withhold_doubtful_ids()
    columns.place_entries()
    columns.name_demonyms()
    columns.add_descriptions()
    return _lexicon(columns)


def _lexicon(columns: Columns) -> Lexicon:
    columns.forget_repeats()
    index = build_index(columns.aliases, np.array(columns.owner, np.int64))
    weight, source = np.array(columns.weight, np.int64), np.array(columns.source, np.int64)
    order, same = np.array(TRUSTED)[source] + weight, _same(columns.id)
    return Lexicon(
        name=columns.name, id=columns.id, country=columns.country, type=np.array(columns.type, np.int64),
        weight=weight, source=source, order=order, kinds=columns.type, orders=order.tolist(), sources=columns.source,
        points_at=columns.points_at, index=index, aliases=columns.aliases, same=same, teams=columns.teams(),
        **_of_aliases(columns, index, source[index.owner] == KNOWLEDGE, same),
    )  # fmt: skip


def _of_aliases(columns: Columns, index: Index, known: Flags, same: Ints) -> dict[str, Any]:
    """What a lexicon has of each alias of its index; ``known`` says which are of the table of knowledge."""
    spelled = [columns.aliases[text] for text in index.text.tolist()]
    needed = {
        row: same[list(columns.needed[text])]
        for row, text in enumerate(spelled)
        if text in columns.needed and known[row]
    }
    described, ambiguous = np.zeros(len(spelled), np.bool_), ambiguous_names()
    described[list(needed)] = True
    return {
        "abbreviated": _flags(text[-1:] == "." and ABBREVIATED.search(text) is not None for text in spelled),
        "interrupted": _flags(INTERRUPTED.search(text) is not None for text in spelled),
        "unsure": _flags(text in ambiguous for text in spelled) & known | described,
        "described": described,
        "needed": needed,
    }


def _flags(each: Iterable[bool]) -> Flags:
    return np.fromiter(each, np.bool_)


def _same(identifiers: Sequence[str]) -> Ints:
    first: dict[str, int] = {}
    return np.array(
        [first.setdefault(identifier, n) if identifier else n for n, identifier in enumerate(identifiers)], np.int64
    )


def fingerprint(tables: Sequence[Path]) -> str:
    """A hash of everything the tagger is made of: tables, weights, and the code that reads them."""
    digest = hashlib.blake2b(digest_size=6)
    own = Path(str(files("streams.entities")))
    parts = [
        *own.glob("*.py"),
        Path(str(files("streams.text") / "hashing.py")),
        *own.glob("data/**/*.tsv"),
        *own.glob("data/**/*.txt"),
        *own.glob("data/**/*.gz"),
        *own.glob("data/**/*.npz"),
    ]
    for path in (*sorted(parts), *tables):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
