import pytest

from streams.text.names import authors_below, is_person, names_in


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("Por Joana Roque", ["Joana Roque"]),
        ("Автор: Ирина Лебедева", ["Ирина Лебедева"]),
        ("Words by Jane Doe; photographs by John Roe", ["Jane Doe"]),
        ("Jane Doe in Example Town", ["Jane Doe"]),
        ("김민수 기자", ["김민수"]),
        ("Von Miller", ["Von Miller"]),
        ("Jane Doe is a journalist based in Example Town, Massachusetts.", ["Jane Doe"]),
        ("Jane Doe | ferries", ["Jane Doe"]),
        ("By Jane Doe, Consumer Editor", ["Jane Doe"]),
        ("Interview by Jane Doe", ["Jane Doe"]),
        ("Jane Doe jdoe@news.example", ["Jane Doe"]),
        ("By Jane Doe@jdoe Mar 1, 2021, 8:00am EST", ["Jane Doe"]),
        ("Jane Doe September 3, 2017 10:00 am", ["Jane Doe"]),
    ],
)
def test_names_are_what_stands_behind_labels_without_jobs_and_places(line, names):
    assert list(names_in(line)) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Por Joana Roque — Porto Novo", ("Joana Roque",)),
        ("2023-06-01 08:30 来源:港湾网 作者:李文", ("李文",)),
        ("Autor: Anna Nowicka | 5 listopada 2023, 12:40", ("Anna Nowicka",)),
        ("By Jane Doe on June 20, 2013", ("Jane Doe",)),
        ("Posted by Jane Doe on Thu, 02/09/2015 - 08:40", ("Jane Doe",)),
        ("May 16, 2012 by Jane Doe", ("Jane Doe",)),
        ("May 16th, 2012 by Jane Doe in Coast, Ferries", ("Jane Doe",)),
        ("By the time the ferry left", ()),
        ("Harbour and islands", ()),
    ],
)
def test_a_line_below_the_title_names_authors_by_its_label(line, names):
    assert authors_below([line]) == names


@pytest.mark.parametrize(
    "job", ["Senior Staff Reporter", "Contributing Opinion Writer", "Senior Culture", "Example News"]
)
def test_a_job_or_a_company_is_no_person(job):
    assert not is_person(job)
    assert is_person("Jane Doe")
