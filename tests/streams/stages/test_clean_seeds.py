"""The development data's five real articles, where it lies beside the checkout."""

import json
import os
from pathlib import Path

import pytest

from schemas.article import RawArticle
from streams.stages.clean import clean, explain

SHARED = Path(os.environ.get("WIREWATCH_SHARED", Path(__file__).parents[4] / "shared"))
SEEDS = SHARED / "data" / "seeds"
EXPECTED = json.loads((SEEDS / "expected.json").read_text("utf-8"))["articles"] if SEEDS.is_dir() else {}

pytestmark = pytest.mark.skipif(not EXPECTED, reason="the development data is not beside the checkout")


@pytest.fixture(params=sorted(EXPECTED))
def seed(request):
    raw = RawArticle(id=request.param, text=(SEEDS / request.param).read_bytes().decode("utf-8"))
    return raw, clean(raw)[0], EXPECTED[request.param]


def test_every_line_is_kept_or_dropped_as_a_careful_reader_would(seed):
    raw, _, expected = seed
    lines = explain(raw)

    assert [line.line for line in lines if line.kept] == expected["body_lines"]
    assert [line.line for line in lines if line.kept and line.kind == "heading"] == expected["subheading_lines"]


def test_every_field_is_what_the_text_says(seed):
    _, article, expected = seed
    names = "title source publisher editor published published_precision updated updated_precision section language"

    assert {name: getattr(article, name) for name in names.split()} == {name: expected[name] for name in names.split()}
    assert list(article.authors) == (expected["byline"] or [])


def test_captions_and_credits_are_parted(seed):
    _, article, expected = seed
    for field in ("captions", "credits"):
        wanted = {span["text"] for span in expected["spans"] if span["field"] == field}
        assert wanted <= set(getattr(article, field))


def test_cleaning_the_result_changes_nothing(seed):
    _, article, _ = seed
    [again] = clean(RawArticle(id=article.id, text=article.body, title=article.title))

    assert (again.title, again.body) == (article.title, article.body)
