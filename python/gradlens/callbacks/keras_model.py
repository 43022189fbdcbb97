"""A Keras model as the lens sees it: one module for each layer that computes, with the layer's own parameters.

Keras calls its layers past ``nn.Module.__call__``, so hooks on them are never called. The methods that compute are
wrapped while the model is trained, and pass what they return through the modules of this file, whose hooks are.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Tuple

from torch import nn

from ..probe import Probe
from ..source import made_like
from .keras_tap import Inputs, KerasTap

_RECURRENT = {"SimpleRNN": "RNN_TANH", "LSTM": "LSTM", "GRU": "GRU"}


class StandIn(nn.Module):
    """Stands for one layer."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        # In a tuple, because a layer of Keras is a module, which would become a part of this one.
        self._layer = (layer,)
        made_like(self, layer)

    def forward(self, output: Any, _inputs: Any = None) -> Any:
        return output

    def wrapper(self) -> Tuple[Any, str, Callable[[Any], Any]]:
        """The layer, its method that computes, and what is put around that."""

        def around(call: Any) -> Any:
            def told(*args: Any, **kwargs: Any) -> Any:
                output = call(*args, **kwargs)
                return self(output) if self._forward_hooks else output

            return told

        return self._layer[0], "call", around


class RecurrentStandIn(StandIn):
    """Stands for a SimpleRNN, LSTM or GRU; its attributes are those of PyTorch's modules."""

    bidirectional, num_layers, dropout, batch_first = False, 1, 0.0, True

    def __init__(self, layer: Any) -> None:
        super().__init__(layer)
        self.mode = _RECURRENT[type(layer).__name__]
        self.hidden_size = int(layer.units)
        self.reversed = bool(layer.go_backwards)

    def tap(self, name: str, probe: Probe) -> KerasTap:
        return KerasTap(name, self, self._layer[0], probe)

    def wrapper(self) -> Tuple[Any, str, Callable[[Any], Any]]:
        sequences_returned = self._layer[0].return_sequences

        def around(inner_loop: Any) -> Any:
            def told(sequences: Any, initial_state: Any, mask: Any = None, training: bool = False) -> Any:
                last, outputs, states = inner_loop(sequences, initial_state, mask, training=training)
                if not self._forward_hooks:
                    return last, outputs, states
                inputs = Inputs(sequences, initial_state, mask, training)
                if sequences_returned:
                    outputs, *states = self((outputs, *states), inputs)
                else:
                    last, *states = self((last, *states), inputs)
                return last, outputs, states

            return told

        return self._layer[0], "inner_loop", around


class StandInModel(nn.Module):
    """Stands for the whole model."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._list: List[StandIn] = []
        for layer in _computing(model):
            stand_in = _stand_in(layer)
            for variable in layer.trainable_variables:
                stand_in.register_parameter(_unique(variable.name, stand_in), variable.value)
            self.add_module(_unique(layer.name.replace(".", "_"), self), stand_in)
            self._list.append(stand_in)

    def wrappers(self) -> Iterator[Tuple[Any, str, Callable[[Any], Any]]]:
        for stand_in in self._list:
            yield stand_in.wrapper()


def _stand_in(layer: Any) -> StandIn:
    kind = type(layer).__name__
    base = RecurrentStandIn if kind in _RECURRENT else StandIn
    # The name of the class is the layer's type in the run.
    stand_in: StandIn = type(kind, (base,), {})(layer)
    return stand_in


def _computing(model: Any) -> Iterator[Any]:
    """The layers without further layers within, and recurrent layers as a whole."""
    waiting, seen = list(model.layers), set()
    while waiting:
        layer = waiting.pop(0)
        inner = [] if type(layer).__name__ in _RECURRENT else list(layer._flatten_layers(include_self=False, recursive=False))
        if id(layer) in seen or type(layer).__name__ == "InputLayer":
            continue
        seen.add(id(layer))
        if inner:
            waiting = inner + waiting
        else:
            yield layer


def _unique(name: str, owner: nn.Module) -> str:
    """A name that is no attribute of the module yet."""
    number = 1
    while hasattr(owner, name if number == 1 else f"{name}_{number}"):
        number += 1
    return name if number == 1 else f"{name}_{number}"
