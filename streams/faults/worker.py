"""A worker whose stages misbehave and whose clock may be off, as a process: what the faults run instead of the
ordinary one. ``FAULT_CLOCK`` is how many seconds its clock is ahead; with ``FAULT_CARELESS`` nothing is guarded,
confirmed or watched, to see what that costs."""

import os
import time
from typing import Any

from streams.worker_process import main


def shift_clock(seconds: float) -> None:
    """Set this process's clock ahead."""
    now = time.time
    time.time = lambda: now() + seconds


def be_careless() -> None:
    """Leave out what keeps articles safe."""
    from streams import app, engine, worker
    from streams.guard import Unguarded
    from streams.settling import Settler

    class Careless(Unguarded):
        tried = 0

        def __init__(self, *_: object) -> None: ...

        def settled(self) -> None: ...

    async def send_only(self: Any, groups: Any, kept_of: Any) -> Any:
        for partition, kept in kept_of.items():
            await self._keep(partition, kept)
        return [[] for group in groups for out in [[await self.send(one) for one in group]]]

    shell: Any = app
    shell.Guard = Careless
    setattr(Settler, "settle", send_only)  # noqa: B010
    watched: Any = worker
    watched.start_watchdog = lambda *_: None
    mended: Any = engine
    mended._offset_below_in_flight = mended._commit_offset


def misbehave() -> None:
    """Set the clock, the guards and the stages of this process as its environment says."""
    if ahead := float(os.environ.get("FAULT_CLOCK", "0")):
        shift_clock(ahead)

    if os.environ.get("FAULT_CARELESS"):
        be_careless()

    from streams import worker
    from streams.faults.misbehaving import misbehaving

    shell: Any = worker
    build = shell.build_table
    shell.build_table = lambda *given: misbehaving(build(*given))


if __name__ == "__main__":
    main(misbehave)
