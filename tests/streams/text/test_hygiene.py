import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.text.hygiene import decoded, one_line, tidied, tidied_lines

TEXT = st.text(
    st.one_of(
        st.sampled_from("ab é\u0301\u00a0\u200b\u200d\u202e\u2028\n\r\t“”’–—Ã©â€™ÂÐß…»\ufeff\u0627\u0644😀"),
        st.characters(),
    ),
    max_size=60,
)


@example("\x80Â¡")
@given(TEXT)
def test_tidying_a_tidy_text_changes_nothing(text):
    assert tidied(tidied(text)) == tidied(text)


@given(TEXT)
def test_a_tidy_text_is_nfc_without_zero_width_and_bidi_controls(text):
    tidy = tidied(text)

    assert unicodedata.normalize("NFC", tidy) == tidy
    assert not set(tidy) & set("\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u00ad\u00a0\t")


@given(TEXT)
def test_tidied_lines_are_as_many_as_line_feeds_make(text):
    assert len(tidied_lines(text)) == text.replace("\r\n", "\n").count("\n") + 1


@given(st.text(st.sampled_from("ab. \n\r\t\x0c\x1f\x7f~")))
def test_a_tidied_line_is_its_words_with_a_space_between(text):
    seen = text.replace("\r\n", "\n").replace("\x1f", "").replace("\x7f", "")

    assert tidied_lines(text) == [" ".join(line.split()) for line in seen.split("\n")]


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        ("cafÃ© â€œopenâ€\x9d", "café “open”"),
        ("itâ€™s", "it’s"),
        ("Â£5", "£5"),
    ],
)
def test_mojibake_is_repaired(broken, repaired):
    assert tidied(broken) == repaired


@pytest.mark.parametrize("text", ["„Spaß“ sagte er", "il est allé… »", "Ångström „Å“", "ÎLE-DE-FRANCE", "Ñandú”"])
def test_letters_that_only_resemble_mojibake_stay(text):
    assert tidied(text) == text


def test_quotes_and_dashes_stay_as_they_are():
    assert tidied("‘a’ “b” — – 'c' \"d\" [e]") == "‘a’ “b” — – 'c' \"d\" [e]"


def test_no_break_spaces_are_folded():
    assert one_line("Maj.\u00a0Gen.\u202f Doe\u00a0 ") == "Maj. Gen. Doe"


def test_joiners_that_a_script_needs_stay():
    assert tidied("می\u200cخواهم") == "می\u200cخواهم"
    assert tidied("an\u200dd") == "and"


def test_references_are_decoded_once():
    assert decoded("AT&amp;T &#8217; &amp;lt; &nosuch;") == "AT&T ’ &lt; &nosuch;"
