"""A rule is tried wherever its words may be: a gate that is shut where its pattern matches would change answers."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from streams.text.gates import Gates
from streams.text.wall_phrases import english_phrases, phrases_for

GATES = Gates([["harbour", "\nferry"], None, ["ship"], []])
ABROAD = phrases_for("Der Hafen der Stadt wird im Mai wieder geöffnet, wie der Rat am Montag mitteilte.")


def phrases_of(phrases):
    signs = [sign for found in phrases.signs.values() for sign in found]
    return [phrases.address, phrases.told, phrases.event, phrases.life, phrases.role, *signs]


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("the harbour", 0b0011),
        ("HARBOUR", 0b0011),
        ("ferry", 0b0011),
        ("a ferry", 0b0010),
        ("harbo", 0b0010),
        ("Harbourſhip", 0b0111),
        ("", 0b0010),
    ],
)
def test_a_rule_is_tried_where_one_of_its_words_stands(line, rules):
    assert GATES.of_lines(["harbo", line, "ur"])[1] == rules


def test_a_text_has_the_rules_of_all_its_lines():
    assert GATES.of_text("a ship\nferry") == 0b0111


def test_there_may_be_more_rules_than_bits_in_a_number():
    many = Gates([[f"word{number:03}"] for number in range(150)])

    assert many.of_lines(["word003 word149", "", "word064"]) == [1 << 3 | 1 << 149, 0, 1 << 64]
    assert many.of_text("word003\nword149") == 1 << 3 | 1 << 149


@pytest.mark.parametrize("phrases", [english_phrases(), ABROAD], ids=["English", "abroad"])
@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_no_phrase_is_where_its_gate_is_shut(phrases, data):
    phrase = data.draw(st.sampled_from(phrases_of(phrases)))
    text = data.draw(st.from_regex(phrase.pattern)) if phrase.pattern.pattern != "(?!)" else ""

    assert phrases.gates.of_text(text) & phrase.bit


@example("ıstanbul")
@given(st.text(st.sampled_from("iİıIsſSkKσςΣåÅβвᲀВdž"), min_size=1, max_size=4))
def test_letters_are_those_that_patterns_take_for_one(word):
    everything = "".join(map(chr, range(0x2200)))
    other = "".join(re.findall(re.escape(word[0]), everything, re.I)[-1:]) + word[1:]

    assert Gates([[word]]).of_lines([other]) == [1]
