"""The walk back over the timesteps, with powers of two that keep what travels within the dtype's range.

Every few timesteps, a power of two per sample is taken out of what travels, so that its largest entry is about 1. What
enters from outside at a timestep is scaled alike. Nothing here waits for the device except one look at where
something enters.
"""

from __future__ import annotations

from typing import Callable, List, Optional, Sequence, Tuple

import torch
from torch import Tensor

#: Growth, in powers of two per timestep, of what enters; more than this starts a new stretch.
JUMP = 16
#: Timesteps of a stretch that shares one exponent.
STRETCH = 8


def magnitude(values: Tensor) -> Tensor:
    """(…, 1): the power of two of the largest entry along the last axis; −Infinity for zeros."""
    return torch.floor(torch.log2(values.abs().amax(-1, keepdim=True)))


def exponent_limit(dtype: torch.dtype) -> float:
    """The largest exponent of a power of two whose inverse is a normal number, too."""
    return 1022.0 if dtype == torch.float64 else 126.0


def stretches(entering: Tensor, longest: int) -> List[Tuple[int, int]]:
    """Ranges (first, last) of timesteps, last to first, that share an exponent.

    A stretch ends before a timestep at which something much larger enters than after it, so that what is entered within
    one stretch fits into the range.

    :param entering: (T, B, 1), magnitudes of what enters.
    """
    steps = entering.shape[0]
    grows = entering[:-1] - entering[1:] > JUMP
    starts = grows.flatten(1).any(1).tolist() if steps > 1 else []
    result, last = [], steps - 1
    for t in range(steps - 2, -2, -1):
        if t < 0 or starts[t] or last - t >= longest:
            result.append((t + 1, last))
            last = t
    return result


def walk_back(
    entries: Sequence[Optional[Tensor]],
    exponent: Optional[Tensor],
    totals: Sequence[Tensor],
    transported: Sequence[Tensor],
    send: Callable[[int], None],
    longest: int = STRETCH,
) -> Tensor:
    """Fills `totals` and returns their exponents (T, B, 1).

    :param entries: per state, what enters at each timestep from outside of the recurrence, (T, B, N); None: nothing.
    :param exponent: (T, B, 1), powers of two of `entries`; None: zeros.
    :param totals: per state, (T, B, N), to be filled with ∂L/∂s_t.
    :param transported: per state, (T, B, N): `send(t)` fills index t with what timestep t sends to t − 1.
    :param longest: timesteps between two changes of the exponent.
    """
    steps, batch = totals[0].shape[:2]
    like = totals[0]
    limit = exponent_limit(like.dtype)
    present = [entry for entry in entries if entry is not None]
    sizes = magnitude(present[0])
    for entry in present[1:]:
        sizes = torch.maximum(sizes, magnitude(entry))
    # NaN and infinite entries have such a magnitude, too: something enters.
    entered: List[bool] = (sizes != -torch.inf).flatten(1).any(1).tolist()
    # A NaN that enters must not decide the exponent of what is finite.
    sizes = torch.where(torch.isfinite(sizes), sizes, torch.full_like(sizes, -torch.inf))
    if exponent is not None:
        sizes = sizes + exponent

    # A view of each timestep, made once: indexing takes longer than many a product.
    into, sent = [total.unbind(0) for total in totals], [rows.unbind(0) for rows in transported]
    exponents = like.new_empty(steps, batch, 1)
    now = torch.where(torch.isfinite(sizes[-1]), sizes[-1], torch.zeros_like(sizes[-1]))
    for first, last in stretches(sizes, longest):
        factor: Optional[Tensor] = None
        if last < steps - 1:
            travelling = torch.stack([magnitude(rows[last + 1]) for rows in sent]).amax(0)
            wanted = torch.maximum(
                torch.where(torch.isfinite(travelling), now + travelling, torch.full_like(now, -torch.inf)), sizes[last]
            )
            wanted = torch.where(torch.isfinite(wanted), wanted, now)
            factor = torch.exp2((now - wanted).clamp(max=limit))
            now = wanted
        exponents[first : last + 1] = now
        direct: List[Optional[Sequence[Tensor]]] = [None] * len(entries)
        if any(entered[first : last + 1]):
            shift = -now if exponent is None else exponent[first : last + 1] - now
            scale = torch.exp2(shift.clamp(min=-limit, max=limit))
            direct = [None if entry is None else (entry[first : last + 1] * scale).unbind(0) for entry in entries]
        for t in range(last, first - 1, -1):
            for total, rows, own in zip(into, sent, direct):
                if t == steps - 1:
                    total[t].zero_() if own is None else total[t].copy_(own[t - first])
                elif own is not None:
                    came = rows[t + 1] if factor is None or t < last else rows[t + 1] * factor
                    torch.add(own[t - first], came, out=total[t])
                elif factor is not None and t == last:
                    torch.mul(rows[t + 1], factor, out=total[t])
                else:
                    total[t].copy_(rows[t + 1])
            send(t)
    return exponents
