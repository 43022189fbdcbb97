"""The lens on one training loop."""

from __future__ import annotations

import atexit
import math
import os
import sys
import weakref
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple, Union

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim import optimizer as optimizers

from .budget import Budget
from .cells import CellTap
from .clock import Clock, Moment
from .describe import Description
from .figures import profiles_of
from .hooks import Hook, Hooks
from .horizon import reach_of
from .naming import program_name, run_folder
from .outputs import OutputTap, is_layer
from .parameters import ParameterMeter
from .probe import Probe
from .ranks import divisor, rank_of, world_of
from .recurrent import RecurrentTap
from .runfile import EventFile, RunFile, Sink, SummaryWriterSink
from .source import Place, caller
from .wrapped import is_sharded, plain_name, refuse, unwrapped

StateTap = Union[RecurrentTap, CellTap]

#: The lens on each model that is watched.
_watching: "weakref.WeakKeyDictionary[nn.Module, weakref.ref[Lens]]" = weakref.WeakKeyDictionary()


class Lens:
    """Measures a model while the program trains it, and never changes what it computes.

    A step is one update of the weights. Its figures are written when the optimizer has made it, or when `step` reports
    its loss. Use `watch` to make one.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optional[Optimizer] = None,
        *,
        required_lag: Optional[int] = None,
        baseline: Optional[float] = None,
        budget: float = 0.03,
        every: Optional[int] = None,
        name: Optional[str] = None,
        folder: Union[str, "os.PathLike[str]"] = os.path.join(".gradlens", "runs"),
        writer: Any = None,
        scaler: Any = None,
        place: Optional[Place] = None,
        limit: int = 64 << 20,
    ) -> None:
        refuse(model)
        if optimizer is not None and not isinstance(optimizer, Optimizer):
            raise TypeError(f"optimizer must be one of torch.optim, or None; this is of type {type(optimizer).__name__}")
        model = unwrapped(model)
        former = _watching.get(model)
        former = None if former is None else former()
        if former is not None:
            # A notebook's cell that runs again, most likely: two lenses would measure each other.
            former.close()
        _watching[model] = weakref.ref(self)
        self.model = model
        self.steps = 0
        """Number of updates so far."""
        self.figures: Dict[str, float] = {}
        """Scalars of the newest probed step, by their tags."""
        self.profiles: Dict[Tuple[int, str], List[float]] = {}
        """Profiles of the newest probed step, by layer and channel (docs/run-format.md)."""
        self._probe = Probe(Clock(p.device for p in model.parameters()))
        self._budget = Budget(budget)
        self._every = every
        self._scaler = scaler
        self._rank, self._world = rank_of(), world_of()
        copies = is_sharded(model)
        self._states: List[StateTap] = []
        self._outputs: List[OutputTap] = []
        for path, module in model.named_modules():
            path = plain_name(path)
            if isinstance(module, nn.RNNBase):
                self._states.append(RecurrentTap(path, module, self._probe, copies))
            elif isinstance(module, nn.RNNCellBase):
                self._states.append(CellTap(path, module, self._probe, copies))
            elif hasattr(module, "tap"):
                # It stands for a layer of another library.
                self._states.append(module.tap(path, self._probe))
            if is_layer(module):
                self._outputs.append(OutputTap(path, module, self._probe))
        self._parameters = ParameterMeter(model)
        self._probe.at_end_of_backward(self._measure_gradients)
        taps = [*self._states, *self._outputs]
        root = Hook(self._root)
        makers = [lambda: [model.register_forward_hook(root)], *(tap.hook for tap in taps)]
        self._hooks = Hooks(model, makers, self._backward_begins)
        self._handles: List[Any] = []
        self._owned: "weakref.WeakSet[Optimizer]" = weakref.WeakSet()
        if optimizer is None:
            self._handles.append(optimizers.register_optimizer_step_pre_hook(self._before_any))
            self._handles.append(optimizers.register_optimizer_step_post_hook(self._after_any))
        else:
            self._handles.append(optimizer.register_step_pre_hook(self._before))
            self._handles.append(optimizer.register_step_post_hook(self._after))
        self._description = Description(
            model, self._states, self._outputs, self._parameters.names,
            name=name or program_name(), required_lag=required_lag, baseline=baseline, place=place,
            rank=self._rank, ranks=self._world, sharded=copies,
        )  # fmt: skip
        self._file = RunFile(_sink(folder, name, writer, self._rank), limit)
        self._rate = math.nan
        self._updated = False
        """Whether an update waits to be written, and, below, how the program reports its losses."""
        self._loss: Union[None, float, Tensor] = None
        self._reports_first = False
        self._reported = False
        self._idle = 0
        """Unwritten steps to come, and, below, those since the last one that was recorded."""
        self._passed = 0
        self._pass_cost = 0.0
        """Seconds that one of them costs."""
        self._closed = False
        self._mean_loss = math.nan
        self._begun = self._probe.now()
        self._left_out = (0.0, 0.0)
        """Seconds since then that do not count: by the clock of the lens, and on the wall."""
        self._begin_step()
        atexit.register(self._at_exit)

    @property
    def overhead(self) -> float:
        """What the lens has cost, as a share of the time that training itself took."""
        return self._budget.overhead

    @property
    def notes(self) -> List[str]:
        """What could not be measured, and why."""
        notes = [f"{tap.name or 'model'}: {tap.unmeasured}" for tap in self._states if tap.unmeasured]
        if self.steps > 0 and not self._reported:
            notes.append("no loss was reported: call lens.step(loss) once per update")
        return notes

    def step(self, loss: Union[None, float, Tensor] = None) -> None:
        """Reports the loss of an update, once per update: after `optimizer.step()`, or between backward and it."""
        if loss is not None:
            self._reported = True
        if self._updated and self._passes_over():
            return
        now = self._probe.now()
        if isinstance(loss, Tensor) and loss.numel() != 1:
            raise ValueError(f"lens.step takes the loss that was differentiated, one number; this has {loss.numel()}")
        self._loss = loss.detach() if isinstance(loss, Tensor) else loss
        if self._updated:
            self._flush(now)
        elif self._reports_first:
            # The former report saw no update: its step was skipped (a scaler does so), or no torch optimizer is used.
            if not self._passes_over():
                self._flush(now, keep_loss=True)
        else:
            self._reports_first = True

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Measures nothing within, and counts no time: for a validation between two steps."""
        active, self._probe.active = self._probe.active, False
        start, before = self._probe.now(), self._left_out
        try:
            yield
        finally:
            wall = self._probe.now().wall - start.wall
            self._left_out = (before[0] + self._probe.since(start), before[1] + wall)
            self._probe.active = active

    def close(self, kind: str = "completed", reason: Optional[str] = None) -> None:
        """Writes the end of the run and removes all hooks."""
        if self._closed:
            return
        if self._updated or (self._reports_first and self._loss is not None):
            self._idle = 0
            self._flush(self._probe.now())
        self._closed = True
        for handle in self._handles:
            handle.remove()
        self._hooks.lift(for_good=True)
        if not self._file.described:
            self._file.describe(self._description.as_json())
        self._file.end(self.steps, kind, reason)
        self._file.close()
        atexit.unregister(self._at_exit)

    def __enter__(self) -> "Lens":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is None:
            self.close()
        else:
            self.close("cancelled" if kind is KeyboardInterrupt else "failed", f"{kind.__name__}: {error}")

    def _at_exit(self) -> None:
        error = getattr(sys, "last_value", None)
        self.close("completed" if error is None else "failed", None if error is None else repr(error))

    def _root(self, module: nn.Module, args: Any, output: Any) -> None:
        """Finds the outermost backward pass: under checkpointing, inner ones end before it."""
        if self._probe.recording:
            for tensor in _tensors(output):
                if tensor.requires_grad:
                    tensor.register_hook(self._seen)  # type: ignore[no-untyped-call]

    def _seen(self, _gradient: Tensor) -> None:
        self._probe.queue()

    def _backward_begins(self) -> None:
        if self._probe.active:
            self._probe.queue()

    def _scale(self) -> float:
        return float(self._scaler.get_scale()) if self._scaler is not None else 1.0

    def _measure_gradients(self) -> None:
        self._parameters.gradients(self._scale())

    def _owns(self, optimizer: Optimizer) -> bool:
        if optimizer in self._owned:
            return True
        mine = {id(p) for p in self.model.parameters()}
        owned = any(id(p) in mine for group in optimizer.param_groups for p in group["params"])
        if owned:
            self._owned.add(optimizer)
        return owned

    def _before_any(self, optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        if self._owns(optimizer):
            self._before(optimizer, args, kwargs)

    def _after_any(self, optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        if self._owns(optimizer):
            self._after(optimizer, args, kwargs)

    def _before(self, optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        self.update_begins()

    def _after(self, optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        self.update_ends(lambda: optimizer.param_groups[0]["lr"])

    def update_begins(self, clipped: bool = True) -> None:
        """Must be called right before an update that no optimizer of ``torch.optim`` makes.

        :param clipped: whether the gradients of the parameters are those that the update takes.
        """
        if self._updated and not self._passes_over():
            self._flush(self._probe.now())
        if self._probe.active:
            with self._probe.timed(), torch.no_grad():
                self._parameters.before_update(clipped)

    def update_ends(self, rate_of: Callable[[], Any]) -> None:
        """Must be called right after it. :param rate_of: gives the learning rate."""
        if self._idle == 0:
            rate = rate_of()
            self._rate = rate if type(rate) is float else float(rate)
        if self._probe.active:
            with self._probe.timed(), torch.no_grad():
                self._parameters.after_update()
        self._updated = True
        if self._reports_first:
            if not self._passes_over():
                self._flush(self._probe.now())
            self._reports_first = False

    def _begin_step(self) -> None:
        following = self.steps + 1
        probed = (following - 1) % self._every == 0 if self._every else self._budget.wants(following)
        self._probe.active = probed
        self._probe.batch_share = 1.0 if self._every else self._budget.batch_share
        self._probe.forget()
        if probed:
            self._hooks.place()
        else:
            self._hooks.lift()
        self._idle = 0 if probed or self._every else self._budget.idle(self.steps)

    def _passes_over(self) -> bool:
        """Ends a step that is not to be written, if this is one.

        Between two steps of training even a few lines of Python are slow, because the processor's caches hold other
        things by then. So nothing is done here but counting, and the time that it takes is measured once in a while.
        """
        if self._idle == 0:
            return False
        begun = self._probe.now() if self._passed == 0 else None
        self._idle -= 1
        self.steps += 1
        self._passed += 1
        self._updated = False
        if begun is not None:
            # Reading the clock takes about as long as the hooks around an update.
            self._pass_cost = self._probe.since(begun)
        return True

    def _flush(self, now: Moment, keep_loss: bool = False) -> None:
        """Ends a step: writes its figures and decides whether the next one is probed.

        :param now: the moment since which everything is a cost of the lens.
        """
        probe = self._probe
        probed = probe.active
        self.steps += 1
        before = self._passed * self._pass_cost
        own = max(0.0, probe.between(self._begun, now) - self._left_out[0] - probe.cost - before)
        wall = max(0.0, now.wall - self._begun.wall - self._left_out[1] - probe.cost - before)
        # Reading a loss waits for a GPU: it is done for rows that are written alone.
        written = bool(probed or self._every or self._budget.writes(self.steps))
        if written:
            self._write(probed, wall / (1 + self._passed))
        self._updated = False
        if not keep_loss:
            self._loss = None
        else:
            self._rate = math.nan
        # From here on, what the lens does is a cost of the next step.
        self._begun, self._left_out = probe.now(), (0.0, 0.0)
        cost = probe.cost + probe.between(now, self._begun)
        self._budget.account(own, cost, probed, written, 1 + self._passed, before)
        self._passed = 0
        self._begin_step()
        probe.cost = probe.since(self._begun)

    def _write(self, probed: bool, seconds: float) -> None:
        """Writes the figures of a step that took that long on the wall without the lens."""
        with torch.no_grad():
            loss = math.nan if self._loss is None else float(self._loss)
            scalars: Dict[str, float] = {"loss": loss, "learningRate": self._rate}
            profiles: Dict[Tuple[int, str], List[float]] = {}
            if probed:
                self._measured(scalars, profiles)
                self._probe.turn += 1
        scalars["milliseconds"] = 1000 * seconds
        if not self._file.described:
            self._file.describe(self._description.as_json())
        self._file.step(self.steps, scalars, profiles, self._is_spike(scalars))
        if probed:
            self.figures, self.profiles = scalars, profiles

    def _is_spike(self, scalars: Mapping[str, float]) -> bool:
        loss = scalars["loss"]
        if self._loss is None:
            return False
        former = self._mean_loss
        if not math.isfinite(loss):
            return True
        self._mean_loss = loss if math.isnan(former) else 0.9 * former + 0.1 * loss
        return not math.isnan(former) and abs(loss) > 10 * abs(former)

    def _measured(self, scalars: Dict[str, float], profiles: Dict[Tuple[int, str], List[float]]) -> None:
        scale = self._scale() * divisor()
        shift = -math.log2(scale) if scale > 0 else 0.0
        for tap in self._states:
            for index, passes in tap.take().items():
                layer, tag = self._description.state_layer(tap, index)
                found = profiles_of(passes, shift)
                steps = self._description.timesteps(tap)
                for channel, row in found.channels.items():
                    profiles[layer, channel] = _fitted(row, steps, channel)
                for state, bad in found.non_finite.items():
                    reach = reach_of(found.channels[f"{state}.logNorm"], found.channels[f"{state}.gain"])
                    scalars[f"{tag}/{state}/horizon"] = reach.horizon
                    scalars[f"{tag}/{state}/survival"] = reach.survival
                    scalars[f"{tag}/{state}/attenuation"] = reach.attenuation
                    scalars[f"{tag}/{state}/meanGain"] = reach.mean_gain
                    scalars[f"{tag}/{state}/stateNonFinite"] = bad
        for output in self._outputs:
            layer, tag = self._description.output_layer(output)
            figures, positions = output.take(shift, 1 / scale)
            for quantity, value in figures.items():
                scalars[f"{tag}/{quantity}"] = value
            if positions is not None:
                profiles[layer, "y.logNorm"] = positions
        rows, totals = self._parameters.take()
        scalars.update(totals)
        for quantity, row in rows.items():
            for tag, value in zip(self._description.weight_tags, row):
                if not math.isnan(value) or quantity == "weightGradientNorm":
                    scalars[f"{tag}/{quantity}"] = value


def watch(model: nn.Module, optimizer: Optional[Optimizer] = None, **options: Any) -> Lens:
    """Puts a lens on a model, before its training loop begins.

    ::

        lens = gradlens.watch(model, required_lag=49)
        for x, target in batches:
            loss = criterion(model(x), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            lens.step(loss)

    :param optimizer: whose updates are the steps; None: any optimizer of ``torch.optim`` that has the model's parameters.
    :param required_lag: timesteps back that the gradient needs to reach, if it is known.
    :param baseline: loss of the best constant answer, if it is known.
    :param budget: share of the training's own time that the lens may take.
    :param every: probes every so many steps, with the whole batch, whatever it costs; None: as the budget allows.
    :param name: of the run; None: the program's.
    :param folder: in which the run's folder is made.
    :param writer: a ``SummaryWriter`` into which the run is written instead.
    :param scaler: the ``GradScaler`` of mixed precision, whose scale is taken out of all norms.
    :param limit: bytes that the run's file may take.
    A model that is watched already gets a new run; the former one ends.

    :raises ValueError: if the model cannot be watched; the message says why and what to do.
    """
    return Lens(model, optimizer, place=caller(), **options)


def _sink(folder: Any, name: Optional[str], writer: Any, rank: int) -> Sink:
    if writer is not None:
        return SummaryWriterSink(writer)
    return EventFile(run_folder(folder, name), rank)


def _tensors(output: Any) -> List[Tensor]:
    if isinstance(output, Tensor):
        return [output]
    if isinstance(output, Mapping):
        return [t for value in output.values() for t in _tensors(value)]
    if isinstance(output, (list, tuple)):
        return [t for value in output for t in _tensors(value)]
    return []


def _fitted(row: List[float], steps: int, channel: str) -> List[float]:
    """A profile of exactly T timesteps: the last ones coincide, and those that a shorter sequence lacks are empty."""
    if len(row) >= steps:
        return row[len(row) - steps :]
    empty = -math.inf if channel.endswith((".logNorm", ".p10", ".p50", ".p90")) or channel == "logContribution" else math.nan
    return [0.0 if channel.endswith(".nonFinite") else empty] * (steps - len(row)) + row
