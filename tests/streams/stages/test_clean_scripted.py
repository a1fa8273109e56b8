"""Pages whose text stands only in the data of their scripts."""

import json

import pytest

from schemas.article import RawArticle
from streams.stage import Reason, Reject
from streams.stages.clean import clean

TITLE = "Council keeps the last ferry"
SENTENCES = (
    "The council of the harbour town voted on Monday to keep the last ferry running, after a debate of six hours. "
    "Nobody had expected that it would take so long, or that the vote would be so clear.",
    "Residents of the island had said that they had no other way to reach the school, the doctor and the market. "
    "Some of them had come to the town hall on the ferry itself.",
    "The boat will sail four times a day in winter and eight times in summer, according to the plan that was passed. "
    "A ticket will cost two coins more than last year.",
    "The operator called that the lowest price that it could bear, and said that it would order a second boat. "
    "It is to be built at the yard across the bay.",
)
BLOCKS = {
    "texts": [{"type": "p", "text": sentence} for sentence in SENTENCES],
    "trees": [
        {"type": "p", "content": [{"type": "text", "value": first}, {"type": "link", "content": [{"value": rest}]}]}
        for first, rest in ((sentence[:30], sentence[30:]) for sentence in SENTENCES)
    ],
    "html": "".join(f"<p>{sentence.replace('ferry', '<b>ferry</b>')}</p>" for sentence in SENTENCES),
}


def run(data, body="<div id=root></div>", assigned=""):
    script = f"<script>{assigned}{json.dumps(data)};</script>" if assigned else ""
    script = script or f"<script type=application/json>{json.dumps(data)}</script>"
    html = f"<!doctype html><html lang=en><head><title>{TITLE}</title></head><body>{body}{script}</body></html>"
    return clean(RawArticle(id="a", html=html))


@pytest.mark.parametrize("blocks", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("assigned", ["", "window.__STATE__ = "])
def test_a_shell_has_the_text_that_its_script_would_show(blocks, assigned):
    [article] = run({"props": {"page": {"headline": TITLE, "body": blocks}}}, assigned=assigned)

    assert article.body == "\n\n".join(SENTENCES)


def test_data_that_do_not_bear_the_title_are_another_article():
    outcome = run({"props": {"page": {"headline": "Another matter altogether", "body": BLOCKS["texts"]}}})

    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.EMPTY_SHELL


def test_a_page_that_shows_only_its_beginning_goes_on_in_its_data():
    [article] = run({"story": BLOCKS["trees"]}, body=f"<article><h1>{TITLE}</h1><p>{SENTENCES[0]}</p></article>")

    assert article.body == "\n\n".join(SENTENCES)


def test_a_page_that_shows_another_text_than_its_data_keeps_its_own():
    own = "A dry dock was opened on the other side of the bay on Friday, and forty people have found work there so far."
    [article] = run(
        {"headline": TITLE, "story": BLOCKS["trees"]}, body=f"<article><h1>{TITLE}</h1><p>{own}</p></article>"
    )

    assert article.body == own


@pytest.mark.parametrize("script", ['{"a":' * 3000, "[" * 50_000, '{"a": "' + "x" * 600, "function(){return {}}" * 60])
def test_scripts_that_are_no_data_are_not_read(script):
    html = f"<!doctype html><html><head><title>{TITLE}</title></head><body><script>x = {script}</script></body></html>"

    assert isinstance(clean(RawArticle(id="a", html=html)), Reject)
