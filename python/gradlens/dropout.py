"""What dropout between the layers of a recurrent module multiplied their outputs by.

On the CPU, PyTorch draws the masks from the global generator, one per layer but the last. A generator of our own that
starts in the state which the global one had before the call draws the same masks, and the global one is left alone.
cuDNN draws its masks inside, where nobody sees them.
"""

from __future__ import annotations

from typing import List, Optional

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence


def has_inner_dropout(module: nn.RNNBase) -> bool:
    """Whether the module drops anything between its layers now."""
    return bool(module.training and module.dropout > 0 and module.num_layers > 1)


def replayed_masks(
    module: nn.RNNBase,
    state: Tensor,
    output: Tensor,
    packed: Optional[PackedSequence],
    steps: int,
    batch: int,
) -> List[Tensor]:
    """Masks (T, B, D · P) of all layers but the last, with the scale 1 / (1 − p) in them.

    :param state: of the global generator before the module's call.
    :param output: of the module, for its dtype and, if packed, the number of rows.
    """
    generator = torch.Generator()
    generator.set_state(state)
    width = output.shape[-1]
    keep = 1 - module.dropout
    shape = (output.shape[0], width) if packed is not None else (steps, batch, width)
    masks = []
    for _ in range(module.num_layers - 1):
        # ATen/native/Dropout.cpp draws noise of the input's dtype.
        noise = torch.empty(shape, dtype=output.dtype)
        mask = noise.bernoulli_(keep, generator=generator)
        mask = mask.div_(keep) if keep > 0 else mask.zero_()
        if packed is not None:
            whole = PackedSequence(mask, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices)
            mask = pad_packed_sequence(whole, total_length=steps)[0]
        masks.append(mask)
    return masks
