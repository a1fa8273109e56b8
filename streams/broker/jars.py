"""The jars of Apache Kafka: fetched once from a package registry, compared with the lock before every start."""

import hashlib
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from streams.broker.errors import BrokerError

FETCHES_AT_ONCE = 8
Say = Callable[[str], None]


@dataclass(frozen=True)
class LockedJar:
    """One jar as the lock names it."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def folder(self) -> Path:
        """Where a Maven repository keeps the jar, relative to its root."""
        return Path(*self.group.split("."), self.artifact, self.version)

    @property
    def file_name(self) -> str:
        """The jar's own name."""
        return f"{self.artifact}-{self.version}.jar"


def lock_text() -> str:
    """The committed lock."""
    return (files("streams") / "data" / "jgo.lock.toml").read_text(encoding="utf-8")


def read_lock(text: str) -> tuple[LockedJar, ...]:
    """The jars that a lock names, in the order of the class path; every one must have its hash."""
    entries = tomllib.loads(text).get("dependencies", [])
    missing = [entry.get("artifactId", "?") for entry in entries if len(entry.get("sha256", "")) != 64]
    if missing or not entries:
        raise BrokerError(
            f"the lock of the broker's jars should give a sha256 for each: none for {', '.join(missing) or 'any'}; "
            "install wirewatch anew"
        )
    return tuple(
        LockedJar(entry["groupId"], entry["artifactId"], entry["version"], entry["sha256"]) for entry in entries
    )


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch_jar(jar: LockedJar, store: Path) -> Path:
    """Fetch one jar with jgo, from the repositories that jgo is set up for, into ``store``."""
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    repositories = {"central": MAVEN_CENTRAL_URL, **GlobalSettings.load().repositories}
    context = MavenContext(repo_cache=store, remote_repos=repositories)
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    return Path(artifact.resolve())


def jar_store() -> Path:
    """The local Maven repository that jgo uses, so that jars fetched by other tools are used too."""
    from jgo.config import GlobalSettings

    return Path(GlobalSettings.load().repo_cache)


def install_jars(
    jars: Iterable[LockedJar],
    store: Path,
    say: Say = lambda line: None,
    fetch: Callable[[LockedJar, Path], Path] = fetch_jar,
) -> tuple[Path, ...]:
    """Paths of the jars, each with the bytes that the lock names; what is missing is fetched.

    Needs no network once every jar is in ``store``. Raises `BrokerError` where a jar has other bytes than
    the lock says (nothing is started then) or cannot be fetched.
    """
    wanted = tuple(jars)
    missing = [jar for jar in wanted if not (store / jar.folder / jar.file_name).exists()]
    if missing:
        say(f"fetching Apache Kafka: {len(missing)} jar{'s' * (len(missing) > 1)}, once")
        with ThreadPoolExecutor(FETCHES_AT_ONCE) as pool:
            for done, _ in enumerate(pool.map(lambda jar: _place(jar, store, fetch), missing), 1):
                if done % 10 == 0:
                    say(f"  {done} of {len(missing)}")
    paths = tuple(store / jar.folder / jar.file_name for jar in wanted)
    for jar, path in zip(wanted, paths, strict=True):
        _compare(jar, path)
    return paths


def _place(jar: LockedJar, store: Path, fetch: Callable[[LockedJar, Path], Path]) -> None:
    """Fetch to one side, compare, then move into place: a fetch that is cut off leaves nothing behind."""
    try:
        store.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".wirewatch-", dir=store) as aside:
            fetched = _fetched(jar, Path(aside), fetch)
            _compare(jar, fetched)
            (store / jar.folder).mkdir(parents=True, exist_ok=True)
            os.replace(fetched, store / jar.folder / jar.file_name)
    except OSError as error:
        raise BrokerError(
            f"the broker's jars should be kept in {store}: {error.strerror or error}; "
            "make room or set M2_REPO to another directory"
        ) from error


def _fetched(jar: LockedJar, aside: Path, fetch: Callable[[LockedJar, Path], Path]) -> Path:
    try:
        return fetch(jar, aside)
    except Exception as error:  # requests, jgo and the operating system each have their own
        if isinstance(error, OSError) and error.errno is not None and not hasattr(error, "request"):
            raise
        raise BrokerError(
            f"Apache Kafka's {jar.file_name} is not in the local cache and could not be fetched "
            f"({type(error).__name__}); connect to the network once, or set WIREWATCH_BROKER to a broker that runs"
        ) from error


def _compare(jar: LockedJar, path: Path) -> None:
    found = sha256_of(path)
    if found != jar.sha256:
        raise BrokerError(
            f"{jar.file_name} should have sha256 {jar.sha256[:16]}..., found {found[:16]}... in {path.parent}; "
            "nothing was started: delete that file to fetch it again, and do not use it if this repeats"
        )
