"""What the extractor lost of a text comes back, whatever holds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import ParagraphKind
from streams.text.outline import SIBLINGS, restored
from streams.text.pages import Part, parsed
from streams.text.prose import prose_of
from streams.text.runs import runs_of

SENTENCES = [
    f"The {name} of the island said on Monday that the ferry would go on sailing through the winter."
    for name in ("mayor", "doctor", "teacher", "baker", "keeper of the lighthouse", "owner of the mill", "captain")
]
FORMS = {
    "paragraphs": "<div>{}</div>".format("".join(f"<p>{each}</p>" for each in SENTENCES)),
    "line breaks": f"<div>{'<br><br>'.join(SENTENCES)}</div>",
    "a div for each": "<div>{}</div>".format("".join(f"<div>{each}</div>" for each in SENTENCES)),
    "rows": "<main>{}</main>".format("".join(f"<div><div><p>{each}</p></div></div>" for each in SENTENCES)),
}  # fmt: skip


def page(content):
    html = f"<html><body>{content}<p>© Example News, which has all the rights to it.</p></body></html>"
    return prose_of(runs_of(parsed(html)))


def parts(texts):
    return [Part(text, ParagraphKind.PARAGRAPH) for text in texts]


@pytest.mark.parametrize("form", FORMS)
@given(found=st.sets(st.integers(0, len(SENTENCES) - 1), min_size=SIBLINGS))
def test_paragraphs_come_back_beside_some_of_their_siblings(form, found):
    kept = parts(SENTENCES[place] for place in sorted(found))

    assert restored(kept, page(FORMS[form])) == parts(SENTENCES)


@pytest.mark.parametrize("box", ["wp-caption", "photo", "media-caption"])
def test_what_stands_below_a_picture_does_not_come_back(box):
    content = FORMS["paragraphs"].replace("<p>", f"<div class={box}><div>{SENTENCES[0].upper()}</div></div><p>", 2)

    assert restored(parts(SENTENCES[1:]), page(content)) == parts(SENTENCES)


def test_siblings_come_back_from_a_block_that_is_called_after_its_pictures():
    content = FORMS["line breaks"].replace("<div>", "<div class='post has-image'>")

    assert restored(parts(SENTENCES[1:5]), page(content)) == parts(SENTENCES)


def test_paragraphs_in_boxes_of_their_own_come_back_where_much_of_the_text_was_lost():
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "last")
    boxes = (f"<div class={name}><i>Boats</i><p>{each}</p></div>" for name, each in zip(names, SENTENCES, strict=True))

    assert restored(parts(SENTENCES[1:5]), page(f"<main>{''.join(boxes)}</main>")) == parts(SENTENCES)


def test_a_text_in_several_blocks_of_one_name_is_one():
    halves = (SENTENCES[:4], SENTENCES[4:])
    blocks = [
        "<div class=frame><div class='text text-{}'>{}</div><div>Advertisement</div></div>".format(
            number, "".join(f"<p>{each}</p>" for each in half)
        )
        for number, half in enumerate(halves)
    ]

    assert restored(parts(SENTENCES[:4]), page(f"<main>{''.join(blocks)}</main>")) == parts(SENTENCES)


def test_a_list_between_paragraphs_comes_back():
    content = FORMS["paragraphs"].replace("</p>", "</p><ul><li>Boats: four</li><li>Bridges: none</li></ul>", 1)
    found = restored(parts(SENTENCES), page(content))

    assert [part.text for part in found if part.kind is ParagraphKind.LIST_ITEM] == ["Boats: four", "Bridges: none"]
