"""What was read of entity tables is kept in a file, which never changes an answer."""

import os
import pickle

import pytest

from streams import lexicon_cache
from streams.entities import TableError
from streams.lexicon_cache import tagger_at
from streams.stages.tag import Tag

BODY = "The Glimmerholt Harbour Watch said on Monday in Oslo that Jens Stoltenberg had met NATO officers."


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def tagged(clean_article):
    return lambda tagger: Tag(tagger)(clean_article(body=BODY))


@pytest.fixture
def readings(monkeypatch):
    """How often the tables themselves were read."""
    read, count = lexicon_cache.load_lexicon, []
    monkeypatch.setattr(lexicon_cache, "load_lexicon", lambda tables: count.append(1) or read(tables))
    return count


@pytest.fixture
def kept(cache):
    """The one file there is after a first reading."""
    tagger_at(cache)
    [file] = cache.iterdir()
    return file


def test_tables_are_read_once_and_the_answers_are_the_same(cache, readings, tagged):
    first, second = tagger_at(cache), tagger_at(cache)

    assert len(readings) == 1
    assert tagged(first) == tagged(second)
    assert first.version == second.version


def test_a_changed_table_is_read_again(cache, tmp_path, readings):
    table = tmp_path / "my.tsv"
    table.write_text("Glimmerholt Harbour Watch\tGHW\tORG\t\n")
    tagger_at(cache, [table])
    table.write_text("Glimmerholt Harbour Guard\tGHG\tORG\t\n")

    assert "Glimmerholt Harbour Guard" in tagger_at(cache, [table]).lexicon.name
    assert len(readings) == 2


def test_a_broken_table_is_refused_whatever_is_kept(cache, tmp_path):
    table = tmp_path / "my.tsv"
    table.write_text("only one column\n")

    with pytest.raises(TableError, match=r"my\.tsv:1"):
        tagger_at(cache, [table])


@pytest.mark.parametrize("damage", [lambda packed: packed[: len(packed) // 2], lambda packed: b"", lambda _: b"x" * 99])
def test_a_damaged_file_is_made_again(cache, kept, readings, damage):
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))

    tagger_at(cache)

    assert len(readings) == 1
    assert len(kept.read_bytes()) == len(whole)


def test_a_file_that_others_may_write_is_not_opened_as_code(cache, kept, readings, monkeypatch):
    kept.chmod(0o666)
    monkeypatch.setattr(pickle, "loads", lambda _: pytest.fail("was loaded"))

    tagger_at(cache)

    assert len(readings) == 1
    assert kept.stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_written_tables_are_read_each_time(tmp_path, readings):
    (tmp_path / "file").write_text("in the way")

    tagger_at(tmp_path / "file")

    assert len(readings) == 1


def test_only_the_latest_files_are_kept(cache, kept):
    for age in range(1, 7):
        old = kept.with_name(f"{age}.lexicon")
        old.write_bytes(b"")
        os.utime(old, (age, age))
    kept.unlink()

    tagger_at(cache)

    assert kept.exists()
    assert len(list(cache.iterdir())) == lexicon_cache.MOST_FILES
