"""What the lens costs at its default budget: the ratio of interleaved steps with and without it.

    python python/bench/overhead.py [--steps 300] [--minutes m] [--runs 1] [--cells RNN GRU LSTM] [--shapes 50x64 …] [--memory]

Two equal nets train in turn, one step each and each of them first in every other pair, so that a machine that is busy
with other things slows both alike. The table has the ratio of this process's processor time, the ratio of time on the
clock, and what the lens reports. Pairs with a step that takes twice as long as usual, or half as long, are left out of
the ratios, but for the steps that the lens probes: something else happened in them. Their number is in the table.
``--minutes`` ends each row after so long, and the table says how many pairs it had. With ``--memory``, two processes
train one net each instead, and the ratio is that of their largest resident sizes.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import statistics
import tempfile
import time
from dataclasses import dataclass
from typing import Callable, List, Tuple

import torch
from torch import Tensor, nn

import gradlens

SHAPES = ("50x64", "100x128", "200x128", "200x512")
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


@dataclass
class Overhead:
    processor: float
    clock: float
    reported: float
    steps: int
    probes: int
    left_out: int


def overhead_of(kind: str, steps: int, minutes: float, length: int, hidden: int) -> Overhead:
    plain, watched = Trainer(kind, hidden), Trainer(kind, hidden)
    x = torch.randn(length, BATCH, 16)
    for _ in range(3):
        plain.step(x)
        watched.step(x)
    pairs: List[Pair] = []
    with tempfile.TemporaryDirectory() as folder:
        lens = gradlens.watch(watched.net, watched.optimizer, folder=folder)

        def without() -> None:
            with lens.paused():
                taken.append(timed(lambda: plain.step(x)))

        def with_lens() -> None:
            taken.append(timed(lambda: lens.step(watched.step(x))))

        begun = time.monotonic()
        for step in range(steps):
            if time.monotonic() - begun > 60 * minutes:
                break
            taken: List[Tuple[float, float]] = []
            probed = lens._probe.active
            for run in (without, with_lens) if step % 2 == 0 else (with_lens, without):
                run()
            one, other = taken if step % 2 == 0 else taken[::-1]
            pairs.append(Pair(one, other, probed))
        reported = lens.overhead
        lens.close()
    usual = statistics.median(pair.without[0] for pair in pairs)
    kept = [pair for pair in pairs if pair.is_usual(usual)]
    processor, clock = (sum(pair.watched[k] for pair in kept) / sum(pair.without[k] for pair in kept) - 1 for k in range(2))
    return Overhead(processor, clock, reported, len(pairs), sum(pair.probed for pair in pairs), len(pairs) - len(kept))


@dataclass
class Pair:
    """Seconds of the processor and on the clock, of a step without the lens and one with it."""

    without: Tuple[float, float]
    watched: Tuple[float, float]
    probed: bool

    def is_usual(self, usual: float) -> bool:
        return all(usual / 2 < seconds < 2 * usual for seconds in (self.without[0], usual if self.probed else self.watched[0]))


def timed(run: Callable[[], object]) -> Tuple[float, float]:
    before = time.process_time(), time.perf_counter()
    run()
    return time.process_time() - before[0], time.perf_counter() - before[1]


def _train_alone(kind: str, steps: int, length: int, hidden: int, watched: bool, out: "multiprocessing.Queue[Tuple[int, int]]") -> None:
    torch.set_num_threads(1)
    trainer, x = Trainer(kind, hidden), torch.randn(length, BATCH, 16)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        lens = gradlens.watch(trainer.net, trainer.optimizer, folder=folder) if watched else None
        for _ in range(steps):
            loss = trainer.step(x)
            if lens is not None:
                lens.step(loss)
        if lens is not None:
            lens.close()
    out.put((before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def memory_of(kind: str, steps: int, length: int, hidden: int) -> "Tuple[float, float]":
    """Ratio of the largest resident sizes, and of what training added to them."""
    context = multiprocessing.get_context("spawn")
    sizes = []
    for watched in (False, True):
        queue: "multiprocessing.Queue[Tuple[int, int]]" = context.Queue()
        process = context.Process(target=_train_alone, args=(kind, steps, length, hidden, watched, queue))
        process.start()
        sizes.append(queue.get())
        process.join()
    (_, without), (_, with_lens) = sizes
    growth = [after - before for before, after in sizes]
    return with_lens / without, growth[1] / max(1, growth[0])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--cells", nargs="+", default=["RNN", "GRU", "LSTM"])
    parser.add_argument("--shapes", nargs="+", default=list(SHAPES))
    parser.add_argument("--memory", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{asked.steps} steps, batch {BATCH}, PyTorch {torch.__version__}, one thread")
    print("cell   T    H" + ("   memory   of training" if asked.memory else "   processor    clock  reported  steps  probed  left out"))
    for kind in asked.cells:
        for shape in asked.shapes:
            length, hidden = (int(part) for part in shape.split("x"))
            head = f"{kind:5}{length:4}{hidden:5}"
            if asked.memory:
                whole, growth = memory_of(kind, asked.steps, length, hidden)
                print(f"{head}{whole:9.2f}{growth:14.2f}", flush=True)
            else:
                for _ in range(asked.runs):
                    found = overhead_of(kind, asked.steps, asked.minutes, length, hidden)
                    figures = f"{found.processor:12.1%}{found.clock:9.1%}{found.reported:10.1%}{found.steps:7}{found.probes:8}{found.left_out:10}"
                    print(f"{head}{figures}", flush=True)


if __name__ == "__main__":
    main()
