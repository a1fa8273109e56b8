"""Guards: the layers import one way, and nobody else owns our package names."""

import ast
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE_FOLDERS = ("stages", "text", "entities", "dedup", "rules", "kernels")
CORE = sorted(p for folder in CORE_FOLDERS for p in (ROOT / "streams" / folder).rglob("*.py") if p.name != "bench.py")
INGEST = ("document", "health", "identity", "progress", "schedule", "subscriptions", "turns")
"""What of ``streams.ingest`` is core: the rest fetches, remembers and runs."""
CORE += [ROOT / "streams" / "ingest" / f"{name}.py" for name in INGEST]
SHELL_ONLY = {"faust", "aiohttp", "aiokafka", "kafka", "prometheus_client", "logging", "asyncio", "random", "socket"}
OF_THE_CORE = {f"streams.{folder}" for folder in CORE_FOLDERS} | {"streams.stage", "schemas"}
OF_THE_CORE |= {f"streams.ingest.{name}" for name in INGEST}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            packaged = node.module in ("streams", "schemas")
            names |= {f"{node.module}.{alias.name}" for alias in node.names} if packaged else {node.module}
    return names


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_core_imports_nothing_of_the_shell(path):
    roots = {name.split(".")[0] for name in imported(path)}
    ours = {name for name in imported(path) if name.startswith(("streams", "schemas"))}

    assert roots & SHELL_ONLY == set()
    assert {name for name in ours if not any(name == c or name.startswith(c + ".") for c in OF_THE_CORE)} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").glob("*.py")), ids=lambda p: p.name)
def test_the_contract_imports_nothing_of_the_pipeline(path):
    assert not {name for name in imported(path) if name.startswith("streams")}


@pytest.mark.parametrize("folder", ["text", "entities", "dedup", "rules", "kernels"])
def test_what_stages_are_made_of_does_not_know_the_stages(folder):
    users = [p for p in (ROOT / "streams" / folder).rglob("*.py") if "streams.stages" in " ".join(imported(p))]

    assert [p.name for p in users if p.name != "bench.py"] == []


@pytest.mark.parametrize("package", ["streams", "schemas"])
def test_no_other_distribution_installs_our_package_names(package):
    owners = set(packages_distributions().get(package, []))

    assert owners <= {"wirewatch"}, f"{owners} would overwrite our files in site-packages"


def test_lock_files_name_no_host_and_have_a_hash_for_every_file():
    for lock in sorted(ROOT.glob("requirements*.lock")):
        text = lock.read_text()
        assert "://" not in text
        pins = [line for line in text.splitlines() if "==" in line and not line.startswith("#")]
        assert pins
        assert all(line.endswith("\\") for line in pins)
