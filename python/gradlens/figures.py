"""Figures of a recurrent layer: norms, gains, percentiles, contributions and gates of every timestep.

Norms are kept as log₂, because gradients travel with powers of two of their own. Samples of different lengths are
aligned at their last timestep, because that is where the gradient's way back begins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable, Dict, List, Optional, Sequence

import torch
from torch import Tensor

from .adjoint import LayerGradients, StateGradients
from .adjoint.sequences import pieces

_LOG10_OF_2 = math.log10(2)


@dataclass
class StatePass:
    """One state in one pass over a sequence; (T, B) each."""

    norm: Tensor
    """log₂ ‖d_{t,b}‖"""
    sent: Tensor
    """log₂ of the norm of what timestep t sends to t − 1."""
    non_finite: Tensor
    """Number of NaN or infinite entries of d_{t,b}."""


@dataclass
class SequencePass:
    """One pass of one layer over its sequence. Timesteps are in reading order, aligned at their end."""

    states: Dict[str, StatePass]
    contribution: Tensor
    """(T,): log₂ ‖∂L/∂U|_t‖_F"""
    gates: Dict[str, "tuple[Tensor, Tensor]"]
    """Numbers of values below 0.1 and above 0.9, (T,) each."""
    timescale: Optional[Tensor]
    """(T,): sum of 1 / (1 − f)."""
    present: Tensor
    """(T,): number of samples that have timestep t."""
    units: int
    weight: float = 1.0
    """Samples of the batch per measured sample."""


def sequence_pass(found: LayerGradients, weight: float = 1.0) -> SequencePass:
    """Reduces one layer's gradients over its units."""
    lengths = found.lengths
    steps, batch = found.h.total.shape[:2]
    states = {"h": _state(found.h, lengths)}
    if found.c is not None:
        states["c"] = _state(found.c, lengths)
    if lengths is None:
        present = torch.full((steps,), batch, device=found.h.total.device)
    else:
        present = (torch.arange(steps, device=lengths.device)[:, None] >= steps - lengths).sum(1)

    def share(values: Tensor, of: Callable[[Tensor], Tensor]) -> Tensor:
        counts = torch.cat([of(values[part]).sum(-1) for part in pieces(values)])
        return (counts if lengths is None else _aligned(counts, lengths, 0)).sum(1)

    gates = {
        name: (share(values, lambda v: v < 0.1), share(values, lambda v: v > 0.9)) for name, values in found.gates.items()
    }
    keeps = found.gates.get("forget", found.gates.get("update"))
    timescale = None if keeps is None else share(keeps, lambda v: (1 - v).clamp_min_(1e-9).reciprocal_())
    units = keeps.shape[-1] if keeps is not None else found.h.total.shape[-1]
    return SequencePass(states, _contribution(found, weight), gates, timescale, present, units, weight)


def _state(gradients: StateGradients, lengths: Optional[Tensor]) -> StatePass:
    exponent = gradients.exponent[..., 0].double()
    raw = torch.linalg.vector_norm(gradients.total, dim=-1)
    norm = raw.double().log2() + exponent
    sent = _log2_norm(gradients.transported) + exponent
    bad = non_finite(gradients.total, raw)
    if lengths is None:
        return StatePass(norm, sent, bad)
    return StatePass(_aligned(norm, lengths, -math.inf), _aligned(sent, lengths, -math.inf), _aligned(bad, lengths, 0))


def non_finite(values: Tensor, reduced: Tensor) -> Tensor:
    """Number of NaN or infinite entries along the last axis.

    :param reduced: norms or sums of all of the values: if they are finite, so are the values. Counting costs more than
        all the rest, so it is done where there is something to count, or where asking would wait for a device.
    """
    if values.device.type == "cpu" and bool(torch.isfinite(reduced).all()):
        return torch.zeros(values.shape[:-1], dtype=torch.int64)
    return (~torch.isfinite(values)).sum(-1)


def _log2_norm(values: Tensor) -> Tensor:
    norms: Tensor = torch.linalg.vector_norm(values, dim=-1)
    return norms.double().log2()


def _aligned(values: Tensor, lengths: Tensor, empty: float) -> Tensor:
    """(T, B) with each sample's last timestep moved to T."""
    steps = values.shape[0]
    index = torch.arange(steps, device=values.device)[:, None] - (steps - lengths)
    moved = values.gather(0, index.clamp_min(0))
    return torch.where(index >= 0, moved, torch.full_like(moved, empty))


def _contribution(found: LayerGradients, weight: float) -> Tensor:
    """log₂ of the Frobenius norm of Σ_b z_{t,b} h_{t−1,b}ᵀ, from the samples' inner products.

    Where only some samples of the batch were measured, the pairs of different samples are extrapolated like pairs, so
    that the estimate of the square is unbiased.
    """
    lengths, exponent = found.lengths, found.h.exponent
    steps, batch = exponent.shape[:2]
    if lengths is not None:
        exponent = _aligned_rows(exponent, lengths, slice(0, steps))
    largest = torch.where(torch.isfinite(exponent), exponent, torch.full_like(exponent, -torch.inf)).amax(1, keepdim=True)
    scale = torch.exp2((exponent - largest).clamp_min(-126.0))
    owns, wholes = [], []
    for part in pieces(found.products):
        z, h = (
            v[part] if lengths is None else _aligned_rows(v, lengths, part) for v in (found.products, found.previous)
        )
        z = z * scale[part]
        products = (z @ z.transpose(1, 2)).double() * (h @ h.transpose(1, 2)).double()
        owns.append(products.diagonal(dim1=1, dim2=2).sum(1))
        wholes.append(products.sum((1, 2)))
    own = torch.cat(owns)
    pairs = torch.cat(wholes) - own
    whole = batch * weight
    factor = weight * (whole - 1) / (batch - 1) if batch > 1 else 0.0
    # An estimate from few pairs may come out negative; the samples' own parts are then the better one.
    square = own * weight + factor * pairs
    square = torch.where(square < 0, own * weight, square) if weight > 1 else square.clamp_min(0)
    return 0.5 * square.log2() + largest[:, 0, 0].double()


def _aligned_rows(values: Tensor, lengths: Tensor, part: slice) -> Tensor:
    """A range of timesteps of (T, B, N) with each sample's last timestep moved to T, zeros before its first."""
    steps = values.shape[0]
    index = torch.arange(steps, device=values.device)[part, None] - (steps - lengths)
    moved = values.gather(0, index.clamp_min(0)[:, :, None].expand(-1, -1, values.shape[2]))
    return moved * (index >= 0)[:, :, None]


@dataclass
class Profiles:
    """Per-timestep figures of one layer in one step, by the channels of docs/run-format.md."""

    channels: Dict[str, List[float]]
    non_finite: Dict[str, float]
    """Per state, over all timesteps."""


def profiles_of(passes: Sequence[SequencePass], shift: float = 0.0) -> Profiles:
    """Merges the passes of one layer in one step (micro-batches, shared modules) as one larger batch.

    :param shift: added to all log₂ norms: takes a loss scale out.
    """
    steps = max(p.present.shape[0] for p in passes)
    channels: Dict[str, Tensor] = {}
    non_finite: Dict[str, Tensor] = {}
    for name in passes[0].states:
        states = [p.states[name] for p in passes]
        norm = torch.cat([_ended(s.norm, steps, -math.inf) + 0.5 * math.log2(p.weight) for s, p in zip(states, passes)], 1)
        sent = torch.cat([_ended(s.sent, steps, -math.inf) + 0.5 * math.log2(p.weight) for s, p in zip(states, passes)], 1)
        single = torch.cat([_ended(s.norm, steps, -math.inf) for s in states], 1) + shift
        total = _log2_sum(norm)
        gain = torch.exp2(_log2_sum(sent) - total)
        bad = torch.stack([_ended(s.non_finite, steps, 0).sum(1) * p.weight for s, p in zip(states, passes)]).sum(0)
        non_finite[name] = bad.sum()
        channels[f"{name}.logNorm"] = (total + shift) * _LOG10_OF_2
        channels[f"{name}.gain"] = gain
        channels[f"{name}.nonFinite"] = bad.double()
        ranked = single.sort(1).values * _LOG10_OF_2
        for share in (10, 50, 90):
            channels[f"{name}.p{share}"] = ranked[:, max(0, math.ceil(share / 100 * ranked.shape[1]) - 1)]
    contributions = torch.stack([_ended(p.contribution, steps, -math.inf) for p in passes], 1) + shift
    channels["logContribution"] = _log2_sum(contributions) * _LOG10_OF_2
    present = torch.stack([_ended(p.present, steps, 0) for p in passes]).sum(0)
    count = (present * passes[0].units).double()
    for gate in passes[0].gates:
        for side, end in enumerate(("low", "high")):
            hits = torch.stack([_ended(p.gates[gate][side], steps, 0) for p in passes]).sum(0)
            channels[f"gate.{gate}.{end}"] = hits / count
    scales = [p.timescale for p in passes if p.timescale is not None]
    if scales:
        channels["timescale"] = torch.stack([_ended(s, steps, 0) for s in scales]).sum(0) / count
    # One transfer from the device.
    table = torch.stack([v.double() for v in channels.values()]).tolist()
    sums = torch.stack([v.double() for v in non_finite.values()]).tolist()
    return Profiles(dict(zip(channels, table)), dict(zip(non_finite, sums)))


def _ended(values: Tensor, steps: int, empty: float) -> Tensor:
    """Values along the first axis, filled up at the front: the last timesteps coincide."""
    missing = steps - values.shape[0]
    if missing == 0:
        return values
    front = values.new_full((missing, *values.shape[1:]), empty)
    return torch.cat([front, values])


def _log2_sum(logs: Tensor) -> Tensor:
    """log₂ of the root of the sum of squares along the second axis, of values given as log₂."""
    largest = logs.amax(1)
    base = torch.where(torch.isfinite(largest), largest, torch.zeros_like(largest))
    total = base + 0.5 * torch.exp2(2 * (logs - base[:, None])).sum(1).log2()
    return torch.where(largest == math.inf, largest, total)
