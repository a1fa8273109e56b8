"""What holds of cleaning whatever comes in."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.article import RawArticle
from streams.stage import Reject
from streams.stages.clean import clean, explain

LINE = st.one_of(
    st.sampled_from(
        [
            "The council of the harbour town voted on Monday to keep the last ferry running.",
            "Residents of the island had said they had no other way to reach the mainland.",
            "A ferry at dawnImage: Jane Doe/AFP", "Advertisement", "Read more", "How it came about", "Local", "",
            "Updated at 4:03 p.m.", "Edited by: Jane Doe", "By Jane Doe",
            "date 2024-01-05 The boat sank on Monday night.",
            "Sign up for our newsletter",
            "Council keeps its last ferry running", "[...]", "Jane Doe Reporter for the desk.",
        ]
    ),
    st.text(max_size=40),
)  # fmt: skip
TEXT = st.tuples(st.lists(LINE, max_size=12), st.sampled_from(["\n", "\n\n", "\r\n"])).map(
    lambda pair: pair[1].join(pair[0])
)
QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@example("A ferry at dawnImage: Jane Doe/AFP\ndate 2024-01-05 The boat sank on Monday night.")
@example("The council of the harbour town voted on Monday to keep the last ferry running.\n\n[...]\n\n")
@given(TEXT)
def test_a_text_is_cleaned_once_and_for_all(text):
    outcome = clean(RawArticle(id="a", text=text.replace("&", "")))
    if isinstance(outcome, Reject):
        return
    [article] = outcome
    [again] = clean(RawArticle(id="a", text=article.body, title=article.title))

    assert (again.title, again.body) == (article.title, article.body)


@QUICK
@given(TEXT)
def test_paragraphs_cover_the_body_in_order(text):
    outcome = clean(RawArticle(id="a", text=text))
    if isinstance(outcome, Reject):
        return
    [article] = outcome

    assert "\n\n".join(article.body[each.start : each.end] for each in article.paragraphs) == article.body


@QUICK
@given(
    TEXT, st.sampled_from(["{}", "<p>{}</p>", "<html><body><article><p>{}</p></article></body></html>", "<div><{}>"])
)
def test_nothing_that_comes_in_raises(text, frame):
    raw = RawArticle(id="a", html=frame.format(text), title=text, url=text, published=text, language=text[:8])

    assert clean(raw) is not None
    assert isinstance(explain(raw), list)
