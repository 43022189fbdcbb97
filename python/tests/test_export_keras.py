"""Scripts that ``gradlens export --to keras`` writes: one step's loss and gradients equal those of Gradient Lens itself.

``GRADLENS_KERAS`` names a Python that has Keras 3 with TensorFlow or torch; without it, this Python is tried.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest
import torch
from test_export import CHOICES, CHOSEN, PRODUCTS, RANDOM, ROOT, SHARED, command, pytestmark  # noqa: F401

PROGRAM = Path(__file__).with_name("keras_program.py")
PYTHON = os.environ.get("GRADLENS_KERAS", sys.executable)


class Keras:
    """Keras 3 with one of its backends."""

    def __init__(self, backend: str) -> None:
        self.environment = {**os.environ, "KERAS_BACKEND": backend}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([PYTHON, *arguments], capture_output=True, text=True, env=self.environment)


@pytest.fixture(scope="module", params=["tensorflow", "torch"])
def keras(request: Any) -> Keras:
    found = Keras(request.param)
    if found.run("-c", "import keras; assert keras.__version__ >= '3'").returncode != 0:
        pytest.skip(f"not tried here: no Keras 3 with {request.param} (GRADLENS_KERAS names a Python that has it)")
    return found


#: What has no equivalent in Keras, by the words of the refusal.
REFUSED = {
    "external-memory/memory": "externalMemory",
    "gates/peepholes": "Peepholes",
    "training-remedies/pruned": "Pruning",
    "vanishing-remedies/omega": "Ω",
}


def computed(keras: Keras, folders: List[Path]) -> Dict[str, Any]:
    run = keras.run(str(PROGRAM), *map(str, folders))
    assert run.returncode == 0, run.stderr[-4000:]
    return json.loads(run.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def plain(name: str) -> str:
    return "_".join(part for part in re.split(r"[^A-Za-z0-9]+", name) if part)


def compare(ours: Dict[str, Any], found: Dict[str, Any], label: str) -> int:
    """All weights of a layer of the config, and of its parts, are one figure."""
    tops = sorted({plain(name.split("/")[0]) for name in ours["layers"]}, key=len, reverse=True)

    def gathered(norms: Dict[str, float]) -> Dict[str, float]:
        squares: Dict[str, float] = {}
        for name, value in norms.items():
            top = next(top for top in tops if name == top or name.startswith(top + "_"))
            squares[top] = squares.get(top, 0.0) + value**2
        return {name: square**0.5 for name, square in squares.items()}

    theirs, digits = dict(found["figures"]), dict(found["digits"])
    loss, digit = theirs.pop("loss"), digits.pop("loss")
    assert abs(ours["loss"] - loss) <= 1e-4 * abs(loss) + 5 * digit, f"{label}: loss {ours['loss']} against {loss}"
    norms: Dict[str, float] = {}
    for name, layer in ours["layers"].items():
        own = [weight["gradientNorm"] for weight in layer["weights"].values() if weight["gradientNorm"] is not None]
        if own:
            norms[plain(name)] = sum(norm**2 for norm in own) ** 0.5
    ours_by_layer, theirs_by_layer, allowed = gathered(norms), gathered(theirs), gathered(digits)
    assert set(ours_by_layer) == set(theirs_by_layer)
    for name, value in theirs_by_layer.items():
        bound = 1e-4 * value + 5 * allowed[name] + 1e-12
        assert abs(ours_by_layer[name] - value) <= bound, f"{label} {name}: {ours_by_layer[name]} against {value} ± {bound}"
    return len(theirs_by_layer)


def examples() -> List[str]:
    if os.environ.get("GRADLENS_EXPORT") != "all":
        return list(CHOSEN)
    return sorted(config.parent.name for config in (ROOT / "examples").glob("*/gradlens.json"))


@pytest.mark.long
@pytest.mark.parametrize("example", examples())
def test_equals_gradient_lens(example: str, tmp_path: Path, keras: Keras) -> None:
    folder = str(ROOT / "examples" / example)
    names = [] if os.environ.get("GRADLENS_EXPORT") == "all" else CHOSEN[example]
    chosen = [part for name in names for part in ("--model", name)]
    exported = command("export", folder, *chosen, "--to", "keras", "--out", str(tmp_path))
    truth = json.loads(command("train", folder, *chosen, "--steps", "1", "--json").stdout)["models"]
    refused = {name for name in truth if f"{example}/{name}" in REFUSED or not (tmp_path / name).exists()}
    for name in refused:
        known = REFUSED.get(f"{example}/{name}", "Truncation")
        assert known in exported.stderr, exported.stderr
    tried = [name for name in truth if name not in refused and f"{example}/{name}" not in RANDOM]
    found = computed(keras, [tmp_path / name for name in tried]) if tried else {}
    for name in tried:
        assert compare(truth[name]["steps"][0], found[str(tmp_path / name)], f"{example}/{name}") > 0


def of_model(tmp_path: Path, arrays: Dict[str, Any], data: Dict[str, Any], model: Dict[str, Any], keras: Keras, **training: Any) -> Dict[str, Any]:
    """Compares one model; returns what Keras computed."""
    numpy = pytest.importorskip("numpy")
    for name, values in arrays.items():
        numpy.save(tmp_path / f"{name}.npy", numpy.asarray(values, dtype="float32"))
    config = {
        "data": data,
        "training": {"loss": "meanSquaredError", "optimizer": {"type": "sgd", "learningRate": 0.01}, "batchSize": len(next(iter(arrays.values()))), "steps": 2, **training},
        "models": {"m": model},
    }
    (tmp_path / "gradlens.json").write_text(json.dumps(config))
    exported = command("export", str(tmp_path), "--to", "keras", "--out", str(tmp_path / "out"))
    assert exported.returncode == 0, exported.stderr
    ours = json.loads(command("train", str(tmp_path), "--steps", "1", "--json").stdout)["models"]["m"]["steps"][0]
    folder = tmp_path / "out" / "m"
    found = computed(keras, [folder])[str(folder)]
    compare(ours, found, "m")
    return found  # type: ignore[no-any-return]


def random(*shape: int, seed: int = 0) -> Any:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.thorough
@pytest.mark.parametrize("layers", [SHARED, CHOICES, PRODUCTS], ids=["shared", "choices", "products"])
def test_shared_weights_choices_and_products(layers: List[Dict[str, Any]], tmp_path: Path, keras: Keras) -> None:
    arrays = {"x": random(5, 6, 3), "y": random(5, 1)}
    of_model(tmp_path, arrays, {"inputs": "x.npy", "targets": "y.npy"}, {"layers": layers}, keras)


@pytest.mark.thorough
@pytest.mark.parametrize("sequences", [False, True])
def test_masks(sequences: bool, tmp_path: Path, keras: Keras) -> None:
    """Padded behind, padded before, with gaps, empty, and whole; masked targets do not count."""
    present = torch.tensor([[1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 1], [1, 0, 1, 1, 0, 1], [0] * 6, [1] * 6])
    arrays = {"x": random(5, 6, 3) * present[..., None], "y": random(5, 6, 1, seed=1) if sequences else random(5, 1, seed=1)}
    layers = [
        {"type": "masking"},
        {"type": "lstm", "units": 4, "returnSequences": True},
        {"type": "bidirectional", "layer": {"type": "gru", "units": 3, "returnSequences": True}},
        {"type": "dense", "units": 3, "activation": "tanh"},
        {"type": "simpleRNN", "units": 4, "returnSequences": sequences},
        {"type": "dense", "units": 1},
    ]
    of_model(tmp_path, arrays, {"inputs": "x.npy", "targets": "y.npy"}, {"layers": layers}, keras)


@pytest.mark.thorough
def test_several_inputs_and_outputs(tmp_path: Path, keras: Keras) -> None:
    arrays = {
        "left": random(6, 5, 2),
        "right": random(6, 5, 2, seed=1),
        "kind": torch.randint(0, 3, (6, 5, 1), generator=torch.Generator().manual_seed(2)),
        "size": random(6, 2, seed=3),
        "odds": torch.randint(0, 2, (6, 1), generator=torch.Generator().manual_seed(4)),
    }
    data = {"inputs": {n: f"{n}.npy" for n in ("left", "right")}, "targets": {n: f"{n}.npy" for n in ("kind", "size", "odds")}}
    layers: List[Dict[str, Any]] = [
        {"type": "lstm", "units": 4, "name": "reader", "inputs": ["left"], "returnSequences": True, "kernelRegularizer": {"type": "l2", "l2": 0.1}},
        {"type": "shared", "layer": "reader", "name": "again", "inputs": ["right"]},
        {"type": "dense", "units": 3, "activation": "softmax", "name": "kind", "inputs": ["reader"]},
        {"type": "gru", "units": 3, "name": "end", "inputs": ["again"]},
        {"type": "dense", "units": 2, "name": "size"},
        {"type": "concatenate", "inputs": ["end", "size"], "name": "all"},
        {"type": "dense", "units": 1, "activation": "sigmoid", "name": "odds"},
    ]
    loss = {"kind": {"type": "sparseCategoricalCrossentropy", "weight": 0.5}, "size": "meanSquaredError", "odds": {"type": "binaryCrossentropy", "weight": 2}}
    model = {"inputs": ["left", "right"], "outputs": ["kind", "size", "odds"], "layers": layers}
    of_model(tmp_path, arrays, data, model, keras, loss=loss)


@pytest.mark.thorough
def test_frozen_layers(tmp_path: Path, keras: Keras) -> None:
    """A frozen normalization takes its moving averages, and frozen weights have no gradient."""
    layers: List[Dict[str, Any]] = [
        {"type": "batchNormalization", "trainable": False},
        {"type": "lstm", "units": 4, "returnSequences": True, "trainable": False},
        {"type": "gru", "units": 4},
        {"type": "dense", "units": 1},
    ]
    arrays = {"x": 3 + 2 * random(6, 5, 2), "y": random(6, 1, seed=1)}
    found = of_model(tmp_path, arrays, {"inputs": "x.npy", "targets": "y.npy"}, {"layers": layers}, keras)
    assert set(found["figures"]) == {"loss", "gru", "dense"}


@pytest.mark.thorough
def test_other_layers(tmp_path: Path, keras: Keras) -> None:
    layers: List[Dict[str, Any]] = [
        {"type": "conv1d", "filters": 4, "kernelSize": 3, "padding": "same", "activation": "gelu_new"},
        {"type": "maxPooling1d", "poolSize": 2},
        {"type": "elementwise", "function": "atan"},
        {"type": "positionalEncoding"},
        {"type": "leakyReLU", "alpha": 0.1},
        {"type": "layerNormalization"},
        {"type": "rnn", "cell": {"type": "gruCell", "units": 3}, "returnSequences": True, "goBackwards": True},
        {"type": "timeDistributed", "layer": {"type": "dense", "units": 3, "activation": "hardSigmoid"}},
        {"type": "permute", "dims": [2, 1]},
        {"type": "flatten"},
        {"type": "dense", "units": 1, "activation": "softplus"},
    ]
    arrays = {"x": random(6, 8, 2), "y": random(6, 1, seed=1)}
    of_model(tmp_path, arrays, {"inputs": "x.npy", "targets": "y.npy"}, {"layers": layers}, keras)


@pytest.mark.thorough
def test_notices_swapped_gates(tmp_path: Path, keras: Keras) -> None:
    """The comparison itself is able to fail."""
    folder = str(ROOT / "examples" / "gates")
    command("export", folder, "--model", "lstm", "--to", "keras", "--out", str(tmp_path))
    truth = json.loads(command("train", folder, "--model", "lstm", "--steps", "1", "--json").stdout)["models"]["lstm"]
    script = tmp_path / "lstm" / "train.py"
    whole = script.read_text()
    broken = whole.replace("layers.LSTM(", "layers.LSTM(unit_forget_bias=False, activation=\"relu\", ")
    assert broken != whole
    script.write_text(broken)
    found = computed(keras, [tmp_path / "lstm"])[str(tmp_path / "lstm")]
    with pytest.raises(AssertionError):
        compare(truth["steps"][0], found, "broken")


@pytest.mark.long
def test_runs(tmp_path: Path, keras: Keras) -> None:
    """Scripts train: with steps and epochs, schedules, accumulation, limits and held-out samples."""
    out = tmp_path / "out"
    command("export", str(ROOT / "examples" / "training-remedies"), "--to", "keras", "--out", str(out))
    scripts = sorted(out.glob("*/train.py"))
    assert scripts
    for script in scripts[:3]:
        source = re.sub(r"^STEPS = .*$", "STEPS = 4", re.sub(r"^EPOCHS = .*$", "EPOCHS = 1", script.read_text(), flags=re.M), flags=re.M)
        script.write_text(source)
        run = keras.run(str(script))
        assert run.returncode == 0, run.stderr[-4000:]
        assert "loss: " in run.stdout
