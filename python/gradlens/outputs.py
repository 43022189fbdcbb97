"""Taps on the outputs of all other modules: activations, and the gradients that arrive there."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .figures import non_finite
from .hooks import Hook
from .parameters import norm_type
from .probe import Probe, opaque

#: Entries of an output that statistics of activations look at, at most: whole samples, evenly spread.
LOOKED_AT = 1 << 15
#: Rows of units that they look at, at least: a unit that answers to few of the inputs is not dead.
ROWS = 512

#: Ends of the ranges of activations that saturate.
_RANGES = {"Tanh": (-1.0, 1.0), "Sigmoid": (0.0, 1.0), "Hardtanh": (-1.0, 1.0), "Hardsigmoid": (0.0, 1.0), "Softsign": (-1.0, 1.0)}

#: Modules whose outputs say nothing of their own.
_PASSED_OVER = ("Dropout", "Identity", "Flatten", "Unflatten", "AlphaDropout", "Loss")


class OutputTap:
    """Measures the output of one module."""

    def __init__(self, name: str, module: nn.Module, probe: Probe) -> None:
        self.name, self.module = name, module
        self.type = type(module).__name__
        self.positions: Optional[int] = None
        """Length of its sequence, for modules whose outputs are sequences of known layout."""
        self._probe = probe
        self._activations: List[Dict[str, Tensor]] = []
        self._squares: List[Tensor] = []
        self._profiles: List[Tensor] = []
        self._batch_first = _batch_first(module)
        self._range = _range_of(module)
        # A recurrent module never is within a compiled graph. All others may be, and an opaque hook would tear it apart.
        self._hook = Hook(opaque(self._after) if isinstance(module, nn.RNNBase) else self._after)

    def take(self, shift: float, factor: float) -> Tuple[Dict[str, float], Optional[List[float]]]:
        """Figures since the last call, and log₁₀ ‖∂L/∂y_p‖ of each position p.

        :param shift: log₂ of what norms are multiplied by; :param factor: the same for the plain norms.
        """
        squares, activations, profiles = self._squares, self._activations, self._profiles
        self._squares, self._activations, self._profiles = [], [], []
        figures: Dict[str, float] = {}
        if squares:
            figures["outputGradientNorm"] = math.sqrt(float(torch.stack(squares).sum())) * factor
        if activations:
            for key in activations[0]:
                figures[key] = float(torch.stack([a[key] for a in activations]).mean())
        if not profiles:
            return figures, None
        longest = max(p.shape[0] for p in profiles)
        total = profiles[0].new_zeros(longest)
        for p in profiles:
            total[: p.shape[0]] += p
        return figures, ((0.5 * total.log2() + shift) * math.log10(2)).tolist()

    def hook(self) -> Sequence[Any]:
        return [self.module.register_forward_hook(self._hook)]

    def _after(self, module: nn.Module, args: Tuple[Any, ...], output: Any) -> None:
        if not self._probe.recording:
            return
        y = output[0] if isinstance(output, tuple) and output else output
        if not isinstance(y, Tensor) or not y.is_floating_point() or y.dim() == 0:
            return
        with self._probe.timed(), torch.no_grad():
            self._activations.append(self._statistics(y.detach()))
        if y.requires_grad:
            y.register_hook(self._arrived)  # type: ignore[no-untyped-call]

    def _arrived(self, gradient: Tensor) -> None:
        with self._probe.timed(), torch.no_grad():
            # A zero-dimensional norm in float64 neither overflows nor is lost when it is squared.
            norm = torch.linalg.vector_norm(gradient.detach(), dtype=norm_type(gradient)).double()
            self._squares.append(norm * norm)
            if self._batch_first is not None and gradient.dim() == 3:
                axis = 1 if self._batch_first else 0
                others = tuple(a for a in range(3) if a != axis)
                rows = torch.linalg.vector_norm(gradient.detach(), dim=others, dtype=norm_type(gradient)).double()
                self.positions = self.positions or rows.shape[0]
                self._profiles.append(rows * rows)
        self._probe.queue()

    def _statistics(self, y: Tensor) -> Dict[str, Tensor]:
        stride = max(1, y.numel() // max(LOOKED_AT, ROWS * y.shape[-1]))
        rows = y.reshape(-1, y.shape[-1])
        rows = (rows[self._probe.turn % stride :: stride] if stride > 1 and rows.shape[0] > stride else rows).float()
        # Units of a convolution are its channels, at the second axis.
        units = rows if not isinstance(self.module, _CHANNELS) else y.transpose(1, -1).reshape(-1, y.shape[1])
        # Reductions to the largest magnitude and to a norm are many times faster than comparisons and `std`.
        largest = units.abs().amax(0)
        mean = rows.mean()
        deviation = torch.linalg.vector_norm(rows - mean) / math.sqrt(max(1, rows.numel()))
        figures = {
            "activationMean": mean.double(),
            "activationStd": deviation.double(),
            "activationDead": (largest == 0).double().mean(),
            "activationNonFinite": non_finite(rows, largest).sum().double() * (y.numel() / max(1, rows.numel())),
        }
        if self._range is not None:
            low, high = self._range
            off = (rows if low + high == 0 else rows - (low + high) / 2).abs()
            near = torch.count_nonzero(off >= 0.49 * (high - low))
            figures["activationSaturated"] = near.double() / max(1, rows.numel())
        return figures


_CHANNELS = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def _range_of(module: nn.Module) -> Optional[Tuple[float, float]]:
    if isinstance(module, nn.RNNBase):
        bounded = module.mode != "RNN_RELU" and not getattr(module, "proj_size", 0)
        return (-1.0, 1.0) if bounded else None
    return _RANGES.get(type(module).__name__)


def _batch_first(module: nn.Module) -> Optional[bool]:
    """Whether a module's output is (B, T, N) rather than (T, B, N); None: its axes have no known meaning."""
    if isinstance(module, (nn.TransformerEncoderLayer, nn.TransformerDecoderLayer)):
        return bool(module.self_attn.batch_first)
    if isinstance(module, nn.MultiheadAttention):
        return bool(module.batch_first)
    return None


def is_layer(module: nn.Module) -> bool:
    """Whether a module gets a tap on its output: those without children, and blocks that are known as layers."""
    if isinstance(module, (nn.TransformerEncoderLayer, nn.TransformerDecoderLayer, nn.MultiheadAttention)):
        return True
    if isinstance(module, nn.RNNCellBase):
        return False
    kind = type(module).__name__
    return not list(module.children()) and not any(word in kind for word in _PASSED_OVER)
