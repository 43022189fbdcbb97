"""The three cells: what their gates were, and what each timestep sends back.

Notation as in PyTorch's documentation of ``nn.LSTM``, ``nn.GRU`` and ``nn.RNN``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Optional

import torch
from torch import Tensor

from .gates import GruGates, LstmGates
from .results import StateGradients
from .walk import STRETCH, walk_back
from .weights import CellWeights


@dataclass
class Entries:
    """What enters a direction's states from outside of the recurrence, in reading order."""

    h: Tensor
    """(T, B, P)"""
    c: Optional[Tensor] = None
    """(T, B, H)"""
    exponent: Optional[Tensor] = None
    """(T, B, 1): powers of two of both; None: zeros."""


@dataclass
class CellGradients:
    """Result of one direction. `products` and what `inputs` gives have the powers of two of `h`."""

    h: StateGradients
    c: Optional[StateGradients]
    products: Tensor
    """(T, B, gates · H): gradient of W_hh · h_{t−1} + b_hh."""
    inputs: Callable[[], Tensor]
    """Gives (T, B, gates · H), the gradient of W_ih · x_t + b_ih: only a layer above another one needs it."""
    gates: Dict[str, Tensor]


def back_through(
    weights: CellWeights,
    x: Optional[Tensor],
    h: Tensor,
    previous: Tensor,
    c0: Optional[Tensor],
    entries: Entries,
    longest: int = STRETCH,
) -> CellGradients:
    """State gradients of one direction of one layer.

    :param x: (T, B, I), in reading order; only a simple RNN does without.
    :param h: (T, B, P), states in reading order; :param previous: those one timestep before.
    :param longest: timesteps that share a power of two.
    """
    if weights.mode in ("RNN_TANH", "RNN_RELU"):
        return _simple(weights, h, entries, longest)
    if x is None:
        raise ValueError(f"the gates of {weights.mode} need its input")
    if weights.mode == "GRU":
        return _gru(weights, x, h, previous, entries, longest)
    if c0 is None:
        raise ValueError("an LSTM needs its initial c")
    return _lstm(weights, x, h, previous, c0, entries, longest)


def _simple(weights: CellWeights, h: Tensor, entries: Entries, longest: int) -> CellGradients:
    # relu'(0) = 0, as in PyTorch.
    products = h.square().neg_().add_(1) if weights.mode == "RNN_TANH" else (h > 0).to(h.dtype)
    total, sent = torch.empty_like(h), torch.empty_like(h)
    each = [rows.unbind(0) for rows in (total, products, sent)]

    def send(t: int) -> None:
        came, product, on = (rows[t] for rows in each)
        # The slope is needed once: the product takes its place.
        torch.mm(product.mul_(came), weights.recurrent, out=on)

    exponent = walk_back([entries.h], entries.exponent, [total], [sent], send, longest)
    return CellGradients(StateGradients(total, sent, exponent), None, products, lambda: products, {})


def _gru(
    weights: CellWeights, x: Tensor, h: Tensor, previous: Tensor, entries: Entries, longest: int
) -> CellGradients:
    steps, batch, size = h.shape
    gates = GruGates.of(weights, x, previous)
    # Each factor is needed once: its product takes its place.
    products, update = gates.factors, gates.update
    total, sent = torch.empty_like(h), torch.empty_like(h)
    flat = products.view(steps, batch, 3 * size)
    each = [rows.unbind(0) for rows in (total, total[:, :, None], update, products, flat, sent)]

    def send(t: int) -> None:
        came, column, keep, product, row, on = (rows[t] for rows in each)
        product.mul_(column)
        torch.mul(came, keep, out=on).addmm_(row, weights.recurrent)

    exponent = walk_back([entries.h], entries.exponent, [total], [sent], send, longest)

    def inputs() -> Tensor:
        found = products.clone()
        torch.mul(total, gates.slope, out=found[:, :, 2])
        return found.view(steps, batch, 3 * size)

    return CellGradients(
        StateGradients(total, sent, exponent),
        None,
        flat,
        inputs,
        {"reset": gates.reset, "update": update},
    )


def _lstm(
    weights: CellWeights, x: Tensor, h: Tensor, previous: Tensor, c0: Tensor, entries: Entries, longest: int
) -> CellGradients:
    gates = LstmGates.of(weights, x, previous)
    cells = gates.cells(c0)
    # Each factor is needed once: its product takes its place.
    products, into_c = gates.derivatives(cells[1:], cells[:-1])
    total_h, sent_h = torch.empty_like(h), torch.empty_like(h)
    total_c, sent_c = torch.empty_like(into_c), torch.empty_like(into_c)
    del cells
    flat = products.flatten(2)
    of_h = [rows.unbind(0) for rows in (total_h, into_c, products[:, :, 3], flat, sent_h)]
    of_c = [rows.unbind(0) for rows in (total_c, total_c[:, :, None], products[:, :, :3], gates.forget, sent_c)]

    def send(t: int) -> None:
        came, to_c, product_o, row, on_h = (rows[t] for rows in of_h)
        total, column, product, keep, on_c = (rows[t] for rows in of_c)
        unprojected = came if weights.projection is None else came @ weights.projection
        # What the walk carries for c excludes the path through h: that one is added from ∂L/∂h of the same timestep.
        total.addcmul_(unprojected, to_c)
        product.mul_(column)
        product_o.mul_(unprojected)
        torch.mul(total, keep, out=on_c)
        torch.mm(row, weights.recurrent, out=on_h)

    exponent = walk_back([entries.h, entries.c], entries.exponent, [total_h, total_c], [sent_h, sent_c], send, longest)
    # All that timestep t sends to c_{t−1}: directly, and through h_{t−1}.
    by_way = sent_h[1:] if weights.projection is None else sent_h[1:] @ weights.projection
    sent_c[1:].addcmul_(by_way, into_c[:-1])
    return CellGradients(
        StateGradients(total_h, sent_h, exponent),
        StateGradients(total_c, sent_c, exponent),
        flat,
        lambda: flat,
        gates.shown(),
    )
