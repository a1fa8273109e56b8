"""How a sentence speaks of an event."""

import pytest

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules.filling import compile_rules

RULE = Rule(name="vacated", query="withdraw OR pullout OR vacate")


def spoken(title: str, body: str = "It rained in the capital.") -> str:
    [match] = compile_rules([RULE]).match(EnrichedArticle(id="a", title=title, body=body, language="en"))
    return str(match.evidence[0].modality)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The brigade vacated the base at dawn.", "actual"),
        ("Soldiers are vacating the province in long columns.", "actual"),
        ("The unit has begun to withdraw from the border.", "actual"),
        ("The troops were forced to withdraw after two days of shelling.", "actual"),
        ("The army will withdraw from the valley by spring.", "planned"),
        ("Ministers agreed on a withdrawal of the contingent.", "planned"),
        ("The battalion is to vacate the airport next month.", "planned"),
        ("The ministry plans to withdraw half of its soldiers.", "planned"),
        ("Protesters demanded the withdrawal of foreign soldiers.", "demanded"),
        ("The opposition called on the army to vacate the south.", "demanded"),
        ("The general threatened to withdraw his forces from the mission.", "threatened"),
        ("The ministry denied that its soldiers had vacated the island.", "denied"),
        ("The soldiers have not vacated the village.", "denied"),
        ("The government refused to withdraw from the buffer zone.", "refused"),
        ("The army will not vacate the hills.", "refused"),
        ("A pullout was ruled out by the chief of staff.", "refused"),
        ("The brigade vacated the base, halting all flights.", "actual"),
        ("The pullout was halted by snow.", "refused"),
        ("If talks succeed, the soldiers withdraw from the strip.", "conditional"),
        ("Unless the shelling stops, the observers vacate the post.", "conditional"),
        ("Will the soldiers vacate the island?", "conditional"),
        ("After the soldiers vacated the island, a mission took over.", "past"),
        ("The last soldiers vacated the island in 1974.", "past"),
        ("The soldiers vacated the island two decades ago.", "past"),
    ],
)
def test_a_sentence_is_read_for_how_it_means_the_event(sentence, kind):
    assert spoken("News", sentence) == kind


@pytest.mark.parametrize(
    ("headline", "kind"),
    [
        ("Ruritania to withdraw its peacekeepers", "planned"),
        ("Army to vacate valley bases", "planned"),
        ("Ruritania begins to withdraw its peacekeepers", "actual"),
        ("Garrison forced to vacate fortress", "actual"),
        ("Peacekeepers vacate Ruritania", "actual"),
        ("Ruritania refuses to withdraw", "refused"),
        ("Neighbours urge Ruritania to withdraw", "demanded"),
    ],
)
def test_the_infinitive_of_a_headline_tells_of_what_is_to_come(headline, kind):
    assert spoken(headline) == kind


def test_in_a_sentence_of_the_text_an_infinitive_alone_is_no_plan():
    assert spoken("News", "It took the army a week to withdraw from the valley.") == "actual"
