"""The description of a run: its layers, their places in the source, and the meaning of its scalars."""

from __future__ import annotations

import os
import platform
import socket
import sys
import time
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import torch
from torch import nn

from .cells import CellTap
from .outputs import OutputTap
from .recurrent import RecurrentTap
from .source import Place, absolute, place_of
from .wrapped import is_wrapper, plain_name

VERSION = "0.1.0"

_WEIGHT_QUANTITIES = (
    "weightNorm",
    "weightGradientNorm",
    "weightClippedGradientNorm",
    "weightUpdateRatio",
    "weightGradientZeros",
    "weightNonFinite",
)
_OUTPUT_QUANTITIES = (
    "outputGradientNorm",
    "activationMean",
    "activationStd",
    "activationDead",
    "activationSaturated",
    "activationNonFinite",
)
_STATE_QUANTITIES = ("horizon", "survival", "attenuation", "meanGain", "stateNonFinite")
#: Quantities whose squares add up over processes that hold a part of each parameter.
_SHARDED = ("weightNorm", "weightGradientNorm", "weightClippedGradientNorm", "gradientNorm", "clippedGradientNorm")

_KINDS = {"LSTM": "lstm", "GRU": "gru", "RNN_TANH": "simpleRNN", "RNN_RELU": "simpleRNN"}


class Description:
    """Knows the index and the tag of every layer and weight."""

    def __init__(
        self,
        model: nn.Module,
        states: Sequence[Union[RecurrentTap, CellTap]],
        outputs: Sequence[OutputTap],
        parameters: Sequence[str],
        *,
        name: str,
        required_lag: Optional[int],
        baseline: Optional[float],
        place: Optional[Place],
        rank: int,
        ranks: int,
        sharded: bool,
    ) -> None:
        self._model, self._outputs, self._sharded = model, outputs, sharded
        self._fixed = {
            "writer": f"gradlens-torch {VERSION}",
            "kind": "train",
            "model": name,
            "started": time.time(),
            "config": absolute(sys.argv[0]) if sys.argv[0] else None,
            "backend": f"PyTorch {torch.__version__}, {_device(model)}, Python {platform.python_version()}",
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "parameters": sum(p.numel() for p in model.parameters()),
            "baselineLoss": baseline,
            "requiredLag": required_lag,
            "rank": rank,
            "ranks": ranks,
            "source": None if place is None else place.as_json(),
        }
        self._layers: List[Dict[str, Any]] = []
        self._taps: Dict[int, Tuple[Union[RecurrentTap, CellTap], int]] = {}
        self._state_index: Dict[Tuple[int, int], int] = {}
        self._output_index: Dict[int, int] = {}
        states_of = {id(tap.module): tap for tap in states}
        outputs_of = {id(tap.module): tap for tap in outputs}
        for path, module in model.named_modules():
            tap, output = states_of.get(id(module)), outputs_of.get(id(module))
            if tap is not None:
                for k, layer in enumerate(tap.layer_names()):
                    self._state_index[id(tap), k] = len(self._layers)
                    self._taps[len(self._layers)] = (tap, k)
                    self._add(path, layer, _kind(module))
                if output is not None:
                    # A module's output is that of its last layer.
                    self._output_index[id(output)] = len(self._layers) - 1
            elif output is not None or (list(module.parameters(recurse=False)) and not is_wrapper(module)):
                if output is not None:
                    self._output_index[id(output)] = len(self._layers)
                self._add(path, plain_name(path) or "model", type(module).__name__)
        self.weight_tags = [self._weight(parameter) for parameter in parameters]

    def state_layer(self, tap: Union[RecurrentTap, CellTap], index: int) -> Tuple[int, str]:
        layer = self._state_index[id(tap), index]
        return layer, str(self._layers[layer]["name"])

    def output_layer(self, tap: OutputTap) -> Tuple[int, str]:
        layer = self._output_index[id(tap)]
        return layer, str(self._layers[layer]["name"])

    def timesteps(self, tap: Union[RecurrentTap, CellTap]) -> int:
        return tap.steps or 1

    def as_json(self) -> Dict[str, Any]:
        """The text of `gradlens/run.1`: to be asked for after the first step, when the sequences' length is known."""
        layers = []
        for index, layer in enumerate(self._layers):
            described = dict(layer)
            if index in self._taps:
                described["recurrent"] = _recurrent(*self._taps[index])
            layers.append(described)
        for output in self._outputs:
            if output.positions is not None:
                layers[self._output_index[id(output)]]["positions"] = output.positions
        return {**self._fixed, "layers": layers, "columns": self._columns(layers)}

    def _columns(self, layers: Sequence[Dict[str, Any]]) -> List[Dict[str, Any]]:
        columns: List[Dict[str, Any]] = []

        def add(quantity: str, layer: Optional[int] = None, name: Optional[str] = None) -> None:
            parts = [None if layer is None else layers[layer]["name"], name, quantity]
            tag = "/".join(str(part) for part in parts if part is not None)
            column = {"tag": tag, "quantity": quantity, "layer": layer, "name": name}
            if self._sharded and quantity in _SHARDED:
                column["across"] = "squares"
            columns.append(column)

        for quantity in ("loss", "gradientNorm", "clippedGradientNorm", "learningRate", "milliseconds"):
            add(quantity)
        outputs = set(self._output_index.values())
        for index, layer in enumerate(layers):
            for weight in layer["weights"]:
                for quantity in _WEIGHT_QUANTITIES:
                    add(quantity, index, weight)
            for quantity in _OUTPUT_QUANTITIES if index in outputs else ():
                add(quantity, index)
            for state in layer.get("recurrent", {}).get("states", ()):
                for quantity in _STATE_QUANTITIES:
                    add(quantity, index, state)
        return columns

    def _add(self, path: str, name: str, kind: str) -> None:
        place = place_of(self._model, path)
        self._layers.append(
            {"name": name, "type": kind, "weights": [], "source": None if place is None else place.as_json()}
        )

    def _weight(self, parameter: str) -> str:
        """Files a parameter under its layer. :returns: the first parts of its tags."""
        path, _, short = parameter.rpartition(".")
        layer = next((i for i, (tap, k) in self._taps.items() if tap.name == path and _holds(tap, k, short)), None)
        if layer is None:
            layer = next((i for i, one in enumerate(self._layers) if one["name"] == (path or "model")), None)
        if layer is None:
            # A parameter of a wrapper whose module has no layer of its own.
            self._add(path, path or "model", "module")
            layer = len(self._layers) - 1
        self._layers[layer]["weights"].append(short)
        return f"{self._layers[layer]['name']}/{short}"


def _kind(module: nn.Module) -> str:
    return "cell" if isinstance(module, nn.RNNCellBase) else _KINDS.get(getattr(module, "mode", ""), "simpleRNN")


def _holds(tap: Union[RecurrentTap, CellTap], k: int, weight: str) -> bool:
    if not isinstance(tap.module, nn.RNNBase):
        return True
    ways = 2 if tap.module.bidirectional else 1
    return weight.endswith(f"_l{k // ways}" + ("_reverse" if k % ways else ""))


def _recurrent(tap: Union[RecurrentTap, CellTap], k: int) -> Dict[str, Any]:
    module = tap.module
    mode = getattr(module, "mode", "")
    lstm = mode == "LSTM" or isinstance(module, nn.LSTMCell)
    gru = mode == "GRU" or isinstance(module, nn.GRUCell)
    return {
        "timesteps": tap.steps or 1,
        "units": module.hidden_size,
        "states": ["h", "c"] if lstm else ["h"],
        "gates": ["input", "forget", "output"] if lstm else ["update", "reset"] if gru else [],
        "reversed": bool(getattr(module, "reversed", False)) or (getattr(module, "bidirectional", False) and k % 2 == 1),
    }


def _device(model: nn.Module) -> str:
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    return device.type.upper()
