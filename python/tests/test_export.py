"""Scripts that ``gradlens export`` writes: one step's loss and gradients equal those of Gradient Lens itself."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Dict, Iterator, List, Tuple

import pytest
import torch
from torch import Tensor, nn

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


def models() -> Iterator[Tuple[str, List[str]]]:
    if os.environ.get("GRADLENS_EXPORT") != "all":
        yield from CHOSEN.items()
        return
    for config in sorted((ROOT / "examples").glob("*/gradlens.json")):
        yield config.parent.name, []


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(NODE), str(CLI), *arguments], capture_output=True, text=True, cwd=ROOT)


def module_of(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def step(module: ModuleType, dtype: torch.dtype, disturbed: float = 0.0) -> Tuple[float, nn.Module, Dict[str, Dict[str, List[Tensor]]]]:
    """Loss of the first batch, the net with its gradients, and every layer's states with theirs."""
    data = {name: values.to(dtype) for name, values in module.read("data.npz", "cpu").items()}
    net = module.Net()
    net.load_state_dict(module.read("initial.npz", "cpu"))
    net.to(dtype)
    with torch.no_grad():
        for p in net.parameters():
            p.mul_(1 + disturbed * torch.randn(p.shape, dtype=dtype))
    states: Dict[str, Dict[str, List[Tensor]]] = {}
    for name, layer in net.named_modules():
        if hasattr(layer, "step"):
            watch_loop(layer, states.setdefault(name, {"h": [], "c": []}))
        elif isinstance(layer, (nn.RNN, nn.LSTM, nn.GRU)):
            unroll(layer, states.setdefault(name, {"h": [], "c": []}))
    chosen = next(module.batches(len(data["inputs"]), module.BATCH))
    weights = data["weights"][chosen] if "weights" in data else None
    loss = module.loss_of(net(data["inputs"][chosen]), data["targets"][chosen], weights)
    (loss + module.penalties(net) if hasattr(module, "penalties") else loss).backward()
    return loss.item(), net, states


def watch_loop(layer: Any, kept: Dict[str, List[Tensor]]) -> None:
    """Keeps the states of a loop that is written out."""
    original = layer.step

    def watched(*arguments: Any) -> Any:
        after = original(*arguments)
        after[0].retain_grad()
        kept["h"].append(after[0])
        return after

    layer.step = watched


def unroll(layer: Any, kept: Dict[str, List[Tensor]]) -> None:
    """Runs PyTorch's layer one timestep at a time, so that autograd sees every state."""
    original = layer.forward

    def forward(x: Tensor, states: Any = None) -> Any:
        outputs = []
        for t in range(x.shape[1]):
            output, states = original(x[:, t : t + 1], states)
            h = states[0] if isinstance(states, tuple) else states
            h.retain_grad()
            kept["h"].append(h)
            # The output goes on from the state that is kept, so its gradient is the whole one.
            outputs.append(h[0][:, None])
            states = (h, states[1]) if isinstance(states, tuple) else h
        return torch.cat(outputs, 1), states

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


@pytest.mark.parametrize("launch", ["none", "torchrun", pytest.param("ray", marks=pytest.mark.long)])
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


def figures(loss: float, net: nn.Module, states: Dict[str, Dict[str, List[Tensor]]]) -> Dict[str, float]:
    """The loss, the norm of each attribute's weight gradients, and of each timestep's state gradient."""
    squares: Dict[str, float] = {}
    for name, p in net.named_parameters():
        if p.grad is not None:
            attribute = name.split(".")[0]
            squares[attribute] = squares.get(attribute, 0.0) + norm(p.grad) ** 2
    result = {"loss": loss, **{name: square**0.5 for name, square in squares.items()}}
    for attribute, kept in states.items():
        for t, h in enumerate(kept["h"]):
            result[f"{attribute} h {t}"] = norm(h.grad) if h.grad is not None else 0.0
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
        for t, value in enumerate(measured.get("states", {}).get("h", {}).get("gradientNorm", [])):
            if f"{whole} h {t}" in theirs:
                result[f"{whole} h {t}"] = value
    return {**result, **{name: square**0.5 for name, square in squares.items()}}
