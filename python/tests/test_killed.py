"""A process that is killed while it writes leaves every whole record, which may be read while it writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gradlens import events

PYTHON = Path(__file__).parent.parent

PROGRAM = """
import sys
import torch
import gradlens

torch.set_num_threads(1)
net = torch.nn.GRU(3, 5)
optimizer = torch.optim.SGD(net.parameters(), 0.1)
lens = gradlens.watch(net, every=1, folder=sys.argv[1], name="killed")
while True:
    loss = net(torch.randn(20, 4, 3))[0].square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    lens.step(loss)
    print(lens.steps, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_process_leaves_all_steps_that_it_has_made(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(PYTHON)}
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert program.stdout is not None
    try:
        read_meanwhile = 0
        for line in program.stdout:
            if int(line) == 20:
                (file,) = tmp_path.glob("*/*tfevents*")
                values, damaged = events.read(file.read_bytes())
                read_meanwhile = max(value.step for value in values)
                assert damaged == 0
            if int(line) == 60:
                break
        os.kill(program.pid, signal.SIGKILL)
        reported = [60, *(int(line) for line in program.stdout if line.endswith("\n"))]
    finally:
        program.kill()
        program.wait()
    assert program.returncode == -signal.SIGKILL
    values, damaged = events.read(file.read_bytes())
    assert damaged == 0 and read_meanwhile >= 20
    losses = [value.step for value in values if value.tag == "loss"]
    assert losses == list(range(1, len(losses) + 1)) and len(losses) >= reported[-1]
    assert {value.tag for value in values} >= {"gradlens/run.1", "gradlens/profile.1/0/h.logNorm"}
    assert "gradlens/end.1" not in {value.tag for value in values}
