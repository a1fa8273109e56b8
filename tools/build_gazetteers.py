"""Cut the public gazetteers down to the tables that ship in ``streams/entities/data/gazetteers``.

    python tools/build_gazetteers.py ../shared/data/entities/gazetteers

Each table comes from one source and stays under its licence (see LICENCES.md beside the tables).
Columns: name, aliases separated by |, type (- where unknown), id, country, weight 0 to 9.
"""

import csv
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log10
from pathlib import Path

from native_names import kept

TARGET = Path(__file__).resolve().parents[1] / "streams" / "entities" / "data" / "gazetteers"
SMALLEST_CITY = 5_000
RowOut = tuple[str, Iterable[str], str, str, str, int]

OFFICE = re.compile(r"(President|Prime Minister|Pope|King|Queen|Chancellor|Secretary|Minister) (of|for) ")
"""What the source calls a person that is an office."""

NAMESAKE = re.compile(r"\S+ \([^()]+\)")
"""A name of one word with a country after it: by that word other companies are meant, too."""

csv.field_size_limit(1 << 24)


def table(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def write(name: str, rows: Iterable[RowOut]) -> None:
    lines = []
    for title, aliases, kind, identifier, country, weight in rows:
        kept = dict.fromkeys(alias for alias in aliases if alias and alias != title and "|" not in alias)
        lines.append("\t".join((title, "|".join(kept), kind, identifier, country, str(weight))))
    data = ("\n".join(lines) + "\n").encode()
    with open(TARGET / name, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(data)
    print(f"{name}: {len(lines):,} rows, {(TARGET / name).stat().st_size:,} bytes")


def spoken(names: Iterable[str]) -> list[str]:
    """Names without country codes and pronunciations."""
    return [name for name in names if len(name) > 3 or not name.isascii()]


def countries(source: Path) -> Iterator[RowOut]:
    rows = {row["iso2"]: row for row in table(source / "places.tsv.gz") if row["kind"] == "country"}
    taken: set[str] = set()
    with gzip.open(source / "countries.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
        found.sort(key=lambda country: -int(rows.get(country["iso2"], {}).get("population") or 0))
        for country in found:
            iso = country["iso2"]
            row = rows.get(iso, {})
            identifier = row.get("qid") or f"iso:{iso}"
            size = 9 if int(row.get("population") or 0) > 400_000 else 7
            alt = [name for name in country["alt"] if all(c.isalpha() or c in " -'.’" for c in name)]
            names = [country["official"], *country["native"], *alt, *country["names"].values()]
            yield country["name"], spoken(names), "GPE", identifier, iso, size
            for demonym in country["demonyms_eng"]:
                for part in dict.fromkeys(demonym.split(", ")):
                    if part in taken:
                        continue
                    taken.add(part)
                    plural = [] if part.endswith(("ese", "ish", "ch", "ss", "s")) else [part + "s"]
                    yield part, plural, "NORP", identifier, iso, 8


def places(source: Path) -> Iterator[RowOut]:
    """Towns; one whose name some town of a country without details has, too, is not well known by its name alone."""
    rows = list(table(source / "places.tsv.gz"))
    elsewhere = {row["name"].strip() for row in rows if row["kind"] == "city_name_only"}
    cities = [row for row in rows if row["kind"] == "city" and int(row["population"] or 0) >= SMALLEST_CITY]
    shared = qids(rows)
    for row in cities:
        name, population = row["name"].strip(), int(row["population"])
        if capitalised(name):
            weight = min(5 if name in elsewhere else 8, max(1, round(2 * log10(population) - 5.4)))
            yield name, native(row), "GPE", row["qid"] if shared[row["qid"]] == 1 else "", row["iso2"], weight


def states(source: Path) -> Iterator[RowOut]:
    """First parts of countries; of those that are called like a country only Georgia of the United States."""
    rows = list(table(source / "places.tsv.gz"))
    shared, countries = qids(rows), {row["name"] for row in rows if row["kind"] == "country"}
    for row in rows:
        namesake = row["name"] in countries and row["iso2"] != "US"
        if row["kind"] == "state" and capitalised(row["name"].strip()) and not namesake:
            identifier = row["qid"] if shared[row["qid"]] == 1 else ""
            yield row["name"].strip(), native(row), "GPE", identifier, row["iso2"], 5


def qids(rows: Iterable[dict[str, str]]) -> Counter[str]:
    return Counter(row["qid"] for row in rows if row["kind"] in ("state", "city"))


def native(row: dict[str, str]) -> list[str]:
    """The name of the place in another script or with an accented first letter, where it is to be trusted."""
    name = row["native"].strip() if row["native"] and not row["native"][:1].isascii() else ""
    return [name] if len(name) > 2 and kept(name, row["name"].strip()) else []


def capitalised(text: str) -> bool:
    words = [word for word in text.split() if word[:1].isalpha()]
    return bool(words) and words[0][0].isupper() and sum(word[0].isupper() for word in words) * 2 > len(words)


def wikidata(source: Path) -> Iterator[RowOut]:
    for row in table(source / "wikidata_names.tsv.gz"):
        name, kind, seen = row["name"], row["type"], int(row["seen"] or 0)
        several = len(name.split()) > 1
        if kind == "PERSON" and OFFICE.match(name):
            continue
        if not capitalised(name) or (kind in ("", "OTHER") and not (several and seen)) or len(name) < 3:
            continue
        forms = [form for form in row["forms"].split("|") if capitalised(form) and len(form) > 2]
        if kind in ("PERSON", "", "OTHER"):
            forms = [form for form in forms if len(form.split()) > 1]
        elif kind in ("GPE", "LOC"):
            words = set(name.replace(",", "").split())
            forms = [form for form in forms if set(form.replace(",", "").split()) < words or "." in form]
        weight = 0 if not seen else min(6, 1 + round(2 * log10(seen)))
        yield name, forms, kind if kind not in ("", "OTHER") else "-", row["qid"], "", weight


def companies(source: Path) -> Iterator[RowOut]:
    """Companies; by one word that is not their name, or that several share, something else is meant as a rule."""
    found: dict[str, tuple[str, str]] = {}
    for row in table(source / "brands_operators.tsv.gz"):
        if row["kind"] in ("brands", "operators") and row["qid"] and capitalised(row["name"]) and len(row["name"]) > 2:
            found.setdefault(row["qid"], (row["name"], row["also"]))
    for identifier, (name, also) in found.items():
        if NAMESAKE.fullmatch(name):
            continue
        aliases = [alias for alias in also.split("|") if capitalised(alias) and len(alias) > 2]
        yield name, [alias for alias in aliases if " " in alias or alias.isupper()], "ORG", identifier, "", 1


def legislators(source: Path) -> Iterator[RowOut]:
    for row in table(source / "us_legislators.tsv.gz"):
        firsts = [row["first"], row["nickname"]]
        aliases = [f"{first} {row['last']}" for first in firsts if first]
        if row["middle"]:
            aliases.append(f"{row['first']} {row['middle']} {row['last']}")
        yield row["name"], aliases, "PERSON", row["qid"], "US", 3


def main() -> None:
    source = Path(sys.argv[1])
    write("countries.tsv.gz", countries(source))
    write("states.tsv.gz", states(source))
    write("places.tsv.gz", places(source))
    write("wikidata.tsv.gz", wikidata(source))
    write("companies.tsv.gz", companies(source))
    write("legislators.tsv.gz", legislators(source))


if __name__ == "__main__":
    main()
