"""What all taps share: whether this step is probed, what the lens has cost, and the end of the backward pass."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional, TypeVar

import torch

from .clock import Clock, Moment

Function = TypeVar("Function", bound=Callable[..., Any])


class Probe:
    """State of the present step. Hooks return at once while `active` is false."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.active = False
        self.batch_share = 1.0
        self.turn = 0
        """Number of probed steps so far: other samples are looked at in each."""
        self.cost = 0.0
        self.failure: Optional[Exception] = None
        """What the lens failed at; it measures nothing from then on."""
        self._on_failure: Callable[[Exception], None] = lambda _error: None
        self._finishers: List[Callable[[], None]] = []
        self._queued = False
        self._timer = Timer(self)

    def at_end_of_backward(self, finisher: Callable[[], None]) -> None:
        """Calls `finisher` after each backward pass of a probed step, when all gradients are there."""
        self._finishers.append(finisher)

    def at_failure(self, told: Callable[[Exception], None]) -> None:
        self._on_failure = told

    def fail(self, error: Exception) -> None:
        """Gives up measuring: training must go on, whatever the lens cannot cope with."""
        self.active = False
        if self.failure is None:
            self.failure = error
            self._on_failure(error)

    def queue(self) -> None:
        """Must be called from a tensor hook: autograd then calls the finishers at the end of its present pass."""
        if not self._queued:
            self._queued = True
            engine = torch.autograd.Variable._execution_engine
            # DDP copies the averaged gradients in a callback of its own. A callback that is queued by a callback comes
            # after all others.
            engine.queue_callback(lambda: engine.queue_callback(self._finish))

    @property
    def recording(self) -> bool:
        """Whether a forward pass now is one that will be measured."""
        # Compiled code asks first whether it is compiled: it would be guarded by whatever else it asked, and be compiled
        # again when that changes.
        return not is_compiling() and self.active and torch.is_grad_enabled()

    def timed(self) -> "Timer":
        """Counts the time within as a cost of the lens; nested uses count once. What fails within ends the measuring."""
        return self._timer

    def now(self) -> Moment:
        return self._clock.now()

    def since(self, moment: Moment) -> float:
        return self._clock.since(moment)

    def between(self, first: Moment, second: Moment) -> float:
        return self._clock.between(first, second)

    def _finish(self) -> None:
        self._queued = False
        if self.failure is not None:
            return
        if _cuda():
            # Work that training had queued is not a cost of the lens.
            torch.cuda.synchronize()
        with self.timed(), torch.no_grad(), no_autocast():
            for finisher in self._finishers:
                finisher()

    def forget(self) -> None:
        """Ends a step: a backward pass that failed must not keep later ones from being measured."""
        self._queued = False


class Timer:
    """A context that adds its time to a probe's cost. It is entered at every step, so it is made once."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._depth = 0
        self._begun = probe.now()

    def __enter__(self) -> None:
        if self._depth == 0:
            self._begun = self._probe.now()
        self._depth += 1

    def __exit__(self, _kind: Any, error: Any, _trace: Any) -> bool:
        self._depth -= 1
        if self._depth == 0:
            self._probe.cost += self._probe.since(self._begun)
        if not isinstance(error, Exception):
            return False
        self._probe.fail(error)
        return True


def is_compiling() -> bool:
    """Whether torch.compile is tracing: a hook within a compiled graph measures nothing and leaves no trace in it."""
    compiler = getattr(torch, "compiler", None)
    if compiler is not None and hasattr(compiler, "is_compiling"):
        return bool(compiler.is_compiling())
    return False


def _cuda() -> bool:
    return bool(torch.cuda.is_initialized())  # type: ignore[no-untyped-call,unused-ignore]


@contextmanager
def no_autocast() -> Iterator[None]:
    """Turns automatic mixed precision off: figures are computed in float32 or float64."""
    with torch.autocast("cpu", enabled=False):
        if _cuda():
            with torch.autocast("cuda", enabled=False):
                yield
        else:
            yield


def opaque(function: Function) -> Function:
    """Keeps torch.compile from compiling a hook that it meets outside of its graphs, such as on a recurrent module."""
    try:
        import torch._dynamo as dynamo
    except ImportError:
        return function
    disabled: Function = dynamo.disable(function)  # type: ignore[assignment,no-untyped-call,unused-ignore]
    return disabled


def samples(batch: int, share: float, turn: int) -> Optional[slice]:
    """Evenly spread samples of a batch to look at, different ones each turn. None: all."""
    stride = round(1 / share)
    # Fewer than four samples would make percentiles and extrapolated norms worthless.
    stride = max(1, min(stride, batch // 4))
    return None if stride == 1 else slice(turn % stride, None, stride)
