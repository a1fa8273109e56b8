"""Print speed, state and recovery of dedupe.

PYTHONPATH=. python tools/bench_dedupe.py 10000 100000
"""

import argparse
import time

from streams.dedup.bench import bench
from streams.stages.dedupe import DAY, DedupeMemory


def main() -> None:
    """One line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000])
    for row in bench(parser.parse_args().sizes, time.process_time, lambda size: DedupeMemory(7 * DAY, 2 * size)):
        print(
            f"{row.articles:>9,} articles: {row.microseconds:.0f} us each, {row.per_second:,.0f}/s a core; state "
            f"{row.bytes_dedupe:.0f} bytes each, {row.bytes_total:.0f} with stories; changelog {row.learned_bytes:.0f} "
            f"bytes each; taken in again in {row.restore_seconds:.1f} s; "
            + ", ".join(f"{part} {held // row.articles}" for part, held in row.parts.items()),
            flush=True,
        )


if __name__ == "__main__":
    main()
