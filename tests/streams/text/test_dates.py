import pytest

from streams.text.dates import TIME_OF_DAY, Stated, stated


@pytest.mark.parametrize(
    ("source", "value", "precision"),
    [
        ("2024-01-05", "2024-01-05", "day"),
        ("2024-01", "2024-01", "month"),
        ("2024-01-05T09:30:15Z", "2024-01-05T09:30:15+00:00", "second"),
        ("2024-01-05T09:30+02:00", "2024-01-05T09:30:00+02:00", "minute"),
        ("2024-01-05 09:30", "2024-01-05T09:30:00", "minute, no zone"),
        ("Tue, 05 Mar 2024 10:00:00 GMT", "2024-03-05T10:00:00+00:00", "second"),
        ("Tue, 05 Mar 2024 10:00:00 -0500", "2024-03-05T10:00:00-05:00", "second"),
        (1704445200, "2024-01-05T09:00:00+00:00", "second"),
        ("1704445200000", "2024-01-05T09:00:00+00:00", "second"),
        (0, "1970-01-01T00:00:00+00:00", "second"),
        ("Published March 3, 2021", "2021-03-03", "day"),
        ("3rd of March 2021", "2021-03-03", "day"),
        ("March 3, 2021 4:05 p.m. EST", "2021-03-03T16:05:00-05:00", "minute"),
        ("March 3, 2021 at 16:05", "2021-03-03T16:05:00", "minute, no zone"),
        ("Updated at 4:05 p.m.", "16:05", TIME_OF_DAY),
        ("25/12/2021", "2021-12-25", "day"),
        ("05.06.2023", "2023-06-05", "day"),
        ("Veröffentlicht am 5. März 2023 um 16:05 Uhr", "2023-03-05T16:05:00", "minute, no zone"),
        ("Publié le 1er août 2023", "2023-08-01", "day"),
        ("5 de marzo de 2023", "2023-03-05", "day"),
        ("2023年3月5日", "2023-03-05", "day"),
        ("5 сент. 2023", "2023-09-05", "day"),
        ("5. listopada 2023.", "2023-10-05", "day"),
        ("5 listopada 2023", "2023-11-05", "day"),
        ("2023. március 5.", "2023-03-05", "day"),
        ("marzo 5, 2023", "2023-03-05", "day"),
        ("5 Μαΐου 2023", "2023-05-05", "day"),
        ("5 مارس 2023", "2023-03-05", "day"),
        ("5 मार्च 2023, 16:05", "2023-03-05T16:05:00", "minute, no zone"),
        ("ngày 5 tháng 3 năm 2023", "2023-03-05", "day"),
        ("18 พฤษภาคม 2560", "2017-05-18", "day"),
        ("18 مئی 2017", "2017-05-18", "day"),
        ("20240105", "2024-01-05", "day"),
        ("20240105T093000Z", "2024-01-05T09:30:00+00:00", "second"),
        ("12/25/21 4:05 PM ET", "2021-12-25T16:05:00", "minute, no zone"),
        ("25-12-2021", "2021-12-25", "day"),
        ("25-Dec-2021", "2021-12-25", "day"),
        ("Sat Dec 25 2021 16:05:00 GMT-0500 (EST)", "2021-12-25T16:05:00-05:00", "minute"),
        ("25 December 2021, 16:05 UTC+5:30", "2021-12-25T16:05:00+05:30", "minute"),
        ("25 December 2021, 10:30-11:30", "2021-12-25T10:30:00", "minute, no zone"),
    ],
)
def test_a_time_is_as_precise_as_it_is_stated(source, value, precision):
    assert stated(source) == Stated(value, precision)


@pytest.mark.parametrize(
    "source",
    [
        None,
        "",
        "yesterday",
        "3 hours ago",
        "05/06/2023",
        "05/06/23",
        "0001-01-01T00:00:00",
        "2024-13-45",
        "February 30, 2024",
        "soon",
        True,
        float("inf"),
        1e40,
        10**400,
    ],
)
def test_what_states_no_time_gives_none(source):
    assert stated(source) is None
