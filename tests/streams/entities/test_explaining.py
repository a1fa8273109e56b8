"""Who decided a mention, and what was rejected."""

from schemas.article import CleanArticle
from streams.entities import explain

ARTICLE = CleanArticle(
    id="1",
    title="Haddad in Iraq",
    body="Marwan Haddad flew to Baghdad on Sunday. Haddad met officials of the University of Baghdad.",
    language="en",
)


def test_each_mention_says_what_decided_it(tagger):
    decided = {(each.field, each.surface): str(each.source) for each in explain(tagger, ARTICLE) if each.kept}

    assert decided["title", "Iraq"] == "table"
    assert decided["body", "Marwan Haddad"] == "model"
    assert decided["title", "Haddad"] == decided["body", "Haddad"] == "coreference"


def test_rejected_spans_are_told_with_their_reason(tagger):
    rejected = [each for each in explain(tagger, ARTICLE) if not each.kept]

    assert any(each.surface == "Baghdad" and "longer name" in each.reason for each in rejected)


def test_the_kept_spans_are_the_mentions_of_the_tagger(tagger):
    mentions = {(m.field, m.start, m.end, entity.id) for entity in tagger.tag(ARTICLE) for m in entity.mentions}

    assert {
        (each.field, each.start, each.end, each.entity) for each in explain(tagger, ARTICLE) if each.kept
    } == mentions


def test_an_explanation_reads_as_a_line(tagger):
    assert "'Iraq': Iraq (Q796); table: Iraq in " in str(
        next(each for each in explain(tagger, ARTICLE) if each.surface == "Iraq")
    )
