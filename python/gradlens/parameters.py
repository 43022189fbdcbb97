"""Gradients of the parameters before and after clipping, and the updates that the optimizer makes of them."""

from __future__ import annotations

import math
from typing import Dict, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .wrapped import plain_name

#: Entries of a parameter that its update is measured on, at most, evenly spread.
COMPARED = 1 << 16
#: Entries up to which zeros of a gradient are counted.
COUNTED = 1 << 20


class ParameterMeter:
    """Measures all trainable parameters of a model.

    Parameters are named by module and their own name, as `model.named_parameters` has them.
    """

    def __init__(self, model: nn.Module) -> None:
        self.names: List[str] = []
        self._parameters: List[nn.Parameter] = []
        for name, parameter in model.named_parameters():
            self.names.append(plain_name(name))
            self._parameters.append(parameter)
        self._before: Optional[List[Tensor]] = None
        self._clipped: Optional[Tensor] = None
        self._figures: Dict[str, Tensor] = {}
        self._former: Optional[List[Optional[Tensor]]] = None
        self._clips = False
        """Whether the gradients that the optimizer finds are those that it takes."""
        self._closure = False
        """Whether a backward pass came within the update: the optimizer got a closure, as Lightning's loop does."""

    def gradients(self, divisor: float = 1.0) -> None:
        """Measures the gradients at the end of a backward pass, before the program clips them.

        :param divisor: scale of the loss, which is taken out.
        """
        self._closure = self._former is not None
        gradients = [_gradient(p) for p in self._parameters]
        norms = _norms(gradients)
        norms = torch.where(norms == ABSENT, norms, norms / divisor)
        self._figures["weightGradientNorm"] = norms
        self._figures["weightGradientZeros"] = _stack([_zeros(g) for g in gradients])
        # Counted only where there is something to count: one look at the device for all.
        if bool(torch.isfinite(norms).all()):
            self._figures["weightNonFinite"] = torch.where(norms == ABSENT, norms, norms * 0)
        else:
            counts = [None if g is None else (~torch.isfinite(_values(g))).sum().double() for g in gradients]
            self._figures["weightNonFinite"] = _stack(counts)

    def before_update(self, clipped: bool = True) -> None:
        """Must be called right before the optimizer's step: sees the clipped gradients and the former weights.

        :param clipped: whether the optimizer takes the gradients as they are.
        """
        self._clips, self._closure = clipped, False
        if clipped:
            self._figures["weightClippedGradientNorm"] = _norms([_gradient(p) for p in self._parameters])
        self._former = [_sample(p).clone() if p.requires_grad else None for p in self._parameters]

    def after_update(self) -> None:
        """Must be called right after it."""
        former, self._former = self._former, None
        if former is None:
            return
        if self._closure and self._clips:
            # What the optimizer found was there before the closure.
            self._figures["weightClippedGradientNorm"] = _norms([_gradient(p) for p in self._parameters])
        norms: List[Optional[Tensor]] = []
        ratios: List[Optional[Tensor]] = []
        for before, parameter in zip(former, self._parameters):
            if before is None or parameter.grad is None:
                norms.append(None)
                ratios.append(None)
                continue
            norm = torch.linalg.vector_norm(before, dtype=norm_type(before)).double()
            update = torch.linalg.vector_norm(_sample(parameter) - before, dtype=norm_type(before)).double()
            norms.append(norm * math.sqrt(parameter.numel() / max(1, before.numel())))
            # From zero (a fresh bias), any update is the whole weight: ratio 1.
            ratios.append(update / torch.where(norm == 0, update.clamp_min(1e-300), norm))
        self._figures["weightNorm"] = _stack(norms)
        self._figures["weightUpdateRatio"] = _stack(ratios)

    def take(self) -> Tuple[Dict[str, List[float]], Dict[str, float]]:
        """Figures since the last call: per quantity one number per parameter, and the norms over all parameters."""
        figures, self._figures = self._figures, {}
        self._former = None
        rows = {quantity: values.tolist() for quantity, values in figures.items()}
        totals = {}
        for of_weight, whole in (
            ("weightGradientNorm", "gradientNorm"),
            ("weightClippedGradientNorm", "clippedGradientNorm"),
        ):
            if of_weight in rows:
                totals[whole] = math.hypot(*(norm for norm in rows[of_weight] if not norm < 0))
        return {name: [math.nan if v < 0 else v for v in row] for name, row in rows.items()}, totals


#: Stands for a parameter without a gradient: NaN is a figure of its own.
ABSENT = -1.0


def _stack(values: Sequence[Optional[Tensor]]) -> Tensor:
    """Numbers as one tensor, on the device of the first."""
    device = next((v.device for v in values if v is not None), torch.device("cpu"))
    absent = torch.tensor(ABSENT, dtype=torch.float64, device=device)
    return torch.stack([absent if v is None else v.to(device) for v in values]) if values else absent[None][:0]


def _norms(gradients: Sequence[Optional[Tensor]]) -> Tensor:
    return _stack(
        [
            None if g is None else torch.linalg.vector_norm(_values(g), dtype=norm_type(g)).double()
            for g in gradients
        ]
    )


def _zeros(gradient: Optional[Tensor]) -> Optional[Tensor]:
    if gradient is None:
        return None
    values = _values(gradient)
    if not 0 < values.numel() <= COUNTED:
        return None
    return 1 - torch.count_nonzero(values).double() / values.numel()


def _values(gradient: Tensor) -> Tensor:
    return gradient.coalesce().values() if gradient.is_sparse else gradient


def norm_type(values: Tensor) -> torch.dtype:
    """Half precision would overflow."""
    return values.dtype if values.dtype in (torch.float32, torch.float64) else torch.float32


def _local(tensor: Optional[Tensor]) -> Optional[Tensor]:
    """The part that this process holds of a tensor which is spread over several (FSDP2)."""
    if tensor is None:
        return None
    to_local = getattr(tensor, "to_local", None)
    return tensor.detach() if to_local is None else to_local().detach()


def _gradient(parameter: Tensor) -> Optional[Tensor]:
    """None where there is none; empty for a parameter that other processes hold (FSDP)."""
    return parameter.detach() if parameter.grad is None and parameter.numel() == 0 else _local(parameter.grad)


def _sample(parameter: Tensor) -> Tensor:
    values = _local(parameter)
    assert values is not None
    flat = values.reshape(-1)
    stride = -(-flat.numel() // COMPARED) if flat.numel() else 1
    return flat[::stride]
