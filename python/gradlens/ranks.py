"""Several processes of one training: what each contributes, and how their files become one run.

Every process writes the figures of its own part of the batch, as parts of the whole loss: the mean over the processes,
which DistributedDataParallel and FSDP train on. So squares of norms add up. Nothing is sent between the processes.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence, Tuple, Union

import torch.distributed as dist

from . import events

#: Quantities that are the same in every process, or have no meaning over them.
_MEAN = ("loss", "metric", "testLoss", "testAccuracy", "testMetric", "activationMean", "activationStd")
_SQUARES = ("outputGradientNorm",)
_SUM = ("activationNonFinite",)
_LARGEST = ("milliseconds",)
_SMALLEST = ("activationDead",)


def world_of() -> int:
    """Number of processes that train together."""
    if dist.is_available() and dist.is_initialized():
        return int(dist.get_world_size())
    return int(os.environ.get("WORLD_SIZE", "1") or 1)


def rank_of() -> int:
    if dist.is_available() and dist.is_initialized():
        return int(dist.get_rank())
    return int(os.environ.get("RANK", "0") or 0)


def divisor() -> float:
    """What a process's loss is divided by in the whole loss."""
    return float(world_of()) if dist.is_available() and dist.is_initialized() else 1.0


def combined(folder: Union[str, Path]) -> Dict[int, Dict[str, Any]]:
    """All steps that every process of a run has measured, as one process would have on the whole batch.

    :returns: by step, the values by tag: numbers, and rows of numbers for profiles.
    """
    files = [events.read(path.read_bytes())[0] for path in sorted(Path(folder).glob("*tfevents*"))]
    described = next(v.content for values in files for v in values if v.tag == "gradlens/run.1")
    columns = {column["tag"]: column for column in described["columns"]}
    ranks: List[Dict[int, Dict[str, Any]]] = []
    for values in files:
        steps: Dict[int, Dict[str, Any]] = {}
        for value in values:
            if value.step > 0 and value.tag != "gradlens/end.1":
                steps.setdefault(value.step, {})[value.tag] = value.content
        ranks.append(steps)
    result: Dict[int, Dict[str, Any]] = {}
    for step in sorted(set.intersection(*(set(steps) for steps in ranks))):
        parts = [steps[step] for steps in ranks]
        tags = [tag for tag in parts[0] if all(tag in part for part in parts)]
        result[step] = {
            tag: _profile(tag, parts) if tag.startswith("gradlens/profile.1/") else _scalar(columns.get(tag), tag, parts)
            for tag in tags
        }
    return result


def _scalar(column: Any, tag: str, parts: Sequence[Dict[str, Any]]) -> float:
    values = [float(part[tag]) for part in parts]
    quantity = column["quantity"] if column else ""
    if quantity in _SQUARES or (column and column.get("across") == "squares"):
        return math.hypot(*values)
    rules: Sequence[Tuple[Sequence[str], Callable[[List[float]], float]]] = (
        (_MEAN, lambda v: sum(v) / len(v)),
        (_SUM, sum),
        (_LARGEST, max),
        (_SMALLEST, min),
    )
    return next((rule(values) for names, rule in rules if quantity in names), values[0])


def _profile(tag: str, parts: Sequence[Dict[str, Any]]) -> List[float]:
    start, _, channel = tag.rpartition("/")
    rows = [part[tag] for part in parts]
    if channel.endswith("logNorm"):
        return [_log_sum(values) for values in zip(*rows)]
    if channel.endswith(".gain"):
        norms = [part[f"{start}/{channel.replace('gain', 'logNorm')}"] for part in parts]
        return [_gain(gains, logs) for gains, logs in zip(zip(*rows), zip(*norms))]
    if channel.endswith(".nonFinite"):
        return [sum(values) for values in zip(*rows)]
    # Percentiles, contributions and gates do not combine exactly; the mean over equal parts of the batch stands for them.
    return [sum(values) / len(values) for values in zip(*rows)]


def _log_sum(logs: Sequence[float]) -> float:
    """log₁₀ of the root of the sum of squares."""
    largest = max(logs) if not any(math.isnan(v) for v in logs) else math.nan
    if not math.isfinite(largest):
        return largest
    return largest + 0.5 * math.log10(sum(10 ** (2 * (v - largest)) for v in logs))


def _gain(gains: Sequence[float], logs: Sequence[float]) -> float:
    """‖Jᵀd‖ / ‖d‖ over all processes, from each one's."""
    total = _log_sum(logs)
    if total == -math.inf:
        return math.nan
    sent = [log + math.log10(gain) if gain > 0 else -math.inf for gain, log in zip(gains, logs) if log != -math.inf]
    return float(10 ** (_log_sum(sent) - total))
