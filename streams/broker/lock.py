"""Writes the lock of the broker's jars anew: ``python -m streams.broker.lock``. Needs the network."""

import hashlib
import tomllib
from importlib.resources import files
from pathlib import Path

from streams.broker.jars import sha256_of


def specification_text() -> str:
    """The committed specification that the lock is made from."""
    return (files("streams") / "data" / "jgo.toml").read_text(encoding="utf-8")


def fingerprint(specification: str) -> str:
    """What the lock keeps of the specification, so that a test sees when one is newer than the other."""
    return hashlib.sha256(specification.encode()).hexdigest()[:16]


def resolve_lock(specification: str) -> str:
    """The lock of a specification: every jar that jgo resolves, with its sha256, in class path order."""
    import jgo

    coordinates = tomllib.loads(specification)["dependencies"]["coordinates"]
    lines = [
        "# Generated: python -m streams.broker.lock",
        "",
        "[metadata]",
        f'spec_hash = "{fingerprint(specification)}"',
    ]
    for artifact in jgo.resolve("+".join(coordinates)):
        lines += ["", "[[dependencies]]"]
        lines += [f'groupId = "{artifact.groupId}"', f'artifactId = "{artifact.artifactId}"']
        lines += [f'version = "{artifact.version}"', 'packaging = "jar"']
        lines += [f'sha256 = "{sha256_of(Path(artifact.resolve()))}"']
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    target = Path(str(files("streams") / "data" / "jgo.lock.toml"))
    target.write_text(resolve_lock(specification_text()), encoding="utf-8")
    print(f"wrote {target}")
