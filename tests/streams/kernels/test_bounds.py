"""Kernels look at no memory but that of their arrays, whatever these hold; -fsanitize=address shows it at once."""

from array import array

import numpy as np
import pytest
from remembering import made, remembered, restored

from schemas.article import CleanArticle, EnrichedArticle, RawArticle
from schemas.rule import Rule
from streams import kernels
from streams.dedup.sketch import sketches_of
from streams.entities import load_tagger
from streams.kernels.signatures import Kernels
from streams.rules import compile_rules
from streams.stages.clean import clean
from streams.stages.dedupe import DAY

TEXT = 'Mr. John Smith of the Kata\'ib said on May 5: "U.S. troops left Iraq, 1,500 of 3,000." والعراق 中文'
DECLARED = [name for name in vars(Kernels) if name[0] != "_"]
WRONG = (-1, 0, 7, 1 << 40, -(1 << 62))


class Recording:
    """The compiled kernels; remembers the arguments of the latest call of each."""

    def __init__(self, native):
        self.native, self.calls = native, {}

    def __getattr__(self, name):
        def call(*arguments):
            self.calls[name] = copied(arguments)
            return getattr(self.native, name)(*arguments)

        return call


def copied(arguments):
    return [np.array(each) if isinstance(each, (np.ndarray, array)) else each for each in arguments]


@pytest.fixture(scope="module")
def calls(both):
    """Of each kernel the arguments of a call as the stages make it."""
    recording = Recording(kernels.load({})[0])
    before, kernels.native = kernels.native, recording
    try:
        article = CleanArticle.model_construct(id="1", title="Washington and Iraq", body=TEXT, language="en")
        load_tagger().tag_many([article, article])
        list(sketches_of([("Iraq", TEXT), (None, TEXT)]))
        rules = [Rule(name="near", query="troops NEAR/3 (leave OR left)"), Rule(name="word", query="troop")]
        compile_rules(rules).match(EnrichedArticle(id="1", body=20 * TEXT))
        remembered(made(1, 400), cap=150)
        restored(remembered(made(2, 60), cap=1000, window=90 * DAY))
        clean(RawArticle(id="1", title="Iraq", text=f"Menu\nShare\n{TEXT}\nBy John Smith\n{2 * TEXT}\nRead more"))
    finally:
        kernels.native = before
    return recording.calls


def tried(name, arguments) -> str:
    """What a kernel says to the arguments."""
    try:
        getattr(kernels.load({})[0], name)(*arguments)
    except (ValueError, TypeError) as error:
        return str(error)
    return "taken"


@pytest.mark.parametrize("name", DECLARED)
def test_arrays_that_are_too_short_or_empty_are_refused_or_read_to_their_end(calls, name):
    said = []
    for place, given in enumerate(calls[name]):
        for size in (0, 1, -1) if isinstance(given, np.ndarray) else ():
            arguments = copied(calls[name])
            arguments[place] = given[:size].copy()
            said.append(tried(name, arguments))

    if not any(isinstance(given, np.ndarray) for given in calls[name]):
        said.append(tried(name, []))
    assert any("expected" in each for each in said)


@pytest.mark.parametrize("name", DECLARED)
def test_numbers_that_no_caller_gives_are_refused_or_harm_nothing(calls, name):
    for place, given in enumerate(calls[name]):
        if not isinstance(given, np.ndarray) or given.dtype.kind not in "iub" or not given.size:
            continue
        for value in WRONG:
            arguments = copied(calls[name])
            arguments[place].reshape(-1)[[0, given.size // 2, -1]] = np.array(value).astype(given.dtype)
            tried(name, arguments)
            arguments[place][...] = np.array(value).astype(given.dtype)
            tried(name, arguments)

    assert tried(name, copied(calls[name])) == "taken"
