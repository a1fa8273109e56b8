"""Entity tables as they are once read, kept in a file: reading them takes a second, reading that a thirtieth of one.

Like Python's own compiled modules, such a file is trusted as code is: it is read only where it belongs to this user
and nobody else may write it.
"""

import hashlib
import logging
import os
import pickle
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from streams.entities import Tagger, load_tagger
from streams.entities.lexicon import Lexicon, fingerprint, load_lexicon

log = logging.getLogger(__name__)

MOST_FILES = 4
"""Files that are kept: of the tables in use, and of those before."""
_DIGEST = hashlib.sha256
_OTHERS_WRITE = 0o022


def tagger_at(directory: Path, tables: Sequence[Path] = ()) -> Tagger:
    """`load_tagger`, with what was read of the same tables by the same code in ``directory``. Raises TableError.

    A directory that cannot be written costs the second, nothing else.
    """
    made_by = f"{sys.implementation.cache_tag}-numpy{np.__version__}"
    file = directory / f"{fingerprint(tables)}-{made_by}.lexicon"
    lexicon = _kept(file)
    if lexicon is None:
        lexicon = load_lexicon(tables)
        _keep(file, lexicon)
    return load_tagger(tables, lexicon)


def _kept(file: Path) -> Lexicon | None:
    """What stands in a file; None where there is none, or it is not whole, or not ours alone."""
    try:
        with file.open("rb") as opened:
            state = os.fstat(opened.fileno())
            if state.st_uid != os.getuid() or state.st_mode & _OTHERS_WRITE:
                return None
            digest, packed = opened.read(_DIGEST().digest_size), opened.read()
    except OSError:
        return None
    if _DIGEST(packed).digest() != digest:
        return None
    found = pickle.loads(packed)
    return found if isinstance(found, Lexicon) else None


def _keep(file: Path, lexicon: Lexicon) -> None:
    packed = pickle.dumps(lexicon, protocol=5)
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(_DIGEST(packed).digest() + packed)
        aside.replace(file)
        _tidy(file.parent)
    except OSError as error:
        log.info("entity tables are not kept as read", extra={"directory": str(file.parent), "error": str(error)})
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _tidy(directory: Path) -> None:
    """Delete all but the latest files."""
    files = sorted(directory.glob("*.lexicon*"), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in files[MOST_FILES:]:
        old.unlink(missing_ok=True)
