"""Write what is derived from the code, or with --check say what is stale."""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from pattern_words import required_words
from pydantic_core import PydanticUndefined

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from schemas.export import asyncapi, schema_files  # noqa: E402
from streams.settings import PREFIX, Settings  # noqa: E402

TABLES = ("cues.toml", "cues_abroad.toml")
TEXT_DATA = ROOT / "streams" / "text" / "data"
BEGIN, END = "<!-- settings: generated -->", "<!-- /settings -->"


def _default(name: str) -> str:
    default = Settings.model_fields[name].default
    return "" if default in (None, PydanticUndefined, ()) else str(default)


def environment_example() -> str:
    """Every setting with its default, commented out."""
    lines = ["# Generated from streams/settings.py by `make generate`."]
    for name, field in Settings.model_fields.items():
        lines += [f"# {field.description}", f"# {PREFIX}{name.upper()}={_default(name)}"]
    return "\n".join(lines) + "\n"


def settings_table() -> str:
    """The settings as a table for the README."""
    return "\n".join(["| setting | default | |", "| --- | --- | --- |", *map(_row, Settings.model_fields)])


def _row(name: str) -> str:
    default = f"`{_default(name)}`" if _default(name) else ""
    cells = (f"`{PREFIX}{name.upper()}`", default, Settings.model_fields[name].description or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def wall_words(name: str) -> str:
    """Of each pattern of a table of walls the words of which what it finds has one; null where it may have none."""
    table = _table(name)
    lists = {**table["signs"], "offers": table.get("offers", ())}
    numbered = {f"{name}.{place}": each for name, found in lists.items() for place, each in enumerate(found)}
    patterns = {**{rule: each for rule, each in table.items() if isinstance(each, str)}, **numbered}
    return _rows({rule: _words(pattern) for rule, pattern in patterns.items()})


def cue_words() -> str:
    """The same of the kinds of furniture that name no words of their own, by their place."""
    kinds = [kind for name in TABLES for kind in _table(name)["kind"]]
    patterns = {str(place): "|".join(kind["patterns"]) for place, kind in enumerate(kinds) if "words" not in kind}
    return _rows({place: _words(pattern) for place, pattern in patterns.items()})


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXT_DATA / name).read_text("utf-8"))


def _rows(words: dict[str, list[str] | None]) -> str:
    rows = (f"{json.dumps(rule)}: {json.dumps(found, ensure_ascii=False)}" for rule, found in words.items())
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _words(pattern: str) -> list[str] | None:
    words = required_words(pattern)
    return None if words is None else sorted(words)


def generated() -> dict[Path, str]:
    """Path to content of every generated file."""
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)
    assert version is not None
    files = {ROOT / "schemas" / "json" / name: content for name, content in schema_files().items()}
    files[ROOT / "schemas" / "asyncapi.yaml"] = asyncapi(version[1])
    files[ROOT / ".env.example"] = environment_example()
    for name in ("walls", "walls_abroad"):
        files[TEXT_DATA / f"{name}_words.json"] = wall_words(f"{name}.toml")
    files[TEXT_DATA / "cues_words.json"] = cue_words()
    readme = ROOT / "README.md"
    text = readme.read_text()
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    files[readme] = f"{text[:start]}\n{settings_table()}\n{text[end:]}"
    return files


def main() -> None:
    """Write, or check."""
    stale = [path for path, content in generated().items() if not path.exists() or path.read_text() != content]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run `make generate`")
        sys.exit(1 if stale else 0)
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(generated()[path])
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
