"""Scripts that ``gradlens export`` writes: one step's loss and gradients equal those of Gradient Lens itself."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

ROOT = Path(__file__).resolve().parents[2]
CLI = ROOT / "dist" / "cli.js"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None or not CLI.exists(), reason="needs Node and dist/cli.js (npm run build)")

#: One model of each kind; GRADLENS_EXPORT=all tries every model of every example.
CHOSEN = {
    "adding-problem": ["simpleRNN"],
    "char-lm": ["lstm"],
    "copy-memory": ["bidirectional"],
    "depth": ["residualRNN"],
    "encoder-decoder": ["attention"],
    "gates": ["lstm", "peepholes", "gru", "resetAfter"],
    "training-remedies": ["accumulated", "batchNormalization", "layerNormalization"],
    "transformer": ["attention", "post", "pre"],
    "vanishing-remedies": ["attention"],
}

#: What has no equivalent, by the words of the refusal.
REFUSED = {"external-memory/memory": "externalMemory", "training-remedies/pruned": "Pruning", "vanishing-remedies/omega": "Ω"}

#: Their masks are drawn by different generators.
RANDOM = {"training-remedies/dropout", "weather/lstm"}


#: Examples whose models the quick tier tries.
QUICK = ("encoder-decoder", "gates", "transformer")


def models() -> Iterator[Any]:
    if os.environ.get("GRADLENS_EXPORT") != "all":
        for example, names in CHOSEN.items():
            yield pytest.param(example, names, marks=() if example in QUICK else pytest.mark.thorough)
        return
    for config in sorted((ROOT / "examples").glob("*/gradlens.json")):
        yield pytest.param(config.parent.name, [])


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(NODE), str(CLI), *arguments], capture_output=True, text=True, cwd=ROOT)


def module_of(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Kept:
    """States of one layer, of one timestep each, in the order in which it reads them: (…, B, H)."""

    h: List[Tensor] = field(default_factory=list)
    c: List[Tensor] = field(default_factory=list)
    real: Optional[Tensor] = None
    """(B, T): which timesteps are not masked; None: all."""
    fused: bool = False
    """Whether the path from c to h of the same timestep is within PyTorch's own function."""

    def norms(self, state: str) -> List[float]:
        """Norms of the gradients of all timesteps. Masked ones do not count, and the last real ones of all samples coincide."""
        gradients = [self._gradient(state, t) for t in range(len(getattr(self, state)))]
        if self.real is None or not gradients:
            return [norm(gradient) for gradient in gradients]
        steps = int(self.real.sum(1).max())
        squares = [0.0] * steps
        for sample, real in zip(torch.stack(gradients, 1), self.real):
            for t, gradient in enumerate(sample[real].flip(0)):
                squares[steps - 1 - t] += norm(gradient) ** 2
        return [square**0.5 for square in squares]

    def _gradient(self, state: str, t: int) -> Tensor:
        """(B, H)"""
        values = getattr(self, state)[t]
        gradient = torch.zeros_like(values) if values.grad is None else values.grad
        if state == "c" and self.fused:
            squashed = values.detach().tanh()
            # The output gate is h / tanh(c); a sequence without any timestep has neither.
            gate = torch.where(squashed == 0, squashed, self.h[t].detach() / squashed)
            gradient = gradient + self._gradient("h", t).view_as(gate) * gate * (1 - squashed**2)
        return gradient.flatten(0, -2)


States = Dict[str, Kept]


def step(module: ModuleType, dtype: torch.dtype, disturbed: float = 0.0) -> Tuple[float, nn.Module, States]:
    """Loss of the first batch, the net with its gradients, and every layer's states with theirs."""
    data = {name: values.to(dtype) for name, values in module.read("data.npz", "cpu").items()}
    net = module.Net()
    net.load_state_dict(module.read("initial.npz", "cpu"))
    net.to(dtype)
    with torch.no_grad():
        for p in net.parameters():
            p.mul_(1 + disturbed * torch.randn(p.shape, dtype=dtype))
    states: States = {}
    for name, layer in net.named_modules():
        if hasattr(layer, "step"):
            watch_loop(layer, states.setdefault(name, Kept()))
        elif isinstance(layer, (nn.RNN, nn.LSTM, nn.GRU)):
            unroll(layer, states.setdefault(name, Kept(fused=True)))
    chosen = next(module.batches(len(data["inputs"]), module.BATCH))
    weights = data["weights"][chosen] if "weights" in data else None
    loss = module.loss_of(net(data["inputs"][chosen]), data["targets"][chosen], weights)
    (loss + module.penalties(net) if hasattr(module, "penalties") else loss).backward()
    return loss.item(), net, states


def watch_loop(layer: Any, kept: Kept) -> None:
    """Keeps the states of a loop that is written out."""
    original, forward = layer.step, layer.forward

    def watched(*arguments: Any) -> Any:
        after = original(*arguments)
        for values, states in zip(after, (kept.h, kept.c)):
            if values.requires_grad:
                values.retain_grad()
            states.append(values)
        return after

    def seen(x: Tensor, states: Any = None, mask: Optional[Tensor] = None) -> Any:
        kept.real = mask
        return forward(x, states, mask)

    layer.step, layer.forward = watched, seen


def unroll(layer: Any, kept: Kept) -> None:
    """Runs PyTorch's layer one timestep at a time, so that autograd sees every state."""
    original = layer.forward

    def forward(x: Any, states: Any = None) -> Any:
        lengths: Optional[Tensor] = None
        if isinstance(x, PackedSequence):
            x, lengths = pad_packed_sequence(x, batch_first=True)
            kept.real = real = torch.arange(x.shape[1]) < lengths[:, None]
        outputs = []
        for t in range(x.shape[1]):
            before = states
            output, states = original(x[:, t : t + 1], states)
            after = states if isinstance(states, tuple) else (states,)
            for values, whole in zip(after, (kept.h, kept.c)):
                if values.requires_grad:
                    values.retain_grad()
                whole.append(values)
            # The output goes on from the state that is kept, so its gradient is the whole one.
            outputs.append(after[0][0][:, None])
            if lengths is not None and before is not None:
                former = before if isinstance(before, tuple) else (before,)
                after = tuple(torch.where(real[:, t, None], new, old) for new, old in zip(after, former))
            states = after if isinstance(states, tuple) else after[0]
        whole_output = torch.cat(outputs, 1)
        if lengths is None:
            return whole_output, states
        return pack_padded_sequence(whole_output, lengths, batch_first=True, enforce_sorted=False), states

    layer.forward = forward


def norm(gradient: Tensor) -> float:
    return float(gradient.double().norm())


@pytest.mark.parametrize(("example", "names"), list(models()), ids=lambda value: value if isinstance(value, str) else "")
def test_equals_gradient_lens(example: str, names: List[str], tmp_path: Path) -> None:
    folder = str(ROOT / "examples" / example)
    chosen = [part for name in names for part in ("--model", name)]
    exported = command("export", folder, *chosen, "--out", str(tmp_path))
    truth = json.loads(command("train", folder, *chosen, "--steps", "1", "--json").stdout)
    compared = 0
    for name, model in truth["models"].items():
        key = f"{example}/{name}"
        script = tmp_path / name / "train.py"
        if key in REFUSED:
            assert REFUSED[key] in exported.stderr
            assert not script.exists()
            continue
        assert script.exists(), exported.stderr
        if key in RANDOM:
            continue
        module = module_of(script)
        ours = model["steps"][0]
        exact = figures(*step(module, torch.float64))
        torch.manual_seed(1)
        worst = 0.0
        # Where states are chaotic, the last digit of float32 decides: what such a digit can change is allowed.
        others = [figures(*step(module, torch.float32)), *(figures(*step(module, torch.float64, 3e-7)) for _ in range(4))]
        for name, ours_of in figures_of(ours, exact).items():
            digit = max(abs(other[name] - exact[name]) for other in others)
            allowed = 1e-4 * abs(exact[name]) + 5 * digit + 1e-12
            assert abs(ours_of - exact[name]) <= allowed, f"{key} {name}: {ours_of} against {exact[name]} ± {allowed}"
            compared += 1
            worst = max(worst, abs(ours_of - exact[name]) / max(abs(exact[name]), 1e-12))
        print(f"{key}: {compared} figures so far, largest relative difference of this model {worst:.1e}")
    assert compared > 0 or not truth["models"]


#: Models that no example has: layers that share weights, and masks. Rows of zeros stand before, within and after sequences.
SHARED = [
    {"type": "gru", "units": 4, "name": "reader", "resetAfter": True, "recurrentActivation": "sigmoid", "returnSequences": True, "kernelRegularizer": {"type": "l2", "l2": 0.1}},
    {"type": "dense", "units": 3, "name": "narrow"},
    {"type": "shared", "layer": "reader", "name": "again", "inputs": ["narrow"]},
    {"type": "bidirectional", "layer": {"type": "lstm", "units": 3}, "name": "both", "inputs": ["again"]},
    {"type": "bidirectional", "layer": {"type": "lstm", "units": 3}, "name": "other", "inputs": ["reader"]},
    {"type": "add", "inputs": ["both", "other"], "name": "sum"},
    {"type": "dense", "units": 1},
]
#: Choices between values, sums along time, and axes of size 1.
CHOICES = [
    {"type": "simpleRNN", "units": 4, "name": "read", "returnSequences": True},
    {"type": "cumulativeSum", "name": "sums", "inputs": ["read"]},
    {"type": "compare", "by": "greater", "to": 0.1, "name": "high", "inputs": ["read"]},
    {"type": "where", "name": "chosen", "inputs": ["high", "sums", "read"]},
    {"type": "compare", "by": "lessEqual", "name": "low", "inputs": ["sums"]},
    {"type": "where", "value": 2, "name": "some", "inputs": ["low", "chosen"]},
    {"type": "expandDims", "axis": 2, "name": "wide", "inputs": ["some"]},
    {"type": "flatten"},
    {"type": "dense", "units": 1},
]
#: Products over several axes; the last one mixes timesteps.
PRODUCTS = [
    {"type": "einsumDense", "name": "heads", "equation": "abc,cde->abde", "outputShape": [None, 2, 3], "biasAxes": "de", "activation": "tanh", "biasInitializer": "randomNormal", "kernelRegularizer": {"type": "l2", "l2": 0.1}, "biasRegularizer": "l1"},
    {"type": "einsumDense", "name": "joined", "equation": "...xy,xyz->...z", "outputShape": [5]},
    {"type": "simpleRNN", "units": 4, "name": "read", "returnSequences": True},
    {"type": "einsumDense", "name": "mixed", "equation": "abc,bd->adc", "outputShape": [2, None], "biasAxes": "d", "activation": "gelu"},
    {"type": "flatten"},
    {"type": "dense", "units": 1},
]
MASKED = {
    "native": [{"type": "lstm", "recurrentActivation": "sigmoid"}, {"type": "gru", "resetAfter": True, "recurrentActivation": "sigmoid"}],
    "loops": [{"type": "lstm"}, {"type": "gru"}],
    "both": [{"type": "bidirectional", "layer": {"type": "simpleRNN", "units": 4, "returnSequences": True}}, {"type": "simpleRNN", "activation": "relu"}],
    "backwards": [{"type": "lstm", "goBackwards": True, "recurrentActivation": "sigmoid"}, {"type": "gru", "goBackwards": True}],
}

#: The sources of masks and the layers that the quick tier tries: together each source, and each way of reading forward.
MASKED_QUICK = (("masking", "native"), ("embedding", "loops"))


def written(tmp_path: Path, arrays: Dict[str, Any], data: Dict[str, Any], model: Dict[str, Any], **training: Any) -> Tuple[ModuleType, Dict[str, Any]]:
    """The exported script of a model on such arrays, and what Gradient Lens computes in the first step."""
    numpy = pytest.importorskip("numpy")
    for name, values in arrays.items():
        numpy.save(tmp_path / f"{name}.npy", numpy.asarray(values, dtype="float32"))
    samples = len(next(iter(arrays.values())))
    config = {
        "data": data,
        "training": {"loss": "meanSquaredError", "optimizer": {"type": "sgd", "learningRate": 0.01}, "batchSize": samples, "steps": 2, **training},
        "models": {"m": model},
    }
    (tmp_path / "gradlens.json").write_text(json.dumps(config))
    exported = command("export", str(tmp_path), "--out", str(tmp_path / "out"))
    assert exported.returncode == 0, exported.stderr
    trained = command("train", str(tmp_path), "--steps", "1", "--json")
    assert trained.stdout, trained.stderr
    return module_of(tmp_path / "out" / "m" / "train.py"), json.loads(trained.stdout)["models"]["m"]["steps"][0]


def one_array(tmp_path: Path, inputs: Any, layers: List[Dict[str, Any]]) -> Tuple[ModuleType, Dict[str, Any]]:
    arrays = {"x": inputs, "y": [[float(i % 3)] for i in range(len(inputs))]}
    return written(tmp_path, arrays, {"inputs": "x.npy", "targets": "y.npy"}, {"layers": layers})


def whole(module: ModuleType) -> Tuple[float, float, Dict[str, Kept]]:
    """The loss, the norm over all gradients, and the states with their gradients."""
    loss, net, states = step(module, torch.float64)
    gradient = sum(norm(p.grad) ** 2 for p in net.parameters() if p.grad is not None) ** 0.5
    return loss, gradient, states


def compare(module: ModuleType, ours: Dict[str, Any], states: bool = True) -> None:
    """:param states: whether those of all layers are compared, too; one that is called twice keeps those of both calls."""
    loss, gradient, kept = whole(module)
    assert ours["loss"] == pytest.approx(loss, rel=1e-4)
    assert total(ours) == pytest.approx(gradient, rel=1e-4)
    if states:
        norms = {f"{name} {state}": own.norms(state) for name, own in kept.items() for state in ("h", "c")}
        assert {name: pytest.approx(row, rel=1e-4, abs=1e-12) for name, row in norms.items() if row} == states_of(ours)


def states_of(ours: Dict[str, Any]) -> Dict[str, List[float]]:
    """The norms of the gradients of all states, as Gradient Lens has them."""
    return {
        f"{name.replace('/', '_')} {state}": figures["gradientNorm"]
        for name, layer in ours["layers"].items()
        for state, figures in layer.get("states", {}).items()
    }


def total(ours: Dict[str, Any]) -> float:
    """The norm over all gradients, as Gradient Lens has it."""
    weights = [weight["gradientNorm"] for layer in ours["layers"].values() for weight in layer["weights"].values()]
    return sum(norm**2 for norm in weights if norm is not None) ** 0.5


def sequences(features: int, seed: int = 0) -> List[List[List[float]]]:
    """Sequences of 6 timesteps: padded behind, padded before, with gaps, empty, and whole."""
    values = torch.randn(5, 6, features, generator=torch.Generator().manual_seed(seed))
    present = torch.tensor([[1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 1], [1, 0, 1, 1, 0, 1], [0] * 6, [1] * 6])
    return (values * present[..., None]).tolist()  # type: ignore[no-any-return]


def test_shared_weights_equal_gradient_lens(tmp_path: Path) -> None:
    inputs = torch.randn(5, 6, 3, generator=torch.Generator().manual_seed(1)).tolist()
    module, ours = one_array(tmp_path, inputs, SHARED)
    compare(module, ours, states=False)
    assert len([name for name in module.read("initial.npz", "cpu") if "weight_ih" in name]) == 5


@pytest.mark.parametrize(
    "inner",
    [
        {"type": "batchNormalization"},
        pytest.param({"type": "batchNormalization", "center": False, "scale": False}, marks=pytest.mark.thorough),
    ],
)
def test_frozen_layers_equal_gradient_lens(inner: Dict[str, Any], tmp_path: Path) -> None:
    """A frozen normalization takes its moving averages and keeps them, and frozen weights have no gradient."""
    inputs = (3 + 2 * torch.randn(8, 6, 3, generator=torch.Generator().manual_seed(4))).tolist()
    layers = [
        {"type": "batchNormalization", "name": "own", **{key: value for key, value in inner.items() if key != "type"}, "trainable": False},
        {"type": "bidirectional", "layer": {"type": "lstm", "units": 4, "returnSequences": True}, "trainable": False},
        {"type": "bidirectional", "layer": {"type": "simpleRNN", "units": 4, "returnSequences": True, "trainable": False}},
        {"type": "dense", "units": 3, "trainable": False, "name": "kept"},
        {"type": "gru", "units": 4, "name": "learns"},
        {"type": "dense", "units": 1, "name": "end"},
    ]
    module, ours = one_array(tmp_path, inputs, layers)
    compare(module, ours, states=False)
    net = module.Net()
    net.load_state_dict(module.read("initial.npz", "cpu"))
    before = {name: values.clone() for name, values in net.state_dict().items()}
    net.train()
    net(torch.tensor(inputs)).sum().backward()
    assert {name.split(".")[0] for name, p in net.named_parameters() if p.requires_grad} == {"learns", "end"}
    assert all(torch.equal(values, before[name]) for name, values in net.state_dict().items())
    # With the statistics of the batch, the comparison fails.
    script = tmp_path / "out" / "m" / "train.py"
    thawed = script.read_text().replace("self.own.keep_statistics()", "pass")
    assert thawed != script.read_text()
    (tmp_path / "out" / "m" / "thawed.py").write_text(thawed)
    assert abs(whole(module_of(tmp_path / "out" / "m" / "thawed.py"))[1] / total(ours) - 1) > 1e-3


@pytest.mark.parametrize(
    "layers", [CHOICES, pytest.param(PRODUCTS, marks=pytest.mark.thorough)], ids=["choices", "products"]
)
def test_choices_and_products_equal_gradient_lens(layers: List[Dict[str, Any]], tmp_path: Path) -> None:
    inputs = torch.randn(5, 6, 3, generator=torch.Generator().manual_seed(4)).tolist()
    module, ours = one_array(tmp_path, inputs, layers)
    compare(module, ours)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        pytest.param(source, kind, marks=() if (source, kind) in MASKED_QUICK else pytest.mark.thorough)
        for source in ("masking", "embedding")
        for kind in MASKED
    ],
)
def test_masks_equal_gradient_lens(source: str, kind: str, tmp_path: Path) -> None:
    first, second = MASKED[kind]
    inner = [{"units": 4, **first, "returnSequences": True} if first["type"] != "bidirectional" else first, {"units": 4, **second}]
    if source == "masking":
        layers, inputs = [{"type": "masking"}], sequences(3)
    else:
        layers = [{"type": "embedding", "inputDim": 5, "outputDim": 3, "maskZero": True}]
        inputs = [[round(abs(v[0]) * 10) % 4 + 1 if any(v) else 0 for v in row] for row in sequences(1)]
    module, ours = one_array(tmp_path, inputs, [*layers, *inner, {"type": "dense", "units": 1}])
    compare(module, ours)
    # Without the masks, the comparison fails.
    source_text = (tmp_path / "out" / "m" / "train.py").read_text()
    unmasked = source_text.replace(".any(-1)", ".any(-1) | True").replace(".long() != 0", ".long() >= 0")
    assert unmasked != source_text
    (tmp_path / "out" / "m" / "unmasked.py").write_text(unmasked)
    assert abs(whole(module_of(tmp_path / "out" / "m" / "unmasked.py"))[1] / total(ours) - 1) > 1e-3


@pytest.mark.parametrize("kind", ["native", pytest.param("loops", marks=pytest.mark.thorough)])
def test_masked_targets_do_not_count(kind: str, tmp_path: Path) -> None:
    """Each timestep has a target, but the masked ones."""
    first, second = MASKED[kind]
    layers = [{"type": "masking"}, {"units": 4, **first, "returnSequences": True}, {"units": 4, **second, "returnSequences": True}, {"type": "timeDistributed", "layer": {"type": "dense", "units": 1}}]
    arrays = {"x": sequences(3), "y": torch.randn(5, 6, 1, generator=torch.Generator().manual_seed(3))}
    module, ours = written(tmp_path, arrays, {"inputs": "x.npy", "targets": "y.npy"}, {"layers": layers})
    compare(module, ours)
    assert bool(module.read("data.npz", "cpu")["weights"].isnan().any())


@pytest.mark.parametrize("weighted", [pytest.param(False, marks=pytest.mark.thorough), True])
def test_several_inputs_and_outputs_equal_gradient_lens(weighted: bool, tmp_path: Path) -> None:
    """One encoder reads two inputs; one output is a class at each timestep, one a number, one a probability."""
    generator = torch.Generator().manual_seed(2)
    arrays = {
        "left": torch.randn(6, 5, 2, generator=generator),
        "right": torch.randn(6, 5, 2, generator=generator),
        "kind": torch.randint(0, 3, (6, 5, 1), generator=generator),
        "size": torch.randn(6, 2, generator=generator),
        "odds": torch.randint(0, 2, (6, 1), generator=generator),
    }
    if weighted:
        arrays["left"][:, :2] = 0
    data = {"inputs": {n: f"{n}.npy" for n in ("left", "right")}, "targets": {n: f"{n}.npy" for n in ("kind", "size", "odds")}}
    layers: List[Dict[str, Any]] = [
        {"type": "lstm", "units": 4, "recurrentActivation": "sigmoid", "name": "reader", "inputs": ["held" if weighted else "left"], "returnSequences": True},
        {"type": "shared", "layer": "reader", "name": "again", "inputs": ["right"]},
        {"type": "dense", "units": 3, "activation": "softmax", "name": "kind", "inputs": ["reader"]},
        {"type": "gru", "units": 3, "name": "end", "inputs": ["again"]},
        {"type": "dense", "units": 2, "name": "size"},
        {"type": "concatenate", "inputs": ["end", "size"], "name": "all"},
        {"type": "dense", "units": 1, "activation": "sigmoid", "name": "odds"},
    ]
    if weighted:
        layers.insert(0, {"type": "masking", "name": "held", "inputs": ["left"]})
    loss = {
        "kind": {"type": "sparseCategoricalCrossentropy", "weight": 0.5},
        "size": "meanSquaredError",
        "odds": {"type": "binaryCrossentropy", "weight": 2},
    }
    model = {"inputs": ["left", "right"], "outputs": ["kind", "size", "odds"], "layers": layers}
    module, ours = written(tmp_path, arrays, data, model, loss=loss)
    compare(module, ours, states=False)
    assert ("weights" in module.read("data.npz", "cpu")) == weighted


def test_notices_swapped_gates(tmp_path: Path) -> None:
    """The comparison itself is able to fail."""
    folder = str(ROOT / "examples" / "gates")
    command("export", folder, "--model", "resetAfter", "--out", str(tmp_path))
    truth = json.loads(command("train", folder, "--model", "resetAfter", "--steps", "1", "--json").stdout)
    module = module_of(tmp_path / "resetAfter" / "train.py")
    read = module.read

    def swapped(name: str, device: str) -> Dict[str, Tensor]:
        arrays: Dict[str, Tensor] = read(name, device)
        if "gru.weight_hh_l0" in arrays:
            r, z, n = arrays["gru.weight_hh_l0"].chunk(3)
            arrays["gru.weight_hh_l0"] = torch.cat([z, r, n])
        return arrays

    setattr(module, "read", swapped)
    theirs = figures(*step(module, torch.float64))
    ours = figures_of(truth["models"]["resetAfter"]["steps"][0], theirs)
    assert any(abs(value - theirs[name]) > 1e-3 * abs(value) for name, value in ours.items())


@pytest.mark.parametrize(
    "launch",
    ["none", pytest.param("torchrun", marks=pytest.mark.thorough), pytest.param("ray", marks=pytest.mark.long)],
)
def test_runs(launch: str, tmp_path: Path) -> None:
    """A script trains and leaves a run, alone and as two processes."""
    if launch == "ray":
        pytest.importorskip("ray.train", reason="not tried here: Ray is not installed")
    out = tmp_path / "out"
    command("export", str(ROOT / "examples" / "gates"), "--model", "lstm", "--launch", launch, "--out", str(out))
    script = out / "lstm" / "train.py"
    script.write_text(script.read_text().replace("STEPS = 600", "STEPS = 4"))
    several = ["-m", "torch.distributed.run", "--nproc-per-node", "2"] if launch == "torchrun" else []
    paths = os.pathsep.join([str(ROOT / "python"), *sys.path])
    run = subprocess.run(
        [sys.executable, *several, str(script)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("step 4: loss") == 1
    # Ray starts its workers in folders of its own: the run lies beside the script.
    runs = (script.parent if launch == "ray" else tmp_path).glob(".gradlens/runs/*/events.out.tfevents.*")
    assert len(list(runs)) == (1 if launch == "none" else 2)


def figures(loss: float, net: nn.Module, states: States) -> Dict[str, float]:
    """The loss, the norm of each attribute's weight gradients, and of each timestep's state gradient."""
    squares: Dict[str, float] = {}
    for name, p in net.named_parameters():
        if p.grad is not None:
            attribute = name.split(".")[0]
            squares[attribute] = squares.get(attribute, 0.0) + norm(p.grad) ** 2
    result = {"loss": loss, **{name: square**0.5 for name, square in squares.items()}}
    for attribute, kept in states.items():
        for state in ("h", "c"):
            result.update({f"{attribute} {state} {t}": value for t, value in enumerate(kept.norms(state))})
    return result


def figures_of(ours: Dict[str, Any], theirs: Dict[str, float]) -> Dict[str, float]:
    """The same figures as Gradient Lens gives them, under the script's names."""
    squares: Dict[str, float] = {}
    result = {"loss": ours["loss"]}
    for name, measured in ours["layers"].items():
        whole = name.replace("/", "_")
        # A block's parts belong to its attribute; the two directions of a bidirectional layer have one each.
        owners = [attribute for attribute in theirs if whole == attribute or whole.startswith(attribute + "_")]
        if owners:
            own = sum(w["gradientNorm"] ** 2 for w in measured["weights"].values() if w["gradientNorm"] is not None)
            squares[max(owners, key=len)] = squares.get(max(owners, key=len), 0.0) + own
        for state, of_state in measured.get("states", {}).items():
            for t, value in enumerate(of_state["gradientNorm"]):
                if f"{whole} {state} {t}" in theirs:
                    result[f"{whole} {state} {t}"] = value
    return {**result, **{name: square**0.5 for name, square in squares.items()}}
