import pytest

from streams.publishing import ArticleError, article_id, articles_in, articles_of_lines


def test_the_same_page_under_two_spellings_of_its_address_is_one_article():
    plain = {"url": "https://news.example.org/a", "text": "x"}
    tracked = {"url": "https://NEWS.example.org:443/a?utm_source=feed#top", "text": "another text"}

    assert article_id(plain) == article_id(tracked)


def test_without_an_address_source_and_guid_identify_an_article():
    assert article_id({"source": "s", "guid": "1", "text": "x"}) == article_id(
        {"source": "s", "guid": "1", "text": "y"}
    )
    assert article_id({"source": "s", "guid": "1"}) != article_id({"source": "t", "guid": "1"})


def test_without_address_and_guid_a_changed_text_is_another_article():
    assert article_id({"text": "x"}) != article_id({"text": "y"})


def test_an_id_that_is_stated_stays():
    [article] = articles_of_lines([b'{"id": "mine", "text": "x"}'], "pipe")

    assert article.id == "mine"


def test_files_are_told_apart_by_their_endings(tmp_path):
    (tmp_path / "a.txt").write_text("plain")
    (tmp_path / "b.html").write_text("<p>page")
    (tmp_path / "c.jsonl").write_text('{"text": "one"}\n\n{"text": "two"}\n')
    (tmp_path / "notes.md").write_text("not for us")

    found = list(articles_in(tmp_path))

    assert [(a.text, a.html) for a in found] == [("plain", None), (None, "<p>page"), ("one", None), ("two", None)]


@pytest.mark.parametrize("content", ['{\n "text": "x"\n}\n', '[{"text": "x"}]', '{"text": "x"}\n'])
def test_a_json_file_may_hold_one_article_a_list_or_lines(tmp_path, content):
    (tmp_path / "a.json").write_text(content)

    assert [article.text for article in articles_in(tmp_path / "a.json")] == ["x"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"id": "a"}', r"a\.jsonl:1 is not an article\..*found neither"),
        (b'{"text": "x"}\nnonsense', r"a\.jsonl:2 is not JSON"),
        (b"[1, 2]", r"a\.jsonl:1 is not an article: expected a JSON object"),
    ],
)
def test_a_bad_line_is_named_with_its_number(tmp_path, content, problem):
    (tmp_path / "a.jsonl").write_bytes(content)

    with pytest.raises(ArticleError, match=problem):
        list(articles_in(tmp_path / "a.jsonl"))


def test_a_file_that_is_not_utf_8_is_named_with_the_byte(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")

    with pytest.raises(ArticleError, match="expected UTF-8, found byte 0xe9 at 3"):
        list(articles_in(tmp_path / "a.txt"))


def test_an_empty_directory_says_which_files_it_wants(tmp_path):
    with pytest.raises(ArticleError, match=r"expected files ending in \.txt"):
        list(articles_in(tmp_path))
