import pytest

from streams.errors import ConfigurationError
from streams.settings import Settings
from streams.tables import FollowedTag

ROW = "Glimmerholt Harbour Watch\tGHW\tORG\t\n"


def names(tag, article):
    [tagged] = tag(article)
    return {entity.name for entity in tagged.entities}


@pytest.fixture
def table(tmp_path):
    return tmp_path / "my.tsv"


def test_a_table_that_is_added_while_the_pipeline_runs_is_used(table, clean_article, tmp_path):
    article = clean_article(body="The Glimmerholt Harbour Watch said on Monday that the port was closed.")
    tag = FollowedTag([table], tmp_path)
    before = {(e.name, e.id) for e in tag(article)[0].entities}
    table.write_text("Harbour Watch of Glimmerholt\tGlimmerholt Harbour Watch|GHW\tORG\tQ99999999\n")

    tag.refresh()

    assert ("Harbour Watch of Glimmerholt", "Q99999999") not in before
    assert ("Harbour Watch of Glimmerholt", "Q99999999") in {(e.name, e.id) for e in tag(article)[0].entities}


def test_a_table_that_breaks_leaves_the_last_good_one(table, clean_article, tmp_path):
    article = clean_article(body="The Glimmerholt Harbour Watch said on Monday that the port was closed.")
    table.write_text(ROW)
    tag = FollowedTag([table], tmp_path)
    before = names(tag, article)
    table.write_text(ROW + "only one column\n")

    tag.refresh()

    assert names(tag, article) == before


def test_a_broken_table_at_the_start_is_said_with_its_line(table, tmp_path):
    table.write_text(ROW + "only one column\n")

    with pytest.raises(ConfigurationError, match=r"my\.tsv:2"):
        FollowedTag([table], tmp_path)


def test_a_table_that_is_not_there_is_said(table, caplog):
    FollowedTag([table], table.parent)

    [line] = caplog.records
    assert (line.message, line.tables) == ("entity tables are not there", [str(table)])


def test_several_tables_are_named_as_paths_are(monkeypatch):
    monkeypatch.setenv("WIREWATCH_ENTITIES", "a.tsv:b.tsv")

    assert [str(path) for path in Settings().entities] == ["a.tsv", "b.tsv"]
