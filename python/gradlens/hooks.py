"""Forward hooks that are in place only while a step is measured.

A module with hooks takes a slower way through ``nn.Module.__call__``, and a cell in a loop takes it at every timestep.
So hooks are lifted before steps that are not measured. Compiled code is guarded by the hooks that it was compiled with:
where ``torch.compile`` is at work they stay, and return at once.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, List, Sequence

import torch
from torch import nn


class Hook:
    """A hook that stays behind when its module is copied or saved: the copy has one that does nothing."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)

    def __reduce__(self) -> Any:
        return Hook, (nothing,)


def nothing(*_args: Any, **_kwargs: Any) -> None:
    """Stands for a hook in a copy of it: it does nothing."""


class Hooks:
    """The hooks of one lens."""

    def __init__(
        self, model: nn.Module, makers: Sequence[Callable[[], Sequence[Any]]], seen: Callable[[], None]
    ) -> None:
        """:param makers: each registers hooks and returns their handles; :param seen: is called in backward passes."""
        self._model, self._makers, self._seen = model, makers, seen
        self._handles: List[Any] = []
        self._leaves: List[Any] = []
        self._stay = False
        if any(getattr(module, "_compiled_call_impl", None) is not None for module in model.modules()):
            self._keep()

    def place(self) -> None:
        if not self._handles:
            self._handles = [handle for make in self._makers for handle in make()]

    def lift(self, for_good: bool = False) -> None:
        if not self._stay and _has_compiled():
            self._keep()
        if self._stay and not for_good:
            # A former step may have lifted them before anything was compiled.
            self.place()
            return
        for handle in self._handles:
            handle.remove()
        for _, handle in self._leaves:
            handle.remove()
        self._handles, self._leaves = [], []

    def _keep(self) -> None:
        """From now on hooks stay. Forward hooks within compiled code see nothing: leaves report backward passes."""
        self._stay = True
        trained = [p for p in self._model.parameters() if p.requires_grad and p.is_leaf]
        for parameter in {id(p): p for p in (trained[:1] + trained[-1:])}.values():
            with torch.enable_grad():
                # The node that accumulates a parameter's gradient lives as long as somebody holds it.
                viewed: Any = parameter.view_as(parameter)
            node = viewed.grad_fn.next_functions[0][0]
            self._leaves.append((node, node.register_hook(lambda *_: self._seen())))


def _has_compiled() -> bool:
    """Whether torch.compile has compiled anything in this process."""
    dynamo = sys.modules.get("torch._dynamo.utils")
    return dynamo is not None and any(dynamo.counters.values())
