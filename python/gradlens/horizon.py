"""How far a state gradient travels back through time, reduced to four numbers.

The gains decide, not the norms: where every timestep has a loss of its own, the norm at timestep t also contains what
entered after it left the last timestep.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Sequence

#: Share of the gradient that still counts as having arrived.
EPSILON = 0.01


@dataclass(frozen=True)
class Reach:
    horizon: float
    """The most timesteps back over which at least ε is kept, 0 … T − 1; NaN if the chain met a NaN."""
    survival: float
    """log₁₀ of the product of the gains from the last timestep with signal back to timestep 1."""
    attenuation: float
    """log₁₀ ‖d_1‖ − log₁₀ ‖d_last‖; NaN if the last timestep has no finite signal."""
    mean_gain: float
    """Geometric mean of the gains; NaN if there is none."""


def reach_of(log_norm: Sequence[float], gain: Sequence[float], epsilon: float = EPSILON) -> Reach:
    """Reduces log₁₀ norms (−Infinity for zero) and gains of T timesteps; `gain[0]`, to the initial state, is unused."""
    last = len(log_norm) - 1
    while last >= 0 and log_norm[last] == -math.inf:
        last -= 1
    if last < 0:
        return Reach(0, -math.inf, math.nan, math.nan)
    # Rounding errors of the summed logarithms must not matter when the product is exactly ε.
    threshold = math.log10(epsilon) - 1e-9
    total, counted, horizon, summed = 0.0, last, 0.0, 0.0
    for k in range(1, last + 1):
        i = last - k + 1
        factor = 0.0 if log_norm[i] == -math.inf else gain[i]
        total += math.log10(factor) if factor > 0 else (-math.inf if factor == 0 else math.nan)
        if not math.isfinite(total):
            counted = k - 1
            break
        summed = total
        if total >= threshold:
            horizon = float(k)
    if total == math.inf:
        horizon = float(last)
    if math.isnan(total):
        horizon = math.nan
    attenuation = log_norm[0] - log_norm[last] if math.isfinite(log_norm[last]) else math.nan
    return Reach(horizon, total, attenuation, _mean(total, summed, counted, last))


def _mean(total: float, summed: float, counted: int, last: int) -> float:
    if last == 0 or math.isnan(total):
        return math.nan
    if total == math.inf:
        return math.inf
    if counted == 0:
        return 0.0
    exponent = summed / counted
    return 10.0**exponent if exponent < 300 else math.inf
