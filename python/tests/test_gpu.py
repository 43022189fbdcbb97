"""cuDNN's modules, mixed precision and DistributedDataParallel on a CUDA device: `python -m pytest python -m gpu`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest
import torch
from torch import Tensor, nn

import gradlens
from gradlens.ranks import combined
from unrolled import unrolled

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="not tried here: there is no CUDA device"),
]


@pytest.fixture(autouse=True)
def full_precision() -> Any:
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    yield
    torch.backends.cudnn.allow_tf32 = before


def norms(gradients: Tensor) -> List[float]:
    return torch.linalg.vector_norm(gradients.double().flatten(1), dim=1).log10().tolist()


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
@pytest.mark.parametrize("layers", [1, 2])
def test_cudnn_has_the_norms_of_its_unrolled_self(tmp_path: Path, kind: Any, layers: int) -> None:
    torch.manual_seed(0)
    module = kind(3, 8, layers).cuda()
    x = torch.randn(20, 4, 3, device="cuda")
    lens = gradlens.watch(module, every=1, folder=tmp_path)
    module(x)[0].sin().sum().backward()
    torch.optim.SGD(module.parameters(), 0.0).step()
    lens.step(0.0)
    exact = kind(3, 8, layers).double()
    exact.load_state_dict({name: value.double().cpu() for name, value in module.state_dict().items()})
    zeros = torch.zeros(layers, 4, 8, dtype=torch.float64)
    truth = unrolled(exact, x.double().cpu(), zeros, zeros if kind is nn.LSTM else None)
    truth.y.sin().sum().backward()
    for layer in range(layers):
        for state in ("h", "c") if kind is nn.LSTM else ("h",):
            expected = norms(truth.gradients(layer, 0, state, 20))
            assert lens.profiles[layer, f"{state}.logNorm"] == pytest.approx(expected, abs=1e-3)
    lens.close()


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
@pytest.mark.parametrize("dtype", [None, torch.float16, torch.bfloat16])
def test_training_on_the_device_stays_bitwise_the_same(tmp_path: Path, kind: Any, dtype: Any) -> None:
    records: List[List[Tensor]] = []
    for watched in (False, True):
        torch.manual_seed(0)
        net = nn.ModuleDict({"rnn": kind(3, 8, 2, dropout=0.2), "out": nn.Linear(8, 1)}).cuda()
        optimizer = torch.optim.SGD(net.parameters(), 0.1)
        scaler = torch.amp.GradScaler("cuda", enabled=dtype is torch.float16)
        lens = gradlens.watch(net, every=2, folder=tmp_path, scaler=scaler) if watched else None
        records.append([])
        for _ in range(4):
            with torch.autocast("cuda", dtype=dtype or torch.float16, enabled=dtype is not None):
                loss = net["out"](net["rnn"](torch.randn(20, 4, 3, device="cuda"))[0]).float().square().mean()
            optimizer.zero_grad()
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            if lens is not None:
                lens.step(loss)
            records[-1] += [loss.detach().clone(), *(p.grad.clone() for p in net.parameters())]
        records[-1].append(torch.cuda.get_rng_state())
        if lens is not None:
            # cuDNN draws the dropout between the layers where nobody sees it: that is said.
            assert any("cuDNN" in note for note in lens.notes)
            lens.close()
    assert all(torch.equal(a, b) for a, b in zip(*records))


def test_ddp_on_the_device_writes_what_one_process_writes(tmp_path: Path) -> None:
    tests = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": str(tests.parent)}
    found = []
    for kind, launcher in (
        ("one", []),
        ("ddp", ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={min(2, torch.cuda.device_count())}"]),
    ):
        program = [str(tests / "ddp_program.py"), str(tmp_path / kind), kind, "cuda"]
        done = subprocess.run([sys.executable, *launcher, *program], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        (only,) = (tmp_path / kind).iterdir()
        found.append(combined(only))
    one, parts = found
    for step, values in one.items():
        for tag, value in values.items():
            if tag.endswith(("h.logNorm", "c.logNorm")):
                assert parts[step][tag] == pytest.approx(value, abs=1e-3), tag
            elif tag in ("loss", "gradientNorm"):
                assert parts[step][tag] == pytest.approx(value, rel=1e-3), tag
