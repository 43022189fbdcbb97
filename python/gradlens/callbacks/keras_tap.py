"""A tap on a recurrent layer of Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional, Sequence, Tuple

import torch
from torch import Tensor

from ..adjoint import CellWeights, LayerGradients, OutputGradients, analyse
from ..hooks import Hook
from ..probe import Probe, samples
from ..recurrent import Call, RecurrentTap, keeper
from .keras_weights import keras_weights


@dataclass
class Inputs:
    """What a layer was called with."""

    sequences: Tensor
    initial_state: Sequence[Tensor]
    mask: Any
    training: bool


@dataclass
class Reading:
    """A layer's timesteps in the order in which it reads those that count."""

    at: Tensor
    """(B, T): position of the sequence that is read at each timestep; those beyond a sample's length are any."""
    lengths: Optional[Tensor]
    """(B,); None: all are T."""
    former: Tensor
    """(B, T): timestep whose state the layer returns at each position of its output; −1: none."""
    rows: Optional[Tensor]
    """Samples with at least one timestep; None: all."""


class KerasTap(RecurrentTap):
    """Measures one layer. A masked timestep hands the state on, so it is none to the lens."""

    def __init__(self, name: str, module: Any, layer: Any, probe: Probe) -> None:
        super().__init__(name, module, probe, False)
        self._layer = layer
        self._inputs: "dict[int, Inputs]" = {}

    def layer_names(self) -> List[str]:
        return [self.name]

    def hook(self) -> Sequence[Any]:
        return [self.module.register_forward_hook(Hook(self._told))]

    def _told(self, _module: Any, args: Tuple[Any, ...], output: Any) -> Any:
        if not self._probe.recording:
            return None
        main, *states = output
        call: Optional[Call] = None
        inputs: Inputs = args[1]
        with self._probe.timed():
            sequences = inputs.sequences.detach()
            mask = getattr(self._layer.cell, "_dropout_mask", None)
            if inputs.training and self._layer.dropout and mask is not None:
                sequences = sequences * mask.detach()[:, None]
            h0, *rest = (state.detach()[None] for state in inputs.initial_state)
            versions = (sequences._version, main._version)
            call = Call(sequences, main.detach(), versions, None, h0, rest[0] if rest else None, None, False, None)
            self._inputs[id(call)] = inputs
        if call is None:
            return None
        main_key = "y" if self._layer.return_sequences else "h"
        tapped = [(main, main_key)]
        if self._layer.return_state:
            # The last state and the output may be one tensor, whose gradient would count twice.
            states = [state.view_as(state) for state in states]
            tapped += list(zip(states, ("h" if main_key == "y" else "state", "c")))
        for tensor, key in tapped:
            if tensor.requires_grad:
                tensor.register_hook(keeper(self, call, key))
        return (main, *states)

    def take(self) -> Any:
        self._inputs = {}
        return super().take()

    def _gradients(self, call: Call) -> Tuple[Optional[List[LayerGradients]], float]:
        inputs = self._inputs.pop(id(call))
        weights = self._understood(inputs)
        if weights is None:
            return None, 1.0
        given = call.gradients
        last = [given[key] for key in ("h", "state") if key in given]
        gradient = OutputGradients(given.get("y"), torch.stack(last).sum(0) if last else None, given.get("c"))
        reading = _reading(inputs.mask, call.x.shape[:2], self._layer.go_backwards, call.x.device)
        batch = call.x.shape[0]
        chosen: Any = samples(batch, self._probe.batch_share, self._probe.turn)
        rows = torch.arange(batch, device=call.x.device)[slice(None) if chosen is None else chosen]
        measured = len(rows)
        if reading.rows is not None:
            rows = rows[torch.isin(rows, reading.rows)]
        if len(rows) == 0:
            return None, 1.0

        def state(value: Optional[Tensor]) -> Optional[Tensor]:
            return None if value is None else value[None, rows] if value.dim() == 2 else value[:, rows]

        at = reading.at[rows]
        x = torch.take_along_dim(call.x[rows], at[..., None], 1)
        found = analyse(
            [weights],
            x.transpose(0, 1),
            None,
            OutputGradients(
                None if gradient.y is None else self._at_timesteps(gradient.y[rows], reading, rows),
                state(gradient.h),
                state(gradient.c),
            ),
            h0=state(call.h0),
            c0=state(call.c0),
            lengths=None if reading.lengths is None else reading.lengths[rows],
        )
        return found, batch / measured

    def _at_timesteps(self, gradient: Tensor, reading: Reading, rows: Tensor) -> Tensor:
        """Gradients at positions of the output (B, T, N) as those of the states that were returned there (T, B, N)."""
        former = reading.former[rows]
        if reading.lengths is not None and self._layer.zero_output_for_mask:
            repeated = torch.cat([torch.zeros_like(former[:, :1], dtype=torch.bool), former[:, 1:] == former[:, :-1]], 1)
            former = former.masked_fill(repeated, -1)
        known = (former >= 0)[..., None]
        target = former.clamp_min(0)[..., None].expand_as(gradient)
        return torch.zeros_like(gradient).scatter_add_(1, target, gradient * known).transpose(0, 1)

    def _understood(self, inputs: Inputs) -> Optional[CellWeights]:
        try:
            weights = keras_weights(self._layer)
        except ValueError as error:
            self.unmeasured = str(error)
            return None
        if inputs.training and self._layer.recurrent_dropout:
            self.unmeasured = f"{self._layer.name}: dropout within the recurrence is not PyTorch's {self.module.mode}"
            return None
        return weights


def _reading(mask: Any, shape: Any, backwards: bool, device: torch.device) -> Reading:
    batch, steps = shape
    order = torch.arange(steps, device=device)
    at = (order.flip(0) if backwards else order).expand(batch, steps)
    if isinstance(mask, (list, tuple)):
        mask = mask[0]
    if mask is None:
        return Reading(at, None, order.expand(batch, steps), None)
    present = mask.reshape(batch, steps).bool()
    present = present.flip(1) if backwards else present
    lengths = present.sum(1)
    # Those that count first, in their order.
    first = torch.argsort((~present).int(), dim=1, stable=True)
    rows = None if bool((lengths > 0).all()) else torch.nonzero(lengths)[:, 0]
    return Reading(torch.take_along_dim(at, first, 1), lengths, present.cumsum(1) - 1, rows)
