"""What the built wheel holds."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NOT_PACKED = {".pyc", ".c", ".h", ".so"}
"""What is made of the sources here, or makes what is: the compiled kernels are built for each wheel."""
FILES = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE", "seeds", "schemas", "streams")


@pytest.fixture(scope="module")
def packed(root, tmp_path_factory):
    """The files of the packages as a wheel takes them, of a checkout whose modules have been run."""
    checkout, into = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("packed")
    for name in FILES:
        copy = shutil.copytree if (root / name).is_dir() else shutil.copyfile
        copy(root / name, checkout / name)
    for folder in ("streams", "streams/stages", "schemas"):
        (checkout / folder / "__pycache__").mkdir(exist_ok=True)
        (checkout / folder / "__pycache__" / "left.cpython-311.pyc").write_bytes(b"of a former version")
    subprocess.run([sys.executable, "setup.py", "--quiet", "build_py", "-d", str(into)], cwd=checkout, check=True)
    return {str(path.relative_to(into)) for path in into.rglob("*") if path.is_file()}


def test_the_wheel_holds_every_module_and_what_modules_read(packed, root):
    files = {path for folder in ("streams", "schemas") for path in (root / folder).rglob("*") if path.is_file()}
    wanted = {str(path.relative_to(root)) for path in files if path.suffix not in NOT_PACKED}

    assert {"streams/py.typed", "schemas/py.typed", "schemas/asyncapi.yaml", "streams/data/jgo.lock.toml"} <= wanted
    assert wanted == packed


def test_the_wheel_holds_no_bytecode_of_the_checkout_and_no_source_of_what_is_compiled(packed):
    assert {Path(name).suffix for name in packed} & NOT_PACKED == set()
