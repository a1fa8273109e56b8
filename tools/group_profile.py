"""Where a worker's time goes: groups what py-spy recorded of it, by the part of the code that worked.

wirewatch bench --articles 20000 &
py-spy record --format raw --gil --duration 20 --pid WORKER --output worker.raw
python tools/group_profile.py worker.raw
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

STAGES = (
    ("stage: sketch", r"_sketched |sketch_of "),
    ("stage: clean", r"streams/(stages/clean|text/)"),
    ("stage: tag", r"streams/(stages/(tag|sketch)|entities/|tables)"),
    ("stage: dedupe", r"streams/(stages/dedupe|dedup/)"),
    ("stage: alert", r"streams/(stages/alert|rules/)"),
)
"""Name, and what any frame of its stacks looks like."""
SHELL = (
    ("read messages (pydantic)", r"(model_validate_json|_read|decoded|arrived) \("),
    ("write messages (pydantic), headers", r"to_json|streams/records|(_?written) \("),
    ("metrics: kept and served", r"prometheus_client|streams/(metrics|health|lag)|http/server|socketserver|_count \("),
    ("guard and journal", r"streams/(guard|journal)"),
    ("changelog entries", r"streams/changelog"),
    ("producer", r"streams/settling|aiokafka/producer"),
    ("fetch, hand over, acknowledge", r"streams/intake|aiokafka/consumer|faust/types/tuples|faust/transport/consumer"),
    ("watchdog and its client", r"\(kafka/|streams/watchdog"),
    ("Kafka protocol and sockets", r"aiokafka/|asyncio/(streams|selector_events)"),
    ("rest of the shell", r"streams/(agents|deciding|process|state|app|recent|slices)"),
    ("Faust and mode", r"faust/|mode/"),
)
"""Name, and what a frame looks like; the innermost frame that is of any group decides."""
OTHER = "event loop and other"


def grouped(lines: Iterable[str]) -> Counter[str]:
    """Samples by group. Each line is a stack, its frames apart by ``;``, and how often it was seen."""
    seen: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        seen[_group(stack)] += int(count)
    return seen


def _group(stack: str) -> str:
    for name, frame in STAGES:
        if re.search(frame, stack):
            return name
    for each in reversed(stack.split(";")):
        for name, frame in SHELL:
            if re.search(frame, each):
                return name
    return OTHER


def main() -> None:
    """Print the groups, the largest first, in per cent."""
    seen = grouped(Path(sys.argv[1]).read_text().splitlines())
    for name, count in seen.most_common():
        sys.stdout.write(f"{100 * count / seen.total():5.1f} %  {name}\n")


if __name__ == "__main__":
    main()
