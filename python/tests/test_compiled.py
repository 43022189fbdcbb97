"""The lens and torch.compile: recurrent modules run outside of compiled graphs, and hooks never come into one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional

import pytest
import torch
from torch import Tensor, nn

import gradlens

testing = pytest.importorskip("torch._dynamo.testing")


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(3, 4)
        self.rnn = nn.LSTM(4, 5)
        self.out = nn.Linear(5, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(torch.tanh(self.rnn(self.embed(x).relu())[0]))[-1]


class Perceptron(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


@pytest.fixture(autouse=True)
def fresh() -> Any:
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    yield
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()


def train(kind: type, folder: Path, options: "Optional[dict[str, Any]]", in_place: bool = False, **compiled: Any) -> Any:
    """Losses and gradients of eight steps, the numbers of compiled graphs and of their operations, and the lens."""
    torch._dynamo.reset()
    torch.manual_seed(0)
    net = kind()
    counter = testing.CompileCounter()
    if in_place:
        net.compile(backend=counter, **compiled)
    model = net if in_place else torch.compile(net, backend=counter, **compiled)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    lens = None if options is None else gradlens.watch(net, folder=folder, **options)
    record: List[Tensor] = []
    graphs: List[int] = []
    for _ in range(8):
        loss = model(torch.randn(6, 2, 3)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        record += [loss.detach().clone(), *(p.grad.clone() for p in net.parameters())]
        graphs.append(counter.frame_count)
        if lens is not None:
            lens.step(loss)
    if lens is not None:
        lens.close()
    return record, graphs, counter.op_count, lens


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("options", [{"every": 1}, {"every": 3}, {"budget": 0.03}])
def test_a_compiled_net_trains_bitwise_the_same_and_is_measured(
    tmp_path: Path, options: "dict[str, Any]", in_place: bool
) -> None:
    without, graphs, operations, _ = train(Net, tmp_path, None, in_place)
    with_lens, more_graphs, more_operations, lens = train(Net, tmp_path, options, in_place)
    assert graphs[0] > 0
    assert all(torch.equal(a, b) for a, b in zip(without, with_lens))
    # The recurrent module is measured at every step, although it stands between two compiled graphs.
    layers = lens._description.as_json()["layers"]
    rnn = next(i for i, layer in enumerate(layers) if layer["name"] == "rnn")
    assert len(lens.profiles[rnn, "c.gain"]) == 6
    # No hook is compiled, and none of them makes the net compile again.
    assert more_graphs[0] == more_graphs[-1]
    assert (more_graphs[0], more_operations) == (graphs[0], operations)


def test_a_net_without_recurrence_stays_one_graph(tmp_path: Path) -> None:
    without, graphs, operations, _ = train(Perceptron, tmp_path, None, fullgraph=True)
    with_lens, more_graphs, more_operations, lens = train(Perceptron, tmp_path, {"every": 2}, fullgraph=True)
    assert graphs == more_graphs == [1] * 8 and operations == more_operations
    assert all(torch.equal(a, b) for a, b in zip(without, with_lens))
    assert lens.figures["gradientNorm"] > 0


def test_what_is_compiled_later_keeps_its_graphs(tmp_path: Path) -> None:
    """Hooks that were lifted come back once, and stay, as soon as something is compiled."""
    torch.manual_seed(0)
    net, counter = Net(), testing.CompileCounter()
    lens = gradlens.watch(net, folder=tmp_path, every=4)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    graphs = []
    for step in range(16):
        model = torch.compile(net, backend=counter) if step == 6 else net if step < 6 else model
        loss = model(torch.randn(6, 2, 3)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lens.step(loss)
        graphs.append(counter.frame_count)
    lens.close()
    assert graphs[5] == 0 < graphs[6]
    assert graphs[7] == graphs[-1]
