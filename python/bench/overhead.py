"""What the lens costs at its default budget: the ratio of interleaved steps with and without it.

    python python/bench/overhead.py [steps]

Two equal nets train in turn, one step each, so that a machine that is busy with other things slows both alike. The
ratio is that of all processor time of this process, with what the lens itself reports beside it.
"""

from __future__ import annotations

import sys
import tempfile
import time

import torch
from torch import Tensor, nn

import gradlens

SHAPES = ((50, 64), (100, 128), (200, 128), (200, 512))
BATCH = 32


class Net(nn.Module):
    def __init__(self, kind: str, hidden: int) -> None:
        super().__init__()
        self.rnn = getattr(nn, kind)(16, hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.rnn(x)[0][-1])


class Trainer:
    def __init__(self, kind: str, hidden: int) -> None:
        torch.manual_seed(0)
        self.net = Net(kind, hidden)
        self.optimizer = torch.optim.Adam(self.net.parameters(), 1e-3)

    def step(self, x: Tensor) -> Tensor:
        loss = self.net(x).square().mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss


def measured(kind: str, steps: int, length: int, hidden: int) -> "tuple[float, float, int]":
    """Overhead as a ratio less 1, the lens's own figure, and the number of probed steps."""
    plain, watched = Trainer(kind, hidden), Trainer(kind, hidden)
    x = torch.randn(length, BATCH, 16)
    for _ in range(3):
        plain.step(x)
        watched.step(x)
    with tempfile.TemporaryDirectory() as folder:
        lens = gradlens.watch(watched.net, watched.optimizer, folder=folder)
        without = with_lens = 0.0
        probes = 0
        for _ in range(steps):
            probes += lens._probe.active
            start = time.process_time()
            with lens.paused():
                plain.step(x)
            middle = time.process_time()
            lens.step(watched.step(x))
            without += middle - start
            with_lens += time.process_time() - middle
        reported = lens.overhead
        lens.close()
    return with_lens / without - 1, reported, probes


def main() -> None:
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    torch.set_num_threads(1)
    print(f"{steps} steps, batch {BATCH}, PyTorch {torch.__version__}, one thread")
    print("cell   T    H    overhead  reported  probed steps")
    for kind in ("RNN", "GRU", "LSTM"):
        for length, hidden in SHAPES:
            ratio, reported, probes = measured(kind, steps, length, hidden)
            print(f"{kind:5}{length:4}{hidden:5}{ratio:11.1%}{reported:10.1%}{probes:8}", flush=True)


if __name__ == "__main__":
    main()
