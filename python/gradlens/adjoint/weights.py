"""Weights of one direction of one recurrent layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class CellWeights:
    """Weights in PyTorch's layout: gates ``i, f, g, o`` of an LSTM and ``r, z, n`` of a GRU, one block of rows each."""

    mode: str
    """``RNN_TANH``, ``RNN_RELU``, ``LSTM`` or ``GRU``, as ``nn.RNNBase.mode``."""
    input: Tensor
    """(gates · H, I)"""
    recurrent: Tensor
    """(gates · H, P), where P is the size of h: H, or the size of the projection."""
    input_bias: Optional[Tensor] = None
    recurrent_bias: Optional[Tensor] = None
    projection: Optional[Tensor] = None
    """(P, H): an LSTM's ``weight_hr``."""

    @property
    def hidden(self) -> int:
        """H, the size of an LSTM's c."""
        gates = {"LSTM": 4, "GRU": 3}.get(self.mode, 1)
        return self.recurrent.shape[0] // gates

    @property
    def size(self) -> int:
        """P, the size of h."""
        return self.recurrent.shape[1]

    def flat(self) -> List[Tensor]:
        """The weights in the order in which PyTorch's own functions take them."""
        biases = [b for b in (self.input_bias, self.recurrent_bias) if b is not None]
        return [self.input, self.recurrent, *biases, *([] if self.projection is None else [self.projection])]

    def to(self, dtype: torch.dtype) -> "CellWeights":
        def cast(weight: Optional[Tensor]) -> Optional[Tensor]:
            return None if weight is None else weight.to(dtype)

        return CellWeights(
            self.mode,
            self.input.to(dtype),
            self.recurrent.to(dtype),
            cast(self.input_bias),
            cast(self.recurrent_bias),
            cast(self.projection),
        )


def weights_of(module: nn.RNNBase, copy: bool = False) -> List[CellWeights]:
    """Weights of all layers and directions, in PyTorch's order: layer 0 forward, layer 0 backward, layer 1 forward, …

    :param copy: whether the weights must outlive the forward pass (FSDP frees the gathered weights after it).
    """

    def get(name: str) -> Optional[Tensor]:
        weight: Optional[Tensor] = getattr(module, name, None)
        if weight is None:
            return None
        return weight.detach().clone() if copy else weight.detach()

    result = []
    for layer in range(module.num_layers):
        for suffix in directions(layer, module.bidirectional):
            kernel, recurrent = get("weight_ih" + suffix), get("weight_hh" + suffix)
            assert kernel is not None and recurrent is not None
            biases = (get("bias_ih" + suffix), get("bias_hh" + suffix)) if module.bias else (None, None)
            projection = get("weight_hr" + suffix) if module.proj_size > 0 else None
            result.append(CellWeights(module.mode, kernel, recurrent, *biases, projection))
    return result


def directions(layer: int, bidirectional: bool) -> Sequence[str]:
    """Suffixes of the weight names of one layer."""
    return [f"_l{layer}", f"_l{layer}_reverse"] if bidirectional else [f"_l{layer}"]
