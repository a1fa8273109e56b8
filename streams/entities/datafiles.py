"""The files that ship with the package, as the tables are made of them."""

import gzip
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

DATA = files("streams.entities") / "data"


def gazetteer(name: str) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Name, aliases, type, id, country and weight of each row of ``data/gazetteers``."""
    packed = (DATA / "gazetteers" / f"{name}.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode().split("\n")[:-1]:
        title, aliases, kind, identifier, country, weight = line.split("\t")
        yield title, aliases, kind, identifier, country, weight


def descriptions() -> Iterator[tuple[str, str, str, list[str]]]:
    """Description, name and type of the entry, and the names of which the article must have one."""
    for line in _lines("descriptions.tsv"):
        description, name, kind, companions = line.split("\t")
        yield description, name, kind, companions.split("|")


def given_names() -> set[str]:
    """The names of ``data/given_names.txt``."""
    return set((DATA / "given_names.txt").read_text(encoding="utf-8").split())


def ambiguous_names() -> frozenset[str]:
    """The names of the knowledge table that also mean something outside it."""
    return frozenset(map(str.strip, _lines("knowledge", "ambiguous.txt")))


def common_words() -> tuple[str, ...]:
    """The words of ``data/common_words.txt``, which name nothing."""
    return tuple(word for line in _lines("common_words.txt") for word in line.split())


def everyday_lines() -> list[str]:
    """The lines of ``data/everyday_words.txt``: a language's code and its words."""
    return _lines("everyday_words.txt")


def _lines(*names: str) -> list[str]:
    """The lines of a file that are neither empty nor comments."""
    lines = DATA.joinpath(*names).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def knowledge_tables() -> Sequence[Path]:
    """The files of the knowledge table, in order of their names, and the few names the gazetteers lack."""
    return [*sorted(Path(str(DATA / "knowledge")).glob("*.tsv")), Path(str(DATA / "core.tsv"))]
