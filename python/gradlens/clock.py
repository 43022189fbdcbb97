"""The clock by which the lens measures training and itself."""

from __future__ import annotations

import threading
import time
from typing import Iterable, NamedTuple

import torch


class Moment(NamedTuple):
    wall: float
    processor: float
    thread: int


class Clock:
    """Seconds of the training's thread.

    On a CPU they are seconds of the processor: by those of the wall, other programs would change costs and steps by chance,
    and a step that waits for its data affords no more probes than others. Wherever a device computes, the thread waits
    for it, so they are seconds on the wall.
    """

    def __init__(self, devices: Iterable[torch.device]) -> None:
        # Windows counts a thread's time in ticks of 16 ms.
        fine = time.get_clock_info("thread_time").resolution < 1e-5
        self._by_processor = fine and all(device.type == "cpu" for device in devices)

    def now(self) -> Moment:
        return Moment(time.perf_counter(), time.thread_time(), threading.get_ident())

    def between(self, first: Moment, second: Moment) -> float:
        if self._by_processor and first.thread == second.thread:
            return second.processor - first.processor
        return second.wall - first.wall

    def since(self, moment: Moment) -> float:
        """A program may call the lens from another thread than before, whose time says nothing of the former one's."""
        if self._by_processor and moment.thread == threading.get_ident():
            return time.thread_time() - moment.processor
        return time.perf_counter() - moment.wall
