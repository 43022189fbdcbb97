"""Sequences of different lengths in one (T, B, N) tensor: the timesteps of a sample come first, zeros follow."""

from __future__ import annotations

from typing import List, Optional

import torch
from torch import Tensor

#: Entries of a temporary tensor, at most. Larger ones would add to the memory of training what a probe needs only for a moment;
#: smaller ones come from what training itself has freed.
_PIECE = 1 << 19


def pieces(values: Tensor) -> List[slice]:
    """Ranges of timesteps of (T, B, N) that are worked on at a time."""
    steps = values.shape[0]
    length = max(1, _PIECE // max(1, values[0].numel())) if steps > 0 else 1
    return [slice(first, first + length) for first in range(0, steps, length)]


def turned(values: Tensor, lengths: Optional[Tensor]) -> Tensor:
    """Reverses time within each sample's own length. It is its own inverse."""
    if lengths is None:
        return values.flip(0)
    t = torch.arange(values.shape[0], device=values.device)[:, None]
    index = torch.where(t < lengths, lengths - 1 - t, t)
    return values.gather(0, index[:, :, None].expand_as(values))


def add_at_end(values: Tensor, last: Tensor, lengths: Optional[Tensor]) -> Tensor:
    """A copy of `values` (T, B, N) with `last` (B, N) added at each sample's last timestep."""
    result = values.clone()
    if lengths is None:
        result[-1] += last
    else:
        result[lengths - 1, torch.arange(values.shape[1], device=values.device)] += last
    return result
