"""The lens on one training loop."""

from __future__ import annotations

import atexit
import math
import os
import sys
import time
import weakref
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple, Union

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim import optimizer as optimizers

from .budget import Budget
from .cells import CellTap
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
        model = unwrapped(model)
        self.model = model
        self.steps = 0
        """Number of updates so far."""
        self.figures: Dict[str, float] = {}
        """Scalars of the newest probed step, by their tags."""
        self.profiles: Dict[Tuple[int, str], List[float]] = {}
        """Profiles of the newest probed step, by layer and channel (docs/run-format.md)."""
        self._probe = Probe()
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
        self._closed = False
        self._mean_loss = math.nan
        self._begun = time.perf_counter()
        self._begin_step()
        atexit.register(self._at_exit)

    @property
    def overhead(self) -> float:
        """What the lens has cost, as a share of the time that training itself took."""
        return self._budget.overhead

    @property
    def notes(self) -> List[str]:
        """What could not be measured, and why."""
        return [f"{tap.name or 'model'}: {tap.unmeasured}" for tap in self._states if tap.unmeasured]

    def step(self, loss: Union[None, float, Tensor] = None) -> None:
        """Reports the loss of an update, once per update: after `optimizer.step()`, or between backward and it."""
        self._loss = loss.detach() if isinstance(loss, Tensor) else loss
        if self._updated:
            self._flush()
        elif self._reports_first:
            # The former report saw no update: its step was skipped (a scaler does so), or no torch optimizer is used.
            self._flush(keep_loss=True)
        else:
            self._reports_first = True

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Measures nothing within, and counts no time: for a validation between two steps."""
        active, self._probe.active = self._probe.active, False
        start = time.perf_counter()
        try:
            yield
        finally:
            self._begun += time.perf_counter() - start
            self._probe.active = active

    def close(self, kind: str = "completed", reason: Optional[str] = None) -> None:
        """Writes the end of the run and removes all hooks."""
        if self._closed:
            return
        if self._updated or (self._reports_first and self._loss is not None):
            self._flush()
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
        if self._updated:
            self._flush()
        if self._probe.active:
            with self._probe.timed(), torch.no_grad():
                self._parameters.before_update()

    def _after(self, optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        self._rate = float(optimizer.param_groups[0]["lr"])
        if self._probe.active:
            with self._probe.timed(), torch.no_grad():
                self._parameters.after_update()
        self._updated = True
        if self._reports_first:
            self._flush()
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

    def _flush(self, keep_loss: bool = False) -> None:
        """Ends a step: writes its figures and decides whether the next one is probed."""
        now, begun = time.perf_counter(), self._begun
        probed = self._probe.active
        self.steps += 1
        own = max(0.0, now - begun - self._probe.cost)
        # Reading a loss waits for a GPU: it is done for rows that are written alone.
        written = bool(probed or self._every or self._budget.writes(self.steps))
        if written:
            self._write(probed, own)
        self._updated = False
        if not keep_loss:
            self._loss = None
        else:
            self._rate = math.nan
        self._budget.account(own, self._probe.cost + time.perf_counter() - now, probed, written)
        self._begun = time.perf_counter()
        self._begin_step()
        self._probe.cost = time.perf_counter() - self._begun

    def _write(self, probed: bool, own: float) -> None:
        """Writes the figures of a step that took `own` seconds without the lens."""
        with torch.no_grad():
            loss = math.nan if self._loss is None else float(self._loss)
            scalars: Dict[str, float] = {"loss": loss, "learningRate": self._rate}
            profiles: Dict[Tuple[int, str], List[float]] = {}
            if probed:
                self._measured(scalars, profiles)
                self._probe.turn += 1
        scalars["milliseconds"] = 1000 * own
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
