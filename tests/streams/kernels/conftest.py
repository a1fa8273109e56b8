"""Both forms of what has a compiled kernel, side by side."""

import pytest

from streams import kernels


@pytest.fixture(scope="session")
def both():
    """A function that calls another one twice, with the compiled kernels and without: what comes of each."""
    compiled, state = kernels.load({})
    if compiled is None:
        pytest.skip(f"no compiled kernels here ({state})")

    def call(function, *arguments):
        before, answers = kernels.native, []
        try:
            for kernels.native in (compiled, None):
                answers.append(function(*arguments))
        finally:
            kernels.native = before
        return answers

    return call
