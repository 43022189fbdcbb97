"""A cell that the program calls in a loop of its own.

Autograd sees its states, so their gradients need no walk. What each timestep sends to the one before follows from
them in one product for all timesteps.
"""

from __future__ import annotations

from typing import Optional

import torch
from torch import Tensor

from .gates import GruGates, LstmGates
from .results import LayerGradients, StateGradients
from .weights import CellWeights


@torch.no_grad()
def analyse_loop(
    weights: CellWeights,
    x: Tensor,
    previous: Tensor,
    h: Tensor,
    d_h: Tensor,
    c_previous: Optional[Tensor] = None,
    c: Optional[Tensor] = None,
    d_c: Optional[Tensor] = None,
    add_path: bool = False,
) -> LayerGradients:
    """Gradients of a loop's states.

    :param x: (T, B, I); `previous` and `h`: (T, B, H), a timestep's h before and after; `c_previous`, `c` likewise.
    :param d_h: (T, B, H), autograd's ∂L/∂h_t; `d_c` likewise.
    :param add_path: whether `d_c` lacks the path c_t → h_t of the same timestep, as it does for a fused cell.
    """
    steps, batch, size = h.shape
    none = d_h.new_zeros(steps, batch, 1)
    if weights.mode == "LSTM":
        assert c_previous is not None and c is not None
        gates = LstmGates.of(weights, x, previous)
        products, into_c = gates.derivatives(c, c_previous)
        d_c = torch.zeros_like(c) if d_c is None else d_c
        total_c = d_c + d_h * into_c if add_path else d_c
        products[:, :, :3] *= total_c[:, :, None]
        products[:, :, 3] *= d_h
        products = products.view(steps, batch, 4 * size)
        sent = products @ weights.recurrent
        sent_c = total_c * gates.forget
        sent_c[1:] += sent[1:] * into_c[:-1]
        return LayerGradients(
            0, False, StateGradients(d_h, sent, none), StateGradients(total_c, sent_c, none), previous, products,
            gates.shown(), None,
        )  # fmt: skip
    if weights.mode == "GRU":
        gru = GruGates.of(weights, x, previous)
        products = gru.factors.mul_(d_h[:, :, None]).view(steps, batch, 3 * size)
        sent = torch.addcmul(products @ weights.recurrent, d_h, gru.update)
        shown = {"reset": gru.reset, "update": gru.update}
        return LayerGradients(0, False, StateGradients(d_h, sent, none), None, previous, products, shown, None)
    slope = 1 - h * h if weights.mode == "RNN_TANH" else (h > 0).to(h.dtype)
    products = d_h * slope
    sent = products @ weights.recurrent
    return LayerGradients(0, False, StateGradients(d_h, sent, none), None, previous, products, {}, None)
