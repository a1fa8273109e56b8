"""What the laws of matching share."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from streams.rules import combining, nearness


@pytest.fixture(scope="session")
def unbounded() -> Callable[[], AbstractContextManager[None]]:
    """A context in which all spans are found that there are: brute force knows no bound of work."""

    @contextmanager
    def without_bound() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for module in (nearness, combining):
                patch.setattr(module, "MOST", sys.maxsize)
            yield

    return without_bound
