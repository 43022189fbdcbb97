"""A time budget: which steps are probed, and how much of their batch.

A probe's cost is measured, not assumed. Periods are powers of two, so that the processes of one training, which do not
talk to each other about it, still probe the same steps: whoever can afford every eighth step also probes every
sixteenth.
"""

from __future__ import annotations

import math
from typing import Dict, Optional

#: Shares of a batch that a probe may look at.
SHARES = (1.0, 0.5, 0.25, 0.125)
#: The share of the first probe: nobody knows yet what a probe costs. Larger ones follow as soon as they can be paid.
FIRST_SHARE = SHARES[-1]
#: The period in steps up to which a smaller share of the batch is preferred to fewer probes.
PREFERRED_PERIOD = 16
#: The part of the budget that is planned: a probe also slows training by what no clock of the lens sees, such as caches
#: that it fills, and one may take longer than those before.
PLANNED_PART = 0.6
#: The part of the plan that rows of scalars may take; probes get what is left of it.
ROWS_PART = 0.25
#: The longest period: a net that is watched is looked at now and then, whatever it costs.
LONGEST_PERIOD = 1024


class Budget:
    """Chooses probes so that their cost stays below a share of the time that training itself takes."""

    def __init__(self, share: float) -> None:
        """:param share: of the training's own time, such as 0.03."""
        if not 0 < share <= 1:
            raise ValueError(f"budget must be above 0 and at most 1, not {share}")
        self.share = share
        self._planned = PLANNED_PART * share
        self.period = 1
        self.batch_share = FIRST_SHARE
        self.spent = 0.0
        self.trained = 0.0
        self._step_time: Optional[float] = None
        self._costs: Dict[float, float] = {}
        self._row_cost = 0.0

    @property
    def overhead(self) -> float:
        """Measured cost of the lens, as a share of the training's own time; 0 before the first step."""
        return self.spent / self.trained if self.trained > 0 else 0.0

    def account(
        self, own: float, cost: float, probed: bool, written: bool = True, steps: int = 1, before: float = 0.0
    ) -> None:
        """Records a step, and the unwritten ones before it.

        :param own: seconds that they took without the lens; :param cost: seconds of the lens in the last of them;
        :param written: whether its row of scalars was written; :param steps: their number;
        :param before: seconds of the lens in the others.
        """
        self.trained += own
        self.spent += cost + before
        own /= steps
        # The fastest of recent steps counts: a step that waited for data affords no more than the others.
        self._step_time = own if self._step_time is None else min(own, self._step_time * 1.02 + 1e-6)
        if probed:
            former = self._costs.get(self.batch_share)
            # The first probe of a kind pays for caches and allocations that later ones find ready.
            self._costs[self.batch_share] = cost if former is None else min(cost, 0.7 * former + 0.3 * cost)
            self._plan()
        elif written:
            # The first row pays for what later ones find ready, and one may be interrupted.
            self._row_cost = cost if self._row_cost == 0 else min(cost, 0.7 * self._row_cost + 0.3 * cost)

    def writes(self, step: int) -> bool:
        """Whether the row of this step, counted from 1, is written although it is not probed.

        Steps of less than a few milliseconds cannot afford a row each. Strides are powers of two, as periods are.
        """
        return (step - 1) % self._stride() == 0

    def idle(self, step: int) -> int:
        """How many steps after this one, counted from 1, are neither written nor followed by one that may be probed."""
        stride = min(self._stride(), LONGEST_PERIOD)
        row = step + 1 + -step % stride
        # A step that may be probed is prepared at the end of the one before it.
        return max(0, min(row, step + 1 + -step % self.period - 1) - step - 1)

    def _stride(self) -> int:
        rows = self._row_cost / (ROWS_PART * self._planned * self._step_time) if self._step_time else 0.0
        return 1 << max(0, math.ceil(math.log2(max(rows, 1.0))))

    def wants(self, step: int) -> bool:
        """Whether to probe this step, counted from 1. The first one always is: it shows the initial weights."""
        if step == 1:
            return True
        if (step - 1) % self.period != 0:
            return False
        larger = self._untried()
        if larger is not None and self.spent + self._cost(larger) <= self._planned * self.trained:
            self.batch_share = larger
            return True
        expected = self._cost(self.batch_share)
        # The first probe makes a debt, which is paid back before the next one, unless that takes far longer than the
        # period. A probe is never expected to be cheaper than those before it: in a short run each of them counts.
        return self.spent + expected <= self._planned * self.trained or (step - 1) % (self.period * 16) == 0

    def _plan(self) -> None:
        if not self._step_time:
            return
        best = LONGEST_PERIOD + 1
        for share in SHARES:
            period = self._period(self._cost(share))
            # A smaller share is only worth it if it is probed more often.
            if period < best:
                best, self.batch_share, self.period = period, share, period
            if best <= PREFERRED_PERIOD:
                break

    def _untried(self) -> Optional[float]:
        """The next larger share than the present one, if its cost is only guessed; None if it is known."""
        larger = [share for share in SHARES if share > self.batch_share]
        return larger[-1] if larger and larger[-1] not in self._costs else None

    def _cost(self, share: float) -> float:
        """Seconds that a probe of that share of the batch is expected to take."""
        known = self._costs.get(share)
        if known is None:
            # At most in proportion to the share if it is larger than one that was tried; half of the next if smaller.
            known = min(
                (cost * (share / tried if share > tried else max(0.5, share / tried)) for tried, cost in self._costs.items()),
                default=0.0,
            )
        return known

    def _period(self, cost: float) -> int:
        steps = cost / (self._planned * (self._step_time or 1.0))
        return min(LONGEST_PERIOD, 1 << max(0, math.ceil(math.log2(max(steps, 1e-9)))))
