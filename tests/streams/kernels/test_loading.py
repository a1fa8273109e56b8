"""The compiled kernels are optional, and said to be there or not."""

import inspect
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from streams import kernels
from streams.kernels.signatures import Kernels

DECLARED = [name for name in vars(Kernels) if name[0] != "_"]


def test_the_setting_passes_over_what_is_built():
    assert kernels.load({"WIREWATCH_PURE": "true"}) == (None, "pure: WIREWATCH_PURE is set")


def test_a_module_of_other_sources_is_passed_over(monkeypatch):
    class Older:
        find = None

    monkeypatch.setitem(sys.modules, "streams.kernels._native", Older)
    monkeypatch.setattr(Kernels, "found_later", None, raising=False)

    native, state = kernels.load({})

    assert native is None
    assert state.startswith("pure: built without ")
    assert "found_later" in state


def test_a_checkout_where_nothing_was_built_takes_the_forms_in_numpy(tmp_path, root):
    shutil.copytree(root / "streams", tmp_path / "streams", ignore=shutil.ignore_patterns("*.so", "data"))
    script = "from streams import kernels; print(kernels.native, kernels.state)"
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "WIREWATCH_PURE"}}

    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True, env=environment
    )

    assert ran.stdout == "None pure: not built\n"


def test_every_kernel_is_declared_and_every_declared_one_is_there(both):
    module = sys.modules["streams.kernels._native"]

    assert sorted(name for name in vars(module) if name[0] != "_") == sorted(DECLARED)


@pytest.mark.parametrize("name", DECLARED)
def test_arguments_that_do_not_fit_are_refused_before_they_are_read(both, name):
    kernel = getattr(kernels.load({})[0], name)
    count = len(inspect.signature(getattr(Kernels, name)).parameters) - 1

    with pytest.raises(TypeError):
        kernel()
    with pytest.raises(TypeError):
        kernel(*[object()] * count)
    with pytest.raises(TypeError):
        kernel(*[np.zeros(4, np.complex128)] * count)
    with pytest.raises((TypeError, ValueError)):
        kernel(*[np.zeros((4, 4), np.uint64)[:, 1]] * count)
