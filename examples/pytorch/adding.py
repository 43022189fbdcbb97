"""The adding problem (Hochreiter & Schmidhuber, 1997): two marked numbers of a long sequence are to be added."""

from __future__ import annotations

from typing import Tuple

import torch
from torch import Tensor

LENGTH = 50

#: Mean squared error of always answering 1, the mean of the sum of two numbers from [0, 1): twice 1/12.
BASELINE = 1 / 6

#: The first number is in the first half, so the gradient has to reach the first timestep.
REQUIRED_LAG = LENGTH - 1


def batch(size: int = 32) -> Tuple[Tensor, Tensor]:
    """Inputs (B, T, 2), a number and its mark at each timestep, and targets (B, 1)."""
    numbers = torch.rand(size, LENGTH)
    marks = torch.zeros(size, LENGTH)
    rows = torch.arange(size)
    marks[rows, torch.randint(LENGTH // 2, (size,))] = 1
    marks[rows, torch.randint(LENGTH // 2, LENGTH, (size,))] = 1
    return torch.stack([numbers, marks], 2), (numbers * marks).sum(1, keepdim=True)
