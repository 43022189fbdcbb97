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
from .notes import Note
from .outputs import OutputTap, is_layer
from .parameters import ParameterMeter
from .probe import Probe
from .ranks import divisor, rank_of, world_of
from .recurrent import RecurrentTap
from .runfile import EventFile, RunFile, Sink, SummaryWriterSink
from .source import Place, caller
from .telling import Teller
from .wrapped import is_sharded, plain_name, refuse, unwrapped

StateTap = Union[RecurrentTap, CellTap]

#: Scalars by tag, and profiles by layer and channel.
Figures = Tuple[Dict[str, float], Dict[Tuple[int, str], List[float]]]

#: Measured steps without any backward pass after which the lens says that it watches the wrong model.
_BLIND = 3

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
        reference = _watching.get(model)
        former = None if reference is None else reference()
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
        self._teller = Teller(place)
        self._probe.at_failure(self._failed)
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
        self._holds = False
        """Whether some updates are not reported: then a step ends with its update, and its row waits for a loss."""
        self._taken: Optional[Figures] = None
        """What was measured of an update that waits to be written."""
        self._row: Optional[Tuple[int, Figures]] = None
        """The newest step, whose loss may still be reported."""
        self._blind = 0
        """Measured steps since a backward pass went through the model."""
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
        return [str(note) for note in self._notes()]

    def _notes(self) -> List[Note]:
        notes = [
            Note(tap.unmeasured, tap.unmeasured, self._description.state_layer(tap, 0)[0], tap.name or "model")
            for tap in self._states
            if tap.unmeasured
        ]
        if self.steps > 0 and not self._reported:
            notes.append(Note("no loss was reported: call lens.step(loss) once per update", "loss"))
        if self._blind >= _BLIND:
            notes.append(Note(self._blindness(), "blind"))
        if self._probe.failure is not None:
            notes.append(Note(_stopped(self._probe.failure), "failed"))
        return notes

    def _blindness(self) -> str:
        return (
            f"no backward pass went through the watched model in the last {self._blind} measured steps: watch the model "
            "that is trained, and again if the program makes a new one"
        )

    def _failed(self, error: Exception) -> None:
        self._teller.tell("failed", _stopped(error))

    def step(self, loss: Union[None, float, Tensor] = None) -> None:
        """Reports the loss of an update, once per update: after `optimizer.step()`, or between backward and it."""
        if self._closed:
            return
        if loss is not None:
            self._reported = True
        if self._updated and self._passes_over():
            return
        if self._probe.failure is not None:
            self.close()
            return
        try:
            self._report(self._probe.now(), loss)
        except Exception as error:
            self._probe.fail(error)

    def _report(self, now: Moment, given: Any) -> None:
        self._loss = self._one_number(given)
        if self._holds:
            with self._probe.timed():
                self._release(self._loss)
            self._loss = None
        elif self._updated:
            self._flush(now)
        elif self._reports_first:
            # The former report saw no update: its step was skipped (a scaler does so), or no torch optimizer is used.
            if not self._passes_over():
                self._flush(now, keep_loss=True)
        else:
            self._reports_first = True

    def _one_number(self, loss: Any) -> Union[None, float, Tensor]:
        """The loss as it was reported; None, and a word about it, if it is no number."""
        if loss is None or isinstance(loss, (int, float)):
            return loss
        if isinstance(loss, Tensor):
            if loss.numel() == 1:
                return loss.detach()
            given = f"has {loss.numel()}"
        else:
            try:
                return float(loss)
            except (TypeError, ValueError):
                given = f"is of type {type(loss).__name__}"
        self._teller.tell(
            "loss",
            f"lens.step takes the loss that was differentiated, one number; this {given}: such steps have no loss",
            caller(),
        )
        return None

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
        try:
            self._end_last()
        except Exception as error:
            self._probe.fail(error)
        self._closed = True
        if self._probe.failure is not None:
            kind, reason = "failed", _stopped(self._probe.failure)
        elif self.steps > 0 and not self._reported:
            self._teller.tell("unreported", f"no loss was reported in {self.steps} updates: call lens.step(loss) once per update")
        for handle in self._handles:
            handle.remove()
        self._hooks.lift(for_good=True)
        if not self._file.described:
            self._file.describe(self._description.as_json())
        self._file.note(self._notes())
        self._file.end(self.steps, kind, reason)
        self._file.close()
        atexit.unregister(self._at_exit)

    def _end_last(self) -> None:
        if self._probe.failure is not None:
            return
        if self._updated or (self._reports_first and self._loss is not None):
            self._idle = 0
            self._flush(self._probe.now())
        self._release(None)

    def __enter__(self) -> "Lens":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is None:
            self.close()
        else:
            self.close("cancelled" if kind is KeyboardInterrupt else "failed", f"{kind.__name__}: {error}")

    def _at_exit(self) -> None:
        # A notebook's last error may be of any cell, long after the training.
        error = None if hasattr(sys, "ps1") or "IPython" in sys.modules else getattr(sys, "last_value", None)
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
        if self._closed or self._probe.failure is not None:
            return
        if self._updated:
            # Nobody reported the former update, and the present step's backward pass is over: it is not probed.
            self._holds = True
            if not self._passes_over():
                self._guarded(lambda: self._flush(self._probe.now(), late=True))
        if self._probe.active:
            with self._probe.timed(), torch.no_grad():
                self._parameters.before_update(clipped)

    def update_ends(self, rate_of: Callable[[], Any]) -> None:
        """Must be called right after it. :param rate_of: gives the learning rate."""
        if self._closed or self._probe.failure is not None:
            return
        if self._idle == 0:
            rate = rate_of()
            self._rate = rate if type(rate) is float else float(rate)
        if self._probe.active:
            with self._probe.timed(), torch.no_grad():
                self._parameters.after_update()
                self._taken = self._measured()
            # Whatever the model computes until the next step begins is of no step.
            self._probe.active = False
        self._updated = True
        if self._reports_first or self._holds:
            if not self._passes_over():
                self._guarded(lambda: self._flush(self._probe.now()))
            self._reports_first = False

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:
            self._probe.fail(error)

    def _begin_step(self, late: bool = False) -> None:
        """:param late: whether a part of the step is over."""
        following = self.steps + 1
        probed = (following - 1) % self._every == 0 if self._every else self._budget.wants(following)
        probed = probed and not late and self._probe.failure is None
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

    def _flush(self, now: Moment, keep_loss: bool = False, late: bool = False) -> None:
        """Ends a step: writes its figures and decides whether the next one is probed.

        :param now: the moment since which everything is a cost of the lens; :param late: whether a part of the next step
            is over.
        """
        probe = self._probe
        if probe.active and self._taken is None:
            with torch.no_grad():
                self._taken = self._measured()
        taken, self._taken = self._taken, None
        probed = taken is not None
        self.steps += 1
        before = self._passed * self._pass_cost
        own = max(0.0, probe.between(self._begun, now) - self._left_out[0] - probe.cost - before)
        wall = max(0.0, now.wall - self._begun.wall - self._left_out[1] - probe.cost - before)
        # Reading a loss waits for a GPU: it is done for rows that are written alone.
        written = bool(probed or self._every or self._budget.writes(self.steps))
        if written:
            self._write(taken, wall / (1 + self._passed))
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
        self._begin_step(late)
        probe.cost = probe.since(self._begun)

    def _write(self, taken: Optional[Figures], seconds: float) -> None:
        """Writes the figures of a step that took that long on the wall without the lens."""
        measured, profiles = taken or ({}, {})
        scalars = {"loss": math.nan, "learningRate": self._rate, **measured, "milliseconds": 1000 * seconds}
        if taken is not None:
            self.figures, self.profiles = scalars, profiles
            self._probe.turn += 1
            self._blind = 0 if "gradientNorm" in measured else self._blind + 1
            if self._blind == _BLIND:
                self._teller.tell("blind", self._blindness())
        if not self._file.described:
            self._file.describe(self._description.as_json())
        if taken is not None:
            self._file.note(self._notes())
        self._release(None)
        self._row = self.steps, (scalars, profiles)
        if not self._holds:
            self._release(self._loss)

    def _release(self, loss: Union[None, float, Tensor]) -> None:
        """Writes the newest step's row, if it still waits."""
        row, self._row = self._row, None
        if row is None:
            return
        step, (scalars, profiles) = row
        if loss is not None:
            scalars["loss"] = float(loss)
        self._file.step(step, scalars, profiles, loss is not None and self._is_spike(scalars["loss"]))

    def _is_spike(self, loss: float) -> bool:
        former = self._mean_loss
        if not math.isfinite(loss):
            return True
        self._mean_loss = loss if math.isnan(former) else 0.9 * former + 0.1 * loss
        return not math.isnan(former) and abs(loss) > 10 * abs(former)

    def _measured(self) -> Figures:
        """What was measured since the last call."""
        scalars: Dict[str, float] = {}
        profiles: Dict[Tuple[int, str], List[float]] = {}
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
        return scalars, profiles


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


def _stopped(error: Exception) -> str:
    """Names the line of the lens, so that it can be reported."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}, line {trace.tb_lineno})"
    return (
        f"the lens has stopped measuring, and the training goes on: {type(error).__name__}: {error}{place}. "
        "Please report this with the model's code"
    )


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
