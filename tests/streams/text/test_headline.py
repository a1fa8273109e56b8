from hypothesis import example, given
from hypothesis import strategies as st

from streams.text.found import Found, Line
from streams.text.headline import FEW, content_words, title_line, words_told

LETTERS = st.text(st.sampled_from("ab_- \né²中\u0301"))
PROSE = "Behind the harbour wall the council met again on Friday to talk about the {} and about little else."


@given(LETTERS, LETTERS, st.booleans())
@example("aba", "ababab aba", False)
def test_words_are_found_one_by_one_as_among_all_words_of_the_text(line, text, many):
    words = content_words(line) | ({f"w{n:03}" for n in range(FEW)} if many else set())

    assert words_told(words, text) == words & content_words(text)


def test_a_word_of_the_headline_counts_only_where_it_stands_by_itself():
    assert titled(PROSE.format("flood bridge tower market")) == "Flood Bridge Tower Market"
    assert titled(PROSE.format("flooding unbridged towers overmarketed")) is None


def titled(text: str) -> str | None:
    found = Found()
    title_line([Line(1, "Flood Bridge Tower Market", 0), Line(2, text, 1)], [1.0, 1.0], found)
    return found.title
