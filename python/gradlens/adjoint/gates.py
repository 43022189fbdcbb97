"""The gates of all timesteps, recomputed in one product, and the derivatives that the way back needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict

import torch
from torch import Tensor
from torch.nn.functional import linear

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
        size = weights.size
        zx = linear(x, weights.input, weights.input_bias)
        zh = linear(previous, weights.recurrent, weights.recurrent_bias)
        # In place: gates of all timesteps take as much memory as what the layer itself keeps for its backward pass.
        zx[..., : 2 * size] += zh[..., : 2 * size]
        reset, update = zx[..., : 2 * size].sigmoid_().chunk(2, -1)
        recurrent = zh[..., 2 * size :]
        candidate = zx[..., 2 * size :].addcmul_(reset, recurrent).tanh_()
        slope = (1 - candidate * candidate).mul_(1 - update)
        factors = zh.view(*zh.shape[:-1], 3, size)
        torch.mul(slope * recurrent, reset * (1 - reset), out=factors[..., 0, :])
        torch.mul(previous - candidate, update * (1 - update), out=factors[..., 1, :])
        # The last one overwrites `recurrent`.
        torch.mul(slope, reset, out=factors[..., 2, :])
        return GruGates(reset, update, slope, factors)


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
        z = linear(x, weights.input, weights.input_bias)
        z += linear(previous, weights.recurrent, weights.recurrent_bias)
        i, f, g, o = z.chunk(4, -1)
        return LstmGates(torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o))

    def shown(self) -> Dict[str, Tensor]:
        return {"input": self.input, "forget": self.forget, "output": self.output}

    def cells(self, c0: Tensor) -> Tensor:
        """c_t of all timesteps."""
        written = self.input * self.written
        c = torch.empty_like(written)
        former = c0
        for wrote, forget, now in zip(written.unbind(0), self.forget.unbind(0), c.unbind(0)):
            former = torch.addcmul(wrote, forget, former, out=now)
        return c

    def factors(self, c_previous: Tensor) -> Tensor:
        """(T, B, 3, H): ∂L/∂c_t → gradient of the pre-activations i, f, g."""
        i, f, g = self.input, self.forget, self.written
        return torch.stack([g * i * (1 - i), c_previous * f * (1 - f), i * (1 - g * g)], -2)

    def into_c(self, c: Tensor) -> Tensor:
        """∂h_t / ∂c_t of the same timestep, before a projection."""
        squashed = torch.tanh(c)
        return self.output * (1 - squashed * squashed)

    def into_o(self, c: Tensor) -> Tensor:
        """∂h_t / ∂ of the output gate's pre-activation."""
        return torch.tanh(c) * self.output * (1 - self.output)
