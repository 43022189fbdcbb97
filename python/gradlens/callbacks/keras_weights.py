"""Keras's recurrent layers as PyTorch's: their weights in its layout, and the gradients of their states."""

from __future__ import annotations

from typing import Any, List, Optional

import torch
from torch import Tensor

from ..adjoint import CellWeights, LayerGradients, OutputGradients, analyse


def keras_weights(layer: Any) -> CellWeights:
    """Weights of a ``keras.layers.SimpleRNN``, ``LSTM`` or ``GRU`` in PyTorch's layout.

    :raises ValueError: for a layer that computes something else than PyTorch's.
    """
    kind = type(layer).__name__
    cell = getattr(layer, "cell", layer)
    names = [getattr(getattr(cell, key, None), "__name__", "tanh") for key in ("activation", "recurrent_activation")]
    expected = {"SimpleRNN": ("tanh", "relu"), "LSTM": ("tanh",), "GRU": ("tanh",)}.get(kind)
    if expected is None:
        raise ValueError(f"{kind} is not a recurrent layer that can be analysed: SimpleRNN, LSTM and GRU are")
    if names[0] not in expected or (kind != "SimpleRNN" and names[1] != "sigmoid"):
        raise ValueError(f"{layer.name}: activations {names[0]} and {names[1]} are not those of PyTorch's {kind}")
    if kind == "GRU" and not cell.reset_after:
        raise ValueError(f"{layer.name}: a GRU with reset_after=False is not PyTorch's")
    kernel, recurrent = _tensor(cell.kernel).T, _tensor(cell.recurrent_kernel).T
    bias: Optional[Tensor] = _tensor(cell.bias) if cell.use_bias else None
    if kind == "GRU":
        # Keras's order is z, r, n.
        kernel, recurrent = _reordered(kernel), _reordered(recurrent)
        pair = (None, None) if bias is None else (_reordered(bias[0]), _reordered(bias[1]))
        return CellWeights("GRU", kernel, recurrent, *pair)
    mode = "LSTM" if kind == "LSTM" else f"RNN_{names[0].upper()}"
    return CellWeights(mode, kernel, recurrent, bias, None if bias is None else torch.zeros_like(bias))


def analyse_keras(layer: Any, x: Tensor, y: Tensor, gradient: Tensor) -> List[LayerGradients]:
    """State gradients of a layer with ``return_sequences=True``. x, y, gradient: (B, T, ·), as Keras has them."""
    if getattr(layer, "go_backwards", False):
        raise ValueError(f"{layer.name}: reverse the input and the output of a layer with go_backwards first")
    first = [value.detach().transpose(0, 1) for value in (x, y, gradient)]
    return analyse([keras_weights(layer)], first[0], first[1], OutputGradients(first[2]))


def _tensor(variable: Any) -> Tensor:
    value: Tensor = variable.value if hasattr(variable, "value") else variable
    return value.detach()


def _reordered(weight: Tensor) -> Tensor:
    z, r, n = weight.chunk(3, 0)
    return torch.cat([r, z, n])
