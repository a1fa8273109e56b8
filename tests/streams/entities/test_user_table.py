"""A user's own names: found, preferred, and reloaded."""

import pytest

from schemas.article import CleanArticle
from streams.entities import TableError, load_tagger


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def ids(tagger, body):
    return {
        m.surface: (entity.id, str(m.type))
        for entity in tagger.tag(CleanArticle(id="1", body=body))
        for m in entity.mentions
    }


def test_a_users_names_go_before_the_shipped_ones(tmp_path):
    table = write(tmp_path / "my.tsv", "Example Brigade\tEB|zorblat unit\tARMED_GROUP\tuser:eb\nHamas\t\tORG\tuser:h\n")

    found = ids(load_tagger([table]), "The Example Brigade (EB), the zorblat unit and Hamas met.")

    assert found == {
        "Example Brigade": ("user:eb", "ARMED_GROUP"),
        "EB": ("user:eb", "ARMED_GROUP"),
        "zorblat unit": ("user:eb", "ARMED_GROUP"),
        "Hamas": ("user:h", "ORG"),
    }


def test_a_changed_table_makes_another_version_and_a_broken_one_an_error(tmp_path):
    table = write(tmp_path / "my.tsv", "Zorblat\t\tORG\t\n")
    first = load_tagger([table])
    write(table, "Zorblat\t\tPERSON\t\n")
    second = load_tagger([table])
    write(table, "Zorblat\n")

    with pytest.raises(TableError, match=r"my\.tsv:1:1"):
        load_tagger([table])
    assert first.version != second.version
    assert ids(first, "They saw Zorblat there.")["Zorblat"][1] == "ORG"
    assert ids(second, "They saw Zorblat there.")["Zorblat"][1] == "PERSON"


def test_a_users_name_counts_though_it_is_an_everyday_word_of_the_language(tmp_path):
    table = write(tmp_path / "my.tsv", "Bakan\t\tORG\tuser:b\n")

    [found] = load_tagger([table]).tag(CleanArticle(id="1", body="Dün Bakan ile görüştü.", language="tr"))

    assert found.id == "user:b"
