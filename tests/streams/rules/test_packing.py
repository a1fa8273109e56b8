"""What is packed comes back byte for byte."""

from hypothesis import given
from hypothesis import strategies as some

from streams.rules.packing import PACKED_FROM, packed, recalled, remembered, unpacked


@given(some.binary(max_size=2_000))
def test_what_is_remembered_is_recalled_byte_for_byte(text: bytes) -> None:
    assert recalled(remembered(text)) == text


@given(some.integers(PACKED_FROM - 2, PACKED_FROM + 2), some.sampled_from([b"[", b"{"]))
def test_an_entry_of_any_length_comes_back_from_the_changelog(length: int, bracket: bytes) -> None:
    text = bracket + b"1" * (length - 1)

    assert unpacked(packed(text)) == text


def test_a_short_answer_takes_less_than_half() -> None:
    text = (
        b'[{"alert_id":"621a3872a84ed13e65039ce528efe75d","dedup_key":"bdf42b007684fbc6833ffd082558a487","rule":"coroner",'
        b'"rule_version":"cdb60bc63e8abdd1","labels":{},"state":"open","notify":true,"severity":"high","modality":"actual",'
        b'"suppressed":null,"suppressed_by":null,"time":null,"cut":false,"articles":1,"sources":0,'
        b'"evidence":[["body",843,861,841,888,"actual",[[843,861,"report on the fire"]]]]}]'
    )

    assert len(remembered(text)) * 2 < len(text)
