"""One direction of one layer by PyTorch's own fused functions."""

from __future__ import annotations

from typing import Optional

from torch import Tensor, _VF

from .weights import CellWeights


def run(weights: CellWeights, x: Tensor, h0: Tensor, c0: Optional[Tensor]) -> Tensor:
    """States h (T, B, P) for the input (T, B, I), in the given order of time."""
    flat, bias = weights.flat(), weights.input_bias is not None
    initial, x = h0[None].contiguous(), x.contiguous()
    if weights.mode == "LSTM":
        assert c0 is not None
        states: Tensor = _VF.lstm(
            x, (initial, c0[None].contiguous()), flat, bias, 1, 0.0, False, False, False
        )[0]
        return states
    function = {"GRU": _VF.gru, "RNN_TANH": _VF.rnn_tanh, "RNN_RELU": _VF.rnn_relu}[weights.mode]
    states = function(x, initial, flat, bias, 1, 0.0, False, False, False)[0]
    return states
