"""Taps on ``nn.RNNCell``, ``nn.LSTMCell`` and ``nn.GRUCell``, which the program calls in a loop of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .adjoint import CellWeights, LayerGradients
from .adjoint.loop import analyse_loop
from .figures import SequencePass, sequence_pass
from .graph import descends
from .hooks import Hook
from .probe import Probe, opaque, samples


@dataclass
class Step:
    """One call of a cell: one timestep."""

    x: Tensor
    previous: Optional[Tensor]
    c_previous: Optional[Tensor]
    h: Tensor
    c: Optional[Tensor]
    node: Any
    """Autograd's node of h."""
    fused: bool
    """Whether the cell is one operation, in which autograd's ∂L/∂c_t lacks the path through h_t."""
    gradients: Dict[str, Tensor] = field(default_factory=dict)


class CellTap:
    """Measures the loops in which one cell is called."""

    def __init__(self, name: str, module: nn.RNNCellBase, probe: Probe, copies_weights: bool) -> None:
        self.name, self.module = name, module
        self.steps: Optional[int] = None
        self.unmeasured: Optional[str] = None
        self.passes: Dict[int, List[SequencePass]] = {}
        self.kept: Optional[List[List[LayerGradients]]] = None
        self._probe, self._copies = probe, copies_weights
        self._weights: Optional[CellWeights] = None
        self._loops: List[List[Step]] = []
        self._hooks = (Hook(opaque(self._before)), Hook(opaque(self._after)))
        probe.at_end_of_backward(self._analyse)

    def layer_names(self) -> List[str]:
        return [self.name or "cell"]

    def take(self) -> Dict[int, List[SequencePass]]:
        passes, self.passes = self.passes, {}
        self._loops = []
        return passes

    def hook(self) -> Sequence[Any]:
        before, after = self._hooks
        handle = self.module.register_forward_hook(after, with_kwargs=True)
        return [self.module.register_forward_pre_hook(before), handle] if self._copies else [handle]

    def _before(self, module: nn.RNNCellBase, _args: Tuple[Any, ...]) -> None:
        if self._copies and self._probe.recording:
            # FSDP has gathered the weights by now, and frees them in a hook that comes before `_after`.
            with self._probe.timed():
                self._weights = _weights(module, copy=True)

    def _after(self, module: nn.RNNCellBase, args: Tuple[Any, ...], kwargs: Dict[str, Any], output: Any) -> None:
        if not self._probe.recording:
            return
        with self._probe.timed():
            x = args[0] if args else kwargs["input"]
            hx = args[1] if len(args) > 1 else kwargs.get("hx")
            previous, c_previous = hx if isinstance(hx, (tuple, list)) else (hx, None)
            h, c = output if isinstance(output, tuple) else (output, None)
            step = Step(
                x.detach(),
                None if previous is None else previous.detach(),
                None if c_previous is None else c_previous.detach(),
                h.detach(),
                None if c is None else c.detach(),
                h.grad_fn,
                c is not None and h.grad_fn is not None and c.grad_fn is not None
                and h.grad_fn.name() == c.grad_fn.name(),
            )  # fmt: skip
            last = self._loops[-1][-1] if self._loops else None
            if last is not None and previous is not None and descends(previous.grad_fn, last.node):
                self._loops[-1].append(step)
            else:
                self._loops.append([step])
            for tensor, key in ((h, "h"), (c, "c")):
                if tensor is not None and tensor.requires_grad:
                    tensor.register_hook(_keeper(self._probe, step, key))

    def _analyse(self) -> None:
        loops, self._loops = self._loops, []
        for loop in loops:
            if not any(step.gradients for step in loop):
                continue
            found, weight = self._gradients(loop)
            if self.kept is not None:
                self.kept.append([found])
            one = sequence_pass(found, weight)
            self.passes.setdefault(0, []).append(one)
            if self.steps is None:
                self.steps = len(loop)

    def _gradients(self, loop: List[Step]) -> Tuple[LayerGradients, float]:
        first = loop[0]
        single = first.h.dim() == 1
        batch = 1 if single else first.h.shape[0]
        dtype = torch.float64 if first.h.dtype == torch.float64 else torch.float32
        chosen = samples(batch, self._probe.batch_share, self._probe.turn)

        def rows(values: List[Optional[Tensor]], like: Tensor) -> Tensor:
            stacked = torch.stack([torch.zeros_like(like) if v is None else v for v in values])
            stacked = stacked[:, None] if single else stacked
            return (stacked if chosen is None else stacked[:, chosen]).to(dtype)

        weights = (self._weights or _weights(self.module, copy=False)).to(dtype)
        cells = first.c is not None
        found = analyse_loop(
            weights,
            rows([s.x for s in loop], first.x),
            rows([s.previous for s in loop], first.h),
            rows([s.h for s in loop], first.h),
            rows([s.gradients.get("h") for s in loop], first.h),
            rows([s.c_previous for s in loop], first.h) if cells else None,
            rows([s.c for s in loop], first.h) if cells else None,
            rows([s.gradients.get("c") for s in loop], first.h) if cells else None,
            add_path=first.fused,
        )
        for step in loop:
            step.gradients = {}
        measured = batch if chosen is None else len(range(batch)[chosen])
        return found, batch / measured


def _weights(module: nn.RNNCellBase, copy: bool) -> CellWeights:
    modes = {nn.LSTMCell: "LSTM", nn.GRUCell: "GRU"}
    mode = next((m for kind, m in modes.items() if isinstance(module, kind)), None)
    if mode is None:
        mode = "RNN_TANH" if getattr(module, "nonlinearity", "tanh") == "tanh" else "RNN_RELU"

    def get(name: str) -> Optional[Tensor]:
        weight: Optional[Tensor] = getattr(module, name, None)
        if weight is None:
            return None
        return weight.detach().clone() if copy else weight.detach()

    kernel, recurrent = get("weight_ih"), get("weight_hh")
    assert kernel is not None and recurrent is not None
    return CellWeights(mode, kernel, recurrent, get("bias_ih"), get("bias_hh"))


def _keeper(probe: Probe, step: Step, key: str) -> Any:
    def keep(gradient: Tensor) -> None:
        former = step.gradients.get(key)
        step.gradients[key] = gradient.detach() if former is None else former + gradient.detach()
        probe.queue()

    return keep
