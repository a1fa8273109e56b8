"""Ends a broker together with the process that uses it, also when that is killed."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from streams.broker.node import Node

WATCH = """
import sys
released = sys.stdin.buffer.read()
if not released:
    from pathlib import Path
    from streams.broker.node import Node
    for directory in sys.argv[1:]:
        Node(0, Path(directory)).kill()
"""


@dataclass(frozen=True)
class Guard:
    """A process that waits for the end of this one; the end of a pipe tells it."""

    watcher: "subprocess.Popen[bytes]"

    def release(self) -> None:
        """Let the nodes be; to be called when they have ended in order."""
        self.watcher.communicate(b"released")

    def end(self) -> None:
        """Kill the nodes now, as the end of this process would."""
        self.watcher.communicate()


def end_with_this_process(nodes: Sequence[Node]) -> Guard:
    """Kill ``nodes`` when this process ends without `Guard.release`."""
    command = [sys.executable, "-c", WATCH, *(str(node.directory) for node in nodes)]
    return Guard(subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True))
