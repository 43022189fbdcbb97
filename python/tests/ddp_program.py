"""What `test_ranks.py` starts in several processes: one update on this process's part of a fixed batch."""

from __future__ import annotations

import sys

import torch
import torch.distributed as dist
from torch import Tensor, nn

import gradlens


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(3, 8, batch_first=True)
        self.out = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.rnn(x)[0])[..., 0]


def main(folder: str, kind: str) -> None:
    if kind != "one":
        dist.init_process_group("gloo")
    rank, world = (dist.get_rank(), dist.get_world_size()) if kind != "one" else (0, 1)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    net = Net()
    x, target = torch.randn(16, 10, 3), torch.randn(16, 10)
    model: nn.Module = net
    if kind == "ddp":
        model = nn.parallel.DistributedDataParallel(net)
    elif kind == "fsdp":
        from torch.distributed.fsdp import fully_shard

        fully_shard(net.rnn)
        fully_shard(net)
    part = slice(rank * 16 // world, (rank + 1) * 16 // world)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    lens = gradlens.watch(model, every=1, folder=folder, name=kind)
    for _ in range(3):
        loss = (model(x[part]) - target[part]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lens.step(loss)
    lens.close()
    if kind != "one":
        dist.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
