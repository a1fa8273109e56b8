"""The knowledge table keeps the format that its README promises, whoever edits it."""

import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from schemas.entity import EntityType

DIRECTORY = Path(__file__).parents[3] / "streams" / "entities" / "data" / "knowledge"
FILES = sorted(DIRECTORY.glob("*.tsv"))
ITEM = re.compile(r"Q[1-9][0-9]{0,9}")
UNWANTED = re.compile(r"[\x00-\x1f\x7f\u00a0\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff|]|  ")


class Row(NamedTuple):
    """One entity and where it stands."""

    place: str
    name: str
    aliases: tuple[str, ...]
    type: str
    item: str

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)

    @property
    def spoken(self) -> set[str]:
        """What is looked for in texts: brackets after a name only tell namesakes apart."""
        return {*self.aliases, re.sub(r"(?<=\w) \([^()]+\)$", "", self.name)}


def lines_of(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [(f"{path.name}:{number}", line) for number, line in enumerate(lines, 1) if line and line[0] != "#"]


def rows_of(path: Path) -> list[Row]:
    rows = []
    for place, line in lines_of(path):
        columns = line.split("\t")
        assert len(columns) == 4, f"{place}: {len(columns)} columns"
        name, aliases, type_name, item = columns
        rows.append(Row(place, name, tuple(aliases.split("|")) if aliases else (), type_name, item))
    return rows


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for path in FILES for row in rows_of(path)]


def ambiguous_names() -> list[str]:
    text = (DIRECTORY / "ambiguous.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_normalised_text_with_line_feeds(path: Path) -> None:
    content = path.read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    text = content.decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_row_has_four_columns_a_known_type_and_a_well_formed_item(path: Path) -> None:
    rows = rows_of(path)
    assert rows
    known = {str(member) for member in EntityType}
    assert [row.place for row in rows if row.type not in known] == []
    assert [row.place for row in rows if row.item and not ITEM.fullmatch(row.item)] == []


def test_no_name_is_empty_padded_or_holds_control_characters(rows: list[Row]) -> None:
    bad = [
        (row.place, name)
        for row in rows
        for name in row.names
        if len(name) < 2 or name != name.strip() or UNWANTED.search(name)
    ]
    assert bad == []


def test_every_name_holds_a_letter_unless_a_date_became_a_name(rows: list[Row]) -> None:
    bare = [(row, name) for row in rows for name in row.names if not re.search(r"[^\W\d_]", name)]
    dates = re.compile(r"\d{1,2}/\d{1,2}")  # 9/11
    assert [(row.place, name) for row, name in bare if row.type != "EVENT" or not dates.fullmatch(name)] == []


def test_no_row_names_its_entity_twice_the_same_way(rows: list[Row]) -> None:
    assert [row.place for row in rows if len(set(row.names)) != len(row.names)] == []


def test_an_item_stands_for_one_row_or_for_a_place_and_its_demonym(rows: list[Row]) -> None:
    found = defaultdict(list)
    for row in rows:
        if row.item:
            found[row.item].append(row.type)
    shared = {item: sorted(types) for item, types in found.items() if len(types) > 1}
    assert {item: types for item, types in shared.items() if types not in (["GPE", "NORP"], ["LOC", "NORP"])} == {}


def test_a_canonical_name_stands_once_per_type(rows: list[Row]) -> None:
    places = defaultdict(list)
    for row in rows:
        places[row.name, row.type].append(row.place)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_a_name_of_two_entries_is_listed_as_ambiguous(rows: list[Row]) -> None:
    places = defaultdict(list)
    for row in rows:
        for name in row.spoken:
            places[name].append(row.place)
    listed = set(ambiguous_names())
    assert {name: found for name, found in places.items() if len(found) > 1 and name not in listed} == {}


def test_what_is_listed_as_ambiguous_is_sorted_and_stands_in_the_table(rows: list[Row]) -> None:
    listed = ambiguous_names()
    assert listed == sorted(set(listed))
    known = {name for row in rows for name in row.spoken}
    assert [name for name in listed if name not in known] == []


def test_brackets_stand_in_pairs(rows: list[Row]) -> None:
    assert [(row.place, name) for row in rows for name in row.names if name.count("(") != name.count(")")] == []
