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
    slope = 1 - h * h if weights.mode == "RNN_TANH" else (h > 0).to(h.dtype)
    total, sent, products = torch.empty_like(h), torch.empty_like(h), torch.empty_like(h)
    each = [rows.unbind(0) for rows in (total, slope, products, sent)]

    def send(t: int) -> None:
        came, factor, product, on = (rows[t] for rows in each)
        torch.mm(torch.mul(came, factor, out=product), weights.recurrent, out=on)

    exponent = walk_back([entries.h], entries.exponent, [total], [sent], send, longest)
    return CellGradients(StateGradients(total, sent, exponent), None, products, lambda: products, {})


def _gru(
    weights: CellWeights, x: Tensor, h: Tensor, previous: Tensor, entries: Entries, longest: int
) -> CellGradients:
    steps, batch, size = h.shape
    gates = GruGates.of(weights, x, previous)
    factors, update = gates.factors, gates.update
    total, sent = torch.empty_like(h), torch.empty_like(h)
    products = torch.empty_like(factors)
    flat = products.view(steps, batch, 3 * size)
    each = [rows.unbind(0) for rows in (total, total[:, :, None], factors, update, products, flat, sent)]

    def send(t: int) -> None:
        came, column, factor, keep, product, row, on = (rows[t] for rows in each)
        torch.mul(column, factor, out=product)
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
    steps, batch = h.shape[:2]
    hidden = weights.hidden
    gates = LstmGates.of(weights, x, previous)
    c = gates.cells(c0)
    c_previous = torch.cat([c0[None], c[:-1]])
    f, factors, into_c, into_o = gates.forget, gates.factors(c_previous), gates.into_c(c), gates.into_o(c)

    total_h, sent_h = torch.empty_like(h), torch.empty_like(h)
    # What the walk carries for c excludes the path through h: that one is added from ∂L/∂h of the same timestep.
    carried_c, sent_c, total_c = torch.empty_like(c), torch.empty_like(c), torch.empty_like(c)
    products = h.new_empty(steps, batch, 4, hidden)
    flat = products.view(steps, batch, 4 * hidden)
    of_h = [rows.unbind(0) for rows in (total_h, into_c, into_o, products[:, :, 3], flat, sent_h)]
    of_c = [rows.unbind(0) for rows in (carried_c, total_c, total_c[:, :, None], factors, products[:, :, :3], f, sent_c)]

    def send(t: int) -> None:
        came, to_c, to_o, product_o, row, on_h = (rows[t] for rows in of_h)
        carried, total, column, factor, product, keep, on_c = (rows[t] for rows in of_c)
        unprojected = came if weights.projection is None else came @ weights.projection
        torch.addcmul(carried, unprojected, to_c, out=total)
        torch.mul(column, factor, out=product)
        torch.mul(unprojected, to_o, out=product_o)
        torch.mul(total, keep, out=on_c)
        torch.mm(row, weights.recurrent, out=on_h)

    exponent = walk_back(
        [entries.h, entries.c], entries.exponent, [total_h, carried_c], [sent_h, sent_c], send, longest
    )
    # All that timestep t sends to c_{t−1}: directly, and through h_{t−1}.
    by_way = sent_h[1:] if weights.projection is None else sent_h[1:] @ weights.projection
    to_c = sent_c.clone()
    to_c[1:] += by_way * into_c[:-1]
    return CellGradients(
        StateGradients(total_h, sent_h, exponent),
        StateGradients(total_c, to_c, exponent),
        flat,
        lambda: flat,
        gates.shown(),
    )
