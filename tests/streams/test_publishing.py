import os

import pytest

from streams.publishing import ArticleError, articles_in, articles_of_lines
from streams.text.identity import article_id


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

    with pytest.raises(ArticleError, match=r"expected UTF-8, found byte 0xe9 at 3; convert it, as with `iconv "):
        list(articles_in(tmp_path / "a.txt"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b'<meta charset="iso-8859-1"><p>\x93caf\xe9\x94'),
        ("a.html", b"<meta http-equiv=content-type content='text/html; charset=windows-1252'><p>\x93caf\xe9\x94"),
        ("a.html", '<meta charset="iso-8859-1"><p>\u201ccaf\u00e9\u201d'.encode()),
        ("a.txt", "\u201ccaf\u00e9\u201d".encode("utf-16")),
        ("a.txt", "\u201ccaf\u00e9\u201d".encode("utf-32")),
        ("a.html", "<p>\u201ccaf\u00e9\u201d".encode("utf-16")),
        ("a.txt", "\u201ccaf\u00e9\u201d".encode("utf-8-sig")),
    ],
)
def test_a_file_may_say_its_encoding(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)

    [article] = articles_in(tmp_path / name)

    assert (article.text or article.html).endswith("\u201ccaf\u00e9\u201d")
    assert not (article.text or "").startswith("\ufeff")


def test_what_may_never_end_is_not_read(tmp_path):
    (tmp_path / "a.txt").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "b.txt")

    for path in (tmp_path, tmp_path / "b.txt"):
        with pytest.raises(ArticleError, match="expected a file, found a device, pipe or socket"):
            list(articles_in(path))


@pytest.mark.parametrize("declared", [b"klingon", b"utf-16", b"ascii"])
def test_a_page_whose_encoding_is_not_the_one_it_says_is_refused(tmp_path, declared):
    (tmp_path / "a.html").write_bytes(b'<meta charset="' + declared + b'">caf\xe9')

    with pytest.raises(ArticleError, match="expected UTF-8, found byte 0xe9"):
        list(articles_in(tmp_path / "a.html"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_json_may_begin_with_a_byte_order_mark(tmp_path, name, encoding):
    (tmp_path / name).write_bytes('{"text": "x"}\n'.encode(encoding))

    assert [article.text for article in articles_in(tmp_path / name)] == ["x"]
    assert [article.text for article in articles_of_lines([b'\xef\xbb\xbf{"text": "x"}'], "pipe")] == ["x"]


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.jsonl"])
def test_an_empty_file_is_no_article(tmp_path, name):
    (tmp_path / name).write_bytes(b" \n")

    with pytest.raises(ArticleError, match="expected an article, found an empty file"):
        list(articles_in(tmp_path / name))


def test_what_is_wrong_with_an_article_is_said_with_what_was_found(tmp_path):
    for content, problem in (
        ('{"id": 5, "text": "x"}', "id: .* string, found 5$"),
        ('{"id": "a"}', r"article\. expected"),
    ):
        (tmp_path / "a.json").write_text(content)
        with pytest.raises(ArticleError, match=problem):
            list(articles_in(tmp_path / "a.json"))


def test_an_empty_directory_says_which_files_it_wants(tmp_path):
    with pytest.raises(ArticleError, match=r"expected files ending in \.txt"):
        list(articles_in(tmp_path))


def test_a_file_that_is_not_there_is_told_as_that_whatever_its_ending(tmp_path):
    for name in ("a.txt", "a.pdf", "folder"):
        with pytest.raises(ArticleError, match=f"{name}: No such file or directory"):
            list(articles_in(tmp_path / name))


def test_text_on_standard_input_is_told_how_it_can_be_published():
    with pytest.raises(ArticleError, match=r"^-:1 is not JSON: .*; a pipe is read as JSON Lines, a text is published"):
        list(articles_of_lines([b"The council met."], "-"))
    with pytest.raises(ArticleError, match=r"^a.jsonl:1 is not JSON: [^;]*$"):
        list(articles_of_lines([b"The council met."], "a.jsonl"))
