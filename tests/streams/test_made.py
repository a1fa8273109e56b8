"""Made articles and pages."""

from schemas.article import EnrichedArticle
from streams.commands.rulefiles import shipped_rules
from streams.made import made_article, made_page, made_report
from streams.rules import load_rules
from streams.stages.clean import clean, is_heavy


def test_a_number_makes_the_same_article_every_time_and_another_than_the_next():
    assert made_article(7) == made_article(7)
    assert made_article(7).text != made_article(8).text
    assert 3000 <= len(made_article(7).text) < 3600


def test_a_page_is_cleaned_outside_the_event_loops_process_to_the_article_it_holds():
    page = made_page(7)
    [article] = clean(page)
    title, *paragraphs = made_article(7).text.split("\n\n")

    assert is_heavy(page)
    assert len(page.html) > 80_000
    assert article.title == title
    assert article.body.split("\n\n") == paragraphs


def test_every_report_meets_the_shipped_rules_and_the_article_without_its_last_paragraph_does_not():
    rules = load_rules([shipped_rules()])

    def met(made, number):
        [article] = clean(made(number))
        return {match.name for match in rules.match(EnrichedArticle(id=article.id, body=article.body, language="en"))}

    assert all(met(made_report, number) - met(made_article, number) == {"troop-withdrawal"} for number in range(3))
