"""Short reports of the project's own, in which every name is marked: how much of them is found."""

import re
from pathlib import Path

REPORTS = (Path(__file__).parent / "reports.txt").read_text(encoding="utf-8").strip().split("\n\n")[1:]
MARKED = re.compile(r"\{([A-Z]):([^{}]+)\}")


def test_nine_marked_names_in_ten_are_found_where_they_stand(entities):
    met = given = 0
    for report in REPORTS:
        found = [m.surface for entity in entities(MARKED.sub(r"\2", report)) for m in entity.mentions]
        names = [mark[2] for mark in MARKED.finditer(report)]
        given += len(names)
        met += sum(min(names.count(name), found.count(name)) for name in set(names))

    assert met / given > 0.9
