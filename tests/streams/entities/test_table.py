"""Tables as people write them, and what is said of the broken ones."""

import pytest

from schemas.entity import EntityType
from streams.entities import TableError, load_tagger
from streams.entities.datafiles import knowledge_tables
from streams.entities.table import read_rows, read_table


def rows(text: str):
    return list(read_rows("my.tsv", text))


def test_a_row_has_a_name_aliases_a_type_and_an_id():
    [row] = rows("# comment\n\nExample Group\tEG|The Group\tORG\tQ42\n")

    assert (row.name, row.aliases, row.type, row.id) == ("Example Group", ("EG", "The Group"), EntityType.ORG, "Q42")


def test_aliases_and_id_may_be_empty_and_the_last_column_left_out():
    assert [(row.aliases, row.id) for row in rows("One\t\tORG\t\nTwo\t\tORG\n")] == [((), ""), ((), "")]


def test_line_ends_of_windows_and_a_byte_order_mark_are_read():
    assert [row.name for row in rows("\ufeffOne\t\tORG\t\r\nTwo\t\tGPE\t\r\n")] == ["One", "Two"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Good\t\tORG\t\nOnly a name", "my.tsv:2:1: expected name, aliases, type and id between tabs; found 1 fields"),
        ("Name\talias\tCLUB\t", "my.tsv:1:12: expected a type out of PERSON,"),
        ("\talias\tORG\t", "my.tsv:1:1: expected a name with a letter in it; found ''"),
        ("Name\tgood|--\tORG\t", "my.tsv:1:11: expected a name with a letter in it; found '--'"),
        ("Name\t\tORG\t42", "my.tsv:1:11: expected an id that starts with one of Q,"),
        ("Name\t\tORG\tQx", "my.tsv:1:11: expected a Wikidata id such as Q796; found 'Qx'"),
        ("Name\t\tORG\tQ1\nName\t\tORG\tQ2", "my.tsv:2:1: 'Name' has the id Q2 here and Q1 in line 1"),
        ("N" * 201 + "\t\tORG\t", "my.tsv:1:1: expected a name of at most 200 characters; found 201"),
    ],
)
def test_a_broken_line_is_named_with_file_line_and_column(text, message):
    with pytest.raises(TableError) as error:
        rows(text)

    assert str(error.value).startswith(message)


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path):
    path = tmp_path / "my.tsv"
    path.write_bytes(b"One\t\tORG\t\nCaf\xe9\t\tORG\t\n")

    with pytest.raises(TableError, match=r"my\.tsv:2:1: expected UTF-8"):
        read_table(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TableError, match=r"none\.tsv: cannot be read"):
        load_tagger([tmp_path / "none.tsv"])


@pytest.mark.parametrize("path", knowledge_tables(), ids=lambda path: path.name)
def test_the_shipped_tables_can_be_read(path):
    assert len(read_table(path)) > 20
