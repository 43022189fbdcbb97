"""What the analysis of a recurrent layer returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional

import torch
from torch import Tensor


@dataclass
class StateGradients:
    """Gradients of one state over all timesteps, each stored times a power of two of its own.

    float32 ends 45 decades down, and a sigmoid net loses 62 decades in 100 timesteps. So the values of timestep t and
    sample b are those stored, times 2^exponent[t, b]. Powers of two change no digit.
    """

    total: Tensor
    """(T, B, N): ∂L/∂s_t, the total derivative."""
    transported: Tensor
    """(T, B, N): what timestep t sends to t − 1; index 0 leads to the initial state."""
    exponent: Tensor
    """(T, B, 1), whole numbers."""

    def true(self) -> Tensor:
        """∂L/∂s_t without the powers of two: what lies below the dtype's range is zero."""
        return torch.ldexp(self.total, self.exponent.to(torch.int32))


@dataclass
class LayerGradients:
    """One direction of one layer. Timesteps are in reading order: a reversed direction's first is the sequence's last."""

    layer: int
    reverse: bool
    h: StateGradients
    c: Optional[StateGradients]
    """∂L/∂c_t, including the path c_t → h_t of the same timestep; LSTM only."""
    previous: Tensor
    """(T, B, P): h_{t−1}, scaled by nothing."""
    products: Tensor
    """(T, B, gates · H): the gradient of the recurrent product W_hh · h_{t−1}, times the power of two of h."""
    gates: Dict[str, Tensor]
    """(T, B, H) each: ``input``, ``forget``, ``output`` of an LSTM, ``reset``, ``update`` of a GRU."""
    lengths: Optional[Tensor]
    """(B,) timesteps of each sample; None: all are T."""
