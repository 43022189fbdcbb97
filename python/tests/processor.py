"""What this machine's processor can compute."""

from __future__ import annotations

import pytest
import torch
from torch import nn


def need_bfloat16(module: nn.RNNBase) -> None:
    """Skips a test where PyTorch's own module fails: oneDNN has no LSTM in bfloat16 for processors without AVX-512."""
    try:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            module(torch.zeros(2, 1, module.input_size))[0].float().sum().backward()
    except RuntimeError as error:
        pytest.skip(f"not tried here: this processor has no {type(module).__name__} in bfloat16 ({str(error)[:60]}…)")
    finally:
        module.zero_grad()
