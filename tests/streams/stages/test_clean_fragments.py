"""Feed fragments: HTML that is no page, and what feeds put behind a text."""

from schemas.article import Flag, ParagraphKind, RawArticle
from streams.stages.clean import clean

FERRY = "The council of the harbour town voted on Monday to keep the last ferry running."
ISLAND = "Residents of the island had said they had no other way to reach the mainland."


def cleaned(**fields):
    [article] = clean(RawArticle(**({"id": "a"} | fields)))
    return article


def test_blocks_of_a_fragment_become_paragraphs_with_their_kind():
    article = cleaned(
        html=f"<p>{FERRY}</p><h2>How it came about</h2><ul><li>Four members asked for it.</li></ul>"
        f"<blockquote>{ISLAND}</blockquote>{FERRY[4:]}<br>{ISLAND[10:]}"
    )

    assert article.body.split("\n\n") == [
        FERRY, "How it came about", "Four members asked for it.", ISLAND, FERRY[4:], ISLAND[10:],
    ]  # fmt: skip
    assert [paragraph.kind for paragraph in article.paragraphs][:4] == [
        ParagraphKind.PARAGRAPH,
        ParagraphKind.HEADING,
        ParagraphKind.LIST_ITEM,
        ParagraphKind.QUOTATION,
    ]


def test_inline_markup_does_not_break_words():
    assert cleaned(html=f"<p>The <b>coun</b>cil <i>voted</i>.</p><p>{ISLAND}</p>").body.startswith("The council voted.")


def test_captions_stand_apart_from_the_body():
    article = cleaned(
        html=f"<p>{FERRY}</p><figure><img><figcaption>The ferry at dawn</figcaption></figure><p>{ISLAND}</p>"
    )

    assert article.captions == ("The ferry at dawn",)
    assert article.body == f"{FERRY}\n\n{ISLAND}"


def test_a_truncated_fragment_is_flagged_and_its_tail_removed():
    article = cleaned(
        html=f"<p>{FERRY}</p><p>{ISLAND} [&#8230;]</p>"
        "<p>The post <a href='x'>Ferry stays</a> appeared first on <a>Example News</a>.</p>"
    )

    assert article.body == f"{FERRY}\n\n{ISLAND}"
    assert article.flags == (Flag.TRUNCATED,)


def test_a_whole_text_with_a_feed_tail_is_not_flagged():
    article = cleaned(html=f"<p>{FERRY}</p><p>{ISLAND}</p><p>The post Ferry stays appeared first on Example News.</p>")

    assert article.body == f"{FERRY}\n\n{ISLAND}"
    assert article.flags == ()
    assert article.publisher == "Example News"


def test_continue_reading_says_that_the_text_goes_on():
    article = cleaned(text=f"{FERRY} {ISLAND}... Continue reading Ferry stays")

    assert article.body == f"{FERRY} {ISLAND}"
    assert Flag.TRUNCATED in article.flags


def test_a_text_that_is_html_after_all_is_read_as_html():
    assert cleaned(text=f"<p>{FERRY}</p><p>{ISLAND}</p>").body == f"{FERRY}\n\n{ISLAND}"


def test_a_sign_that_is_no_tag_does_not_make_a_text_html():
    assert cleaned(text=f"If x < y and y > z, {FERRY}").body == f"If x < y and y > z, {FERRY}"


def test_references_in_a_fragment_are_decoded_once():
    assert cleaned(html=f"<p>AT&amp;T &amp;amp; others. {FERRY}</p>").body.startswith("AT&T &amp; others.")


def test_a_link_below_a_fragment_by_which_it_goes_on_says_that_it_is_truncated():
    assert Flag.TRUNCATED in cleaned(html=f"<p>{FERRY} {ISLAND}</p><a href=/ferry>Continue reading...</a>").flags
    related = "<p><a href=/dock>Read more: Dry dock opened on the other side of the bay</a></p>"
    assert Flag.TRUNCATED not in cleaned(html=f"<p>{FERRY} {ISLAND}</p>{related}").flags
    assert Flag.TRUNCATED in (more := cleaned(html=f"<p>{FERRY}&hellip; <a href=/ferry>Read More »</a></p>")).flags
    assert "Read More" not in more.body
