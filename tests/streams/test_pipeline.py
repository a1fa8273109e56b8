from types import SimpleNamespace

import pytest

from schemas import topics
from schemas.article import CleanArticle, TaggedArticle
from streams.errors import ConfigurationError
from streams.pipeline import hops_of, new_states, run_through
from streams.stage import Drop, Reason, Reject, Step


def clean(article):
    return [CleanArticle(id=article.id, position=article.position, body=article.text)]


def tag(article):
    if "nothing" in article.body:
        return Drop(Reason.NO_MATCH)
    return [TaggedArticle(id=article.id, position=article.position, body=article.body)]


TABLE = {
    "clean": Step("clean", topics.RAW, (topics.CLEAN,), run=clean),
    "tag": Step("tag", topics.CLEAN, (topics.TAGGED,), run=tag),
    "dedupe": Step("dedupe", topics.TAGGED, (topics.ENRICHED,), memory=SimpleNamespace),
    "alert": Step("alert", topics.ENRICHED, (topics.ALERTS,), memory=SimpleNamespace),
}


def test_a_plus_composes_stages_and_a_bar_puts_a_topic_between():
    hops = hops_of("clean+tag | dedupe | alert", TABLE)

    assert [hop.name for hop in hops] == ["clean-tag", "dedupe", "alert"]
    assert [hop.reads.name for hop in hops] == ["articles.raw", "articles.tagged", "articles.enriched"]


def test_every_stage_can_have_a_hop_of_its_own():
    assert [hop.name for hop in hops_of("clean|tag|dedupe|alert", TABLE)] == ["clean", "tag", "dedupe", "alert"]


@pytest.mark.parametrize(
    ("layout", "problem"),
    [
        ("clean+tga | dedupe", "the pipeline names `tga`; known stages are clean, tag, dedupe, alert"),
        ("clean | dedupe", "dedupe reads articles.tagged, clean gives articles.clean"),
        ("clean+tag+dedupe", "`dedupe` keeps state by its topic's key; write `|`"),
        ("clean || tag", "the pipeline names ``"),
    ],
)
def test_a_layout_that_cannot_work_is_refused_with_the_reason(layout, problem):
    with pytest.raises(ConfigurationError, match=problem.replace("|", r"\|")):
        hops_of(layout, TABLE)


def test_the_walk_ends_where_an_article_is_dropped(raw_article):
    walked = list(run_through([TABLE["clean"], TABLE["tag"]], raw_article(text="nothing new"), {}))

    assert walked[-1] == Drop(Reason.NO_MATCH)
    assert len(walked) == 2


def test_a_stage_that_raises_is_an_outcome_of_the_walk(raw_article):
    def crash(article):
        raise ZeroDivisionError("a bug")

    step = Step("clean", topics.RAW, (topics.CLEAN,), run=crash)

    assert list(run_through([step], raw_article(), {})) == [Reject(Reason.CRASHED, "ZeroDivisionError('a bug')")]


def test_stages_without_memory_have_no_state():
    assert new_states([TABLE["clean"], TABLE["tag"]]) == {}
