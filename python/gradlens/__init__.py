"""Gradients of recurrent nets, timestep by timestep, from an ordinary PyTorch training loop.

``lens = gradlens.watch(model)`` before the loop and ``lens.step(loss)`` in it write a run that Gradient Lens shows in
VS Code and that TensorBoard opens. Training itself stays bitwise the same.
"""

from . import source

source.install()

from .adjoint import analyse  # noqa: E402
from .describe import VERSION as __version__  # noqa: E402
from .lens import Lens, watch  # noqa: E402

__all__ = ["Lens", "__version__", "analyse", "watch"]
