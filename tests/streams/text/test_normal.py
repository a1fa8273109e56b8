import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from streams.text.normal import normalised, revision_of


@given(st.text())
def test_normalising_a_normal_text_changes_nothing(text):
    assert normalised(normalised(text)) == normalised(text)


MARKS = "’‘“”–—…`\u00a0\u00ad\u0301\u00b4\u00a8\u1e9e\u13a0\u0130\u03a3 \n aZ1éÉ한글ﬁ²"


@given(st.text(st.one_of(st.sampled_from(MARKS), st.characters())))
def test_word_by_word_gives_what_the_whole_text_gives(text):
    whole = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    for plain, marks in (("'", "[`‘’‚‛′‹›´ʼ]"), ('"', "[“”„‟″«»]"), ("-", "[\u2010-\u2015\u2212]")):
        whole = re.sub(marks, plain, whole)

    assert normalised(text) == " ".join(whole.replace("\u00ad", "").split())


def test_typography_makes_no_other_text():
    assert normalised("“It’s”  —\u00a0 Done") == normalised('"it\'s" - done')
    assert revision_of("“A” title", "One — two") == revision_of('"a" title', "One - two")


def test_another_word_makes_another_revision():
    assert revision_of("A", "one two") != revision_of("A", "one three")
    assert revision_of("A b", "c") != revision_of("A", "b c")


def test_a_revision_is_32_hexadecimal_digits():
    assert len(revision_of(None, "text")) == 32
    assert int(revision_of(None, "text"), 16) >= 0
