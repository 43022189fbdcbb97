"""The gates of all timesteps, recomputed in one product, and the derivatives that the way back needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Tuple

import torch
from torch import Tensor
from torch.nn.functional import linear

from .sequences import pieces
from .weights import CellWeights


@dataclass
class GruGates:
    """(T, B, H) each."""

    reset: Tensor
    update: Tensor
    slope: Tensor
    """∂h_t / ∂ of the candidate's pre-activation."""
    factors: Tensor
    """(T, B, 3, H): d_t → gradient of the recurrent product's three blocks, which is elementwise."""

    @staticmethod
    def of(weights: CellWeights, x: Tensor, previous: Tensor) -> "GruGates":
        zx = linear(x, weights.input, weights.input_bias)
        zh = linear(previous, weights.recurrent, weights.recurrent_bias)
        # In place and in pieces: gates of all timesteps take as much memory as what the layer itself keeps for its
        # backward pass.
        factors = zh.view(*zh.shape[:-1], 3, weights.size)
        for part in pieces(zx):
            _derive(zx[part], factors[part], previous[part])
        reset, update, slope = zx.chunk(3, -1)
        return GruGates(reset, update, slope, factors)


def _derive(zx: Tensor, factors: Tensor, previous: Tensor) -> None:
    """Turns the input's part of the pre-activations into reset, update and slope, and the state's part into factors."""
    size = previous.shape[-1]
    recurrent = factors[..., 2, :]
    zx[..., : 2 * size] += factors[..., :2, :].flatten(-2)
    reset, update = zx[..., : 2 * size].sigmoid_().chunk(2, -1)
    candidate = zx[..., 2 * size :].addcmul_(reset, recurrent).tanh_()
    closed = 1 - update
    torch.sub(previous, candidate, out=factors[..., 1, :]).mul_(update).mul_(closed)
    slope = candidate.square_().neg_().add_(1).mul_(closed)
    torch.mul(slope, recurrent, out=factors[..., 0, :]).mul_(reset).mul_(1 - reset)
    torch.mul(slope, reset, out=recurrent)


@dataclass
class LstmGates:
    """(T, B, H) each."""

    input: Tensor
    forget: Tensor
    written: Tensor
    """g: what may be written into the cell."""
    output: Tensor

    @staticmethod
    def of(weights: CellWeights, x: Tensor, previous: Tensor) -> "LstmGates":
        biases = [bias for bias in (weights.input_bias, weights.recurrent_bias) if bias is not None]
        rows = linear(x.flatten(0, 1), weights.input, torch.stack(biases).sum(0) if biases else None)
        # In place, as for a GRU.
        rows.addmm_(previous.flatten(0, 1), weights.recurrent.t())
        i, f, g, o = rows.view(*x.shape[:2], -1).chunk(4, -1)
        return LstmGates(i.sigmoid_(), f.sigmoid_(), g.tanh_(), o.sigmoid_())

    def shown(self) -> Dict[str, Tensor]:
        return {"input": self.input, "forget": self.forget, "output": self.output}

    def cells(self, c0: Tensor) -> Tensor:
        """(T + 1, B, H): c_0, and c_t of all timesteps."""
        steps = self.input.shape[0]
        cells = c0.new_empty(steps + 1, *c0.shape)
        cells[0] = c0
        torch.mul(self.input, self.written, out=cells[1:])
        states = cells.unbind(0)
        for former, now, forget in zip(states, states[1:], self.forget.unbind(0)):
            now.addcmul_(forget, former)
        return cells

    def derivatives(self, c: Tensor, c_previous: Tensor) -> Tuple[Tensor, Tensor]:
        """What leads from gradients of the states to those of pre-activations, and from h to c.

        :returns: (T, B, 4, H): ∂L/∂c_t → gradient of the pre-activations i, f, g, and ∂h_t / ∂ of o's, before a projection;
            (T, B, H): ∂h_t / ∂c_t of the same timestep, before a projection.
        """
        factors = c.new_empty(*c.shape[:2], 4, c.shape[2])
        into_c = torch.empty_like(c)
        for part in pieces(c):
            i, f, g, o = self.input[part], self.forget[part], self.written[part], self.output[part]
            into_i, into_f, into_g, into_o = factors[part].unbind(2)
            torch.mul(g, i, out=into_i).mul_(1 - i)
            torch.mul(c_previous[part], f, out=into_f).mul_(1 - f)
            torch.mul(g, g, out=into_g).neg_().add_(1).mul_(i)
            squashed = torch.tanh(c[part])
            torch.mul(squashed, o, out=into_o).mul_(1 - o)
            torch.mul(o, squashed.square_().neg_().add_(1), out=into_c[part])
        return factors, into_c
