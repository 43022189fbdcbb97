"""All layers and directions of a recurrent module, top down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

import torch
from torch import Tensor

from . import forward
from .cells import CellGradients, Entries, back_through
from .results import LayerGradients
from .sequences import add_at_end, turned
from .walk import STRETCH, exponent_limit, magnitude
from .weights import CellWeights


@dataclass
class OutputGradients:
    """Gradients that arrive at a module's outputs; None where none does."""

    y: Optional[Tensor] = None
    """(T, B, D · P)"""
    h: Optional[Tensor] = None
    """(L · D, B, P): at the last states."""
    c: Optional[Tensor] = None
    """(L · D, B, H)"""


@torch.no_grad()
def analyse(
    weights: Sequence[CellWeights],
    x: Optional[Tensor],
    y: Optional[Tensor],
    gradients: OutputGradients,
    *,
    bidirectional: bool = False,
    h0: Optional[Tensor] = None,
    c0: Optional[Tensor] = None,
    lengths: Optional[Tensor] = None,
    masks: Optional[Sequence[Optional[Tensor]]] = None,
    dtype: Optional[torch.dtype] = None,
    top_only: bool = False,
) -> List[LayerGradients]:
    """Exact gradients of all states of a recurrent module.

    :param weights: of all layers and directions, in PyTorch's order (`weights_of`).
    :param x: input (T, B, I), padded with anything if `lengths` are given.
    :param y: output (T, B, D · P), padded with zeros; None: it is computed again.
    :param h0: initial states (L · D, B, P); None: zeros. `c0` likewise, (L · D, B, H).
    :param lengths: (B,) timesteps of each sample of a packed sequence; None: all are T.
    :param masks: per layer but the last, what dropout multiplied its output by, (T, B, D · P); None: nothing.
    :param dtype: of the computation; None: float32, or float64 for float64 inputs.
    :param top_only: whether to stop below the top layer, which is possible for a simple RNN without knowing its input.
    :returns: one entry per layer and direction, in PyTorch's order.
    """
    ways = 2 if bidirectional else 1
    layers = len(weights) // ways
    known = x if x is not None else y
    if known is None:
        raise ValueError("neither input nor output is known")
    dtype = dtype or (torch.float64 if known.dtype == torch.float64 else torch.float32)

    def cast(value: Optional[Tensor]) -> Optional[Tensor]:
        return None if value is None else value.detach().to(dtype)

    weights = [w.to(dtype) for w in weights]
    x, y, h0, c0 = cast(x), cast(y), cast(h0), cast(c0)
    at_y, at_h, at_c = cast(gradients.y), cast(gradients.h), cast(gradients.c)
    batch, size = known.shape[1], weights[0].size
    zeros = known.new_zeros
    h0 = zeros(len(weights), batch, size, dtype=dtype) if h0 is None else h0
    if weights[0].mode == "LSTM" and c0 is None:
        c0 = zeros(len(weights), batch, weights[0].hidden, dtype=dtype)
    masks = [None] * (layers - 1) if masks is None else [cast(mask) for mask in masks]

    inputs, states = _forward_again(weights, x, y, h0, c0, masks, lengths, ways, top_only)
    del x, y
    results: List[LayerGradients] = []
    arriving = Arriving(at_y, None)
    for layer in reversed(range(layers)):
        below: List[Arriving] = []
        for way in range(ways):
            k = layer * ways + way
            state, source = states[k], inputs[layer]
            assert state is not None
            # One tensor holds the states before and after each timestep.
            states[k], history = None, torch.cat([h0[k][None], state])
            previous, state = history[:-1], history[1:]
            entries = _entries(arriving, way, at_h, at_c, k, state, weights[k], lengths)
            found = _robust(
                weights[k], None if source is None else _ordered(source, way, lengths), state, previous,
                None if c0 is None else c0[k], entries,
            )  # fmt: skip
            results.append(
                LayerGradients(
                    layer, bool(way), found.h, found.c, previous, found.products, found.gates, lengths
                )
            )
            if layer and not top_only:
                below.append(
                    Arriving(
                        _ordered(found.inputs() @ weights[k].input, way, lengths),
                        _ordered(found.h.exponent, way, lengths),
                    )
                )
        if top_only:
            break
        if layer:
            arriving = _sum(below)
            mask = masks[layer - 1]
            if mask is not None and arriving.values is not None:
                arriving = Arriving(arriving.values * mask, arriving.exponent)
    return sorted(results, key=lambda r: (r.layer, r.reverse))


def _ordered(values: Tensor, way: int, lengths: Optional[Tensor]) -> Tensor:
    """In the order in which a direction reads its timesteps, or back from it."""
    return turned(values, lengths) if way else values


def _forward_again(
    weights: Sequence[CellWeights],
    x: Optional[Tensor],
    y: Optional[Tensor],
    h0: Tensor,
    c0: Optional[Tensor],
    masks: Sequence[Optional[Tensor]],
    lengths: Optional[Tensor],
    ways: int,
    top_only: bool,
) -> Tuple[List[Optional[Tensor]], List[Optional[Tensor]]]:
    """Every layer's input, and every direction's states, computed again but for the top layer's, which are the output.

    None for what is not known, because only the top layer is wanted.
    """
    layers, size = len(weights) // ways, weights[0].size
    inputs: List[Optional[Tensor]] = [x]
    states: List[Optional[Tensor]] = [None] * len(weights)
    for layer in range(layers):
        top = layer == layers - 1
        outputs = []
        for way in range(ways):
            k = layer * ways + way
            if top and y is not None:
                states[k] = _ordered(y[..., way * size : (way + 1) * size], way, lengths).contiguous()
            elif not top_only:
                source = inputs[layer]
                assert source is not None
                states[k] = forward.run(
                    weights[k], _ordered(source, way, lengths), h0[k], None if c0 is None else c0[k]
                )
            state = states[k]
            if state is not None:
                outputs.append(_ordered(state, way, lengths))
        if top:
            break
        if top_only:
            inputs.append(None)
            continue
        following = torch.cat(outputs, -1)
        mask = masks[layer]
        inputs.append(following if mask is None else following * mask)
    return inputs, states


@dataclass
class Arriving:
    """A gradient (T, B, N) in the sequence's order, with powers of two (T, B, 1)."""

    values: Optional[Tensor]
    exponent: Optional[Tensor]


def _entries(
    arriving: Arriving,
    way: int,
    at_h: Optional[Tensor],
    at_c: Optional[Tensor],
    k: int,
    state: Tensor,
    weights: CellWeights,
    lengths: Optional[Tensor],
) -> Entries:
    """All that enters the states of one direction, in its reading order."""
    size, exponent = weights.size, arriving.exponent
    if arriving.values is None:
        h = torch.zeros_like(state)
    else:
        h = arriving.values[..., way * size : (way + 1) * size]
        h = turned(h, lengths) if way else h
    if way and exponent is not None:
        exponent = turned(exponent, lengths)
    c = None
    if at_c is not None:
        c = add_at_end(state.new_zeros(*state.shape[:2], weights.hidden), at_c[k], lengths)
    if exponent is None:
        return Entries(h if at_h is None else add_at_end(h, at_h[k], lengths), c)
    # What comes from outside of the module has no powers of two: it gets those of what comes from the layer above.
    plain = torch.zeros_like(exponent)
    last = None if at_h is None else add_at_end(torch.zeros_like(h), at_h[k], lengths)
    (scaled, last, c), exponent = _common([(h, exponent), (last, plain), (c, plain)])
    assert scaled is not None
    return Entries(scaled if last is None else scaled + last, c, exponent)


def _common(parts: Sequence[Tuple[Optional[Tensor], Tensor]]) -> Tuple[List[Optional[Tensor]], Tensor]:
    """Values (T, B, ·) with exponents (T, B, 1) of their own, scaled to the largest exponent that they need."""
    sizes = torch.stack([magnitude(values) + exponent for values, exponent in parts if values is not None])
    common = torch.where(torch.isfinite(sizes), sizes, torch.full_like(sizes, -torch.inf)).amax(0)
    common = torch.where(torch.isfinite(common), common, torch.zeros_like(common))
    limit = exponent_limit(common.dtype)
    scaled = [
        None if values is None else values * torch.exp2((exponent - common).clamp(-limit, limit))
        for values, exponent in parts
    ]
    return scaled, common


def _sum(parts: Sequence[Arriving]) -> Arriving:
    """Sum of gradients with powers of two of their own."""
    known = [(p.values, p.exponent) for p in parts if p.values is not None and p.exponent is not None]
    if len(known) == 1:
        return Arriving(*known[0])
    scaled, exponent = _common(known)
    total, *others = [values for values in scaled if values is not None]
    for other in others:
        total = total + other
    return Arriving(total, exponent)


def _robust(
    weights: CellWeights, x: Optional[Tensor], h: Tensor, previous: Tensor, c0: Optional[Tensor], entries: Entries
) -> CellGradients:
    """The walk with a power of two every few timesteps and, if that left the range, with one at every timestep."""
    found = back_through(weights, x, h, previous, c0, entries, STRETCH)
    if bool(torch.isfinite(found.h.total[0]).all()):
        return found
    overflowed = torch.isfinite(entries.h).all() & torch.isfinite(h).all()
    return back_through(weights, x, h, previous, c0, entries, 1) if bool(overflowed) else found
