"""Models inside of other modules: what is watched in them, and what cannot be."""

from __future__ import annotations

import sys

from torch import nn
from torch.nn.parameter import is_lazy


def refuse(model: nn.Module) -> None:
    """Raises TypeError for what is no model, and ValueError for a model that cannot be watched."""
    if not isinstance(model, nn.Module):
        raise TypeError(f"gradlens.watch takes the model, an nn.Module, first; this is of type {type(model).__name__}")
    for name, module in model.named_modules():
        if isinstance(module, nn.DataParallel):
            place = f" ({name})" if name else ""
            raise ValueError(
                f"nn.DataParallel{place} copies the model into threads for every forward pass, so nobody can say which "
                "gradient belongs to which copy. Use DistributedDataParallel (torchrun), which PyTorch recommends anyway."
            )
    lazy = [name for name, parameter in model.named_parameters() if is_lazy(parameter)]
    if lazy:
        raise ValueError(
            f"The first forward pass makes {lazy[0]}, as that of any lazy module: call the model on a batch before "
            "gradlens.watch."
        )


def unwrapped(model: nn.Module) -> nn.Module:
    """The program's own module within DistributedDataParallel and torch.compile, so that names stay as they are there."""
    while True:
        inner = getattr(model, "_orig_mod", None)
        if inner is None and type(model).__name__ == "DistributedDataParallel":
            inner = model.module
        if not isinstance(inner, nn.Module):
            return model
        model = inner


#: Names under which a wrapper holds the part of the model that it is put around.
_WRAPPED = ("_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_orig_mod")


def is_wrapper(module: nn.Module) -> bool:
    return any(isinstance(getattr(module, name, None), nn.Module) for name in _WRAPPED)


def plain_name(path: str) -> str:
    """The name of a module or parameter as the program knows it, without the wrappers around it."""
    return ".".join(part for part in path.split(".") if part not in _WRAPPED)


def is_sharded(model: nn.Module) -> bool:
    """Whether the processes hold parts of the parameters each: FSDP, in either version."""
    if "torch.distributed.fsdp" not in sys.modules:
        return False
    from torch.distributed.fsdp import FullyShardedDataParallel

    if any(isinstance(module, FullyShardedDataParallel) for module in model.modules()):
        return True
    return any(hasattr(parameter, "to_local") for parameter in model.parameters())
