import pytest

from streams.text.spans import author_and_role, credited, feed_tail, glued_date, is_biography

PROSE = "The council of the harbour town voted on Monday to keep the ferry."


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The ferry in 2017Image: Jane Doe/AFP", "The ferry in 2017", "Jane Doe/AFP"),
        (
            "The ferry at dawn Image: Jane Doe / Pool/picture alliance",
            "The ferry at dawn",
            "Jane Doe / Pool/picture alliance",
        ),
        ("Image: Jane Doe via REUTERS", "", "Jane Doe via REUTERS"),
        ("The ferry leaves the harbour in the morning (AFP)", "The ferry leaves the harbour in the morning", "AFP"),
        ("The ferry leaves the harbour [Jane Doe/Reuters]", "The ferry leaves the harbour", "Jane Doe/Reuters"),
    ],
)
def test_a_caption_is_parted_from_its_credit(line, caption, credit):
    found = credited(line)

    assert (found.caption, found.credit) == (caption, credit)


@pytest.mark.parametrize(
    "line",
    [
        PROSE,
        f"{PROSE} (He later resigned.)",
        "She kept one thing in mind: the ferry must sail.",
        "The image: a town that sleeps?",
        "The plan (see below)",
    ],
)
def test_a_sentence_is_no_credited_caption(line):
    assert credited(line) is None


@pytest.mark.parametrize(
    ("line", "rest", "day"),
    [
        (f" date 2024-01-05 {PROSE}", PROSE, "2024-01-05"),
        (f"Published: March 3, 2021 {PROSE}", PROSE, "2021-03-03"),
        (f"3 March 2021 - {PROSE}", PROSE, "2021-03-03"),
    ],
)
def test_a_date_glued_before_a_paragraph_is_cut(line, rest, day):
    found = glued_date(line)

    assert (line[found.end :], found.date.value) == (rest, day)


@pytest.mark.parametrize(
    "line",
    [
        PROSE,
        "March 3, 2021 was the day on which the ferry sailed last.",
        "2021 Ferry plans were dropped in the end, he said.",
    ],
)
def test_a_sentence_that_begins_with_its_date_is_not_cut(line):
    assert glued_date(line) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Jane Doe Reporter for the business desk.", "Jane Doe"),
        ("Jane van der Berg is a senior correspondent in Springfield.", "Jane van der Berg"),
        ("John Roe, political editor", "John Roe"),
    ],
)
def test_an_author_is_parted_from_what_they_do(line, name):
    assert author_and_role(line) == name


@pytest.mark.parametrize("line", [PROSE, "The editor said so.", "Reporters were told to leave."])
def test_a_sentence_about_editors_names_no_author(line):
    assert author_and_role(line) is None


def test_a_tail_says_whether_the_text_goes_on():
    assert feed_tail(f"{PROSE} [...]").truncated
    assert feed_tail(f"{PROSE} The post Ferry appeared first on Example News.").truncated is False
    assert feed_tail(PROSE) is None


@pytest.mark.parametrize(
    ("line", "biography"),
    [
        ("Ann Ode is a fellow at the harbour institute.", True),
        ("Ann Ode was a senior fellow, until 2019, of the institute.", True),
        ("Ode is the third player to sign, joining fellow islander Tor Lie.", False),
    ],
)
def test_a_fellow_of_somewhere_is_an_author_and_a_fellow_somebody_is_not(line, biography):
    assert is_biography(line) is biography
