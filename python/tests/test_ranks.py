"""Several processes, started by torchrun or Ray Train: their combined files equal one process on the whole batch."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict

import pytest

from gradlens.ranks import combined

TESTS = Path(__file__).parent


def run(folder: Path, kind: str, processes: int) -> Dict[int, Dict[str, Any]]:
    program = [str(TESTS / "ddp_program.py"), str(folder), kind]
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    if kind == "one":
        launcher = []
    elif kind == "ray":
        program, launcher = [str(TESTS / "ray_program.py"), str(folder), str(folder.parent / "storage"), str(processes)], []
    environment = {**os.environ, "PYTHONPATH": f"{TESTS.parent}{os.pathsep}{TESTS}", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, *launcher, *program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    (only,) = folder.iterdir()
    assert len(list(only.iterdir())) == processes
    return combined(only)


#: Percentiles, shares and contributions of different samples do not combine exactly.
EXACT = ("logNorm", "gain", "nonFinite")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Dict[int, Dict[str, Any]]:
    return run(tmp_path_factory.mktemp("whole") / "one", "one", 1)


@pytest.mark.parametrize(
    ("kind", "processes"),
    [
        ("ddp", 2),
        pytest.param("ddp", 4, marks=pytest.mark.long),
        pytest.param("fsdp", 2, marks=pytest.mark.long),
        pytest.param("fsdp1", 2, marks=pytest.mark.long),
        pytest.param("ray", 2, marks=pytest.mark.long),
    ],
)
def test_processes_together_have_the_figures_of_one(
    tmp_path: Path, whole: Dict[int, Dict[str, Any]], kind: str, processes: int
) -> None:
    if kind == "ray":
        pytest.importorskip("ray.train", reason="not tried here: Ray is not installed")
    parts = run(tmp_path / kind, kind, processes)
    assert set(parts) == set(whole) == {1, 2, 3}
    compared = 0
    for step, values in whole.items():
        for tag, value in values.items():
            if isinstance(value, list):
                if tag.endswith(EXACT):
                    assert parts[step][tag] == pytest.approx(value, abs=1e-4, nan_ok=True), tag
                    compared += 1
            elif tag in ("loss", "gradientNorm", "clippedGradientNorm") or tag.endswith("outputGradientNorm"):
                assert parts[step][tag] == pytest.approx(value, rel=1e-4), tag
                compared += 1
            elif tag.endswith("weightGradientNorm") and not math.isnan(value):
                assert parts[step][tag] == pytest.approx(value, rel=1e-4), tag
                compared += 1
    assert compared > 30
