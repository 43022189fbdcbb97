"""Exact gradients of the states of recurrent layers, from what can be seen at a layer's ends.

A fused layer (``nn.LSTM`` and its relatives) never shows its states' gradients to autograd. They follow from its input,
output, weights and the gradient that arrives at its output: one batched product recomputes all gates, then the adjoint
recursion walks back over the timesteps.
"""

from .results import LayerGradients, StateGradients
from .stack import OutputGradients, analyse
from .weights import CellWeights

__all__ = ["CellWeights", "LayerGradients", "OutputGradients", "StateGradients", "analyse"]
