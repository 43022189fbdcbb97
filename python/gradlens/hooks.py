"""Forward hooks that are in place only while a step is measured.

A module with hooks takes a slower way through ``nn.Module.__call__``, and a cell in a loop takes it at every timestep.
So hooks are lifted before steps that are not measured. Compiled code is guarded by the hooks that it was compiled with:
where ``torch.compile`` is at work they stay, and return at once.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, List, Sequence

from torch import nn


class Hooks:
    """The hooks of one lens."""

    def __init__(self, model: nn.Module, makers: Sequence[Callable[[], Sequence[Any]]]) -> None:
        """:param makers: each registers hooks and returns their handles."""
        self._makers = makers
        self._handles: List[Any] = []
        self._stay = any(getattr(module, "_compiled_call_impl", None) is not None for module in model.modules())

    def place(self) -> None:
        if not self._handles:
            self._handles = [handle for make in self._makers for handle in make()]

    def lift(self, for_good: bool = False) -> None:
        self._stay = self._stay or _has_compiled()
        if self._stay and not for_good:
            # A former step may have lifted them before anything was compiled.
            self.place()
            return
        for handle in self._handles:
            handle.remove()
        self._handles = []


def _has_compiled() -> bool:
    """Whether torch.compile has compiled anything in this process."""
    dynamo = sys.modules.get("torch._dynamo.utils")
    return dynamo is not None and bool(dynamo.counters.get("frames"))
