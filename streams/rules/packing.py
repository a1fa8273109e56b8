"""Answers and values of alerts in few bytes: in memory, where they stay for days, and in large changelog entries."""

import zlib

PACKED_FROM = 64 * 1024
"""Bytes from which a part of a decision is packed for the changelog."""
USUAL = (
    b'{"alert":"","told":0.0,"last":0.0,"articles":1,"owners":[""],"recent":[[0.0,"",""]],"modalities":["actual"],'
    b'"rule":"","version":"","story":"","modality":"actual","resolve_after":86400,"until":259200.0,"severity":"high",'
    b'"shown":{"id":"","title":"","url":"https://www.","source":"","labels":{}}}'
    b'[{"alert_id":"","dedup_key":"","rule":"","rule_version":"","labels":{},"state":"update","notify":false,'
    b'"severity":"high","modality":"actual","suppressed":"story","suppressed_by":"","time":"2020-01-01T00:00:00+00:00",'
    b'"cut":false,"articles":1,"sources":1,"evidence":[["title",0,0,0,0,"actual",[[0,0,""]]],["body",'
)
"""What answers and values have in common: packing refers to it, so that even a short one takes a quarter."""
RAW = -zlib.MAX_WBITS
"""Neither header nor checksum: what is packed so never leaves the process."""


def packed(text: bytes) -> bytes:
    """JSON for the changelog; where it is long, packed."""
    return zlib.compress(text, 1) if len(text) >= PACKED_FROM else text


def unpacked(stored: bytes) -> bytes:
    """JSON as it was; it begins with a bracket, what is packed with another byte."""
    return stored if stored[:1] in (b"[", b"{") else zlib.decompress(stored)


def remembered(stored: bytes) -> bytes:
    """An answer or a value as it stays in memory."""
    writer = zlib.compressobj(wbits=RAW, zdict=USUAL)
    return writer.compress(stored) + writer.flush()


def recalled(memory: bytes) -> bytes:
    """What was remembered, byte for byte."""
    return zlib.decompressobj(wbits=RAW, zdict=USUAL).decompress(memory)
