"""What `test_ranks.py` starts in several processes: three updates on this process's part of a fixed batch."""

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


def wrapped(net: Net, kind: str) -> nn.Module:
    """The net as the processes of `kind` share it."""
    if kind == "ddp":
        return nn.parallel.DistributedDataParallel(net)
    if kind == "fsdp":
        from torch.distributed.fsdp import fully_shard

        fully_shard(net.rnn)
        fully_shard(net)
    if kind == "fsdp1":
        from torch.distributed.fsdp import FullyShardedDataParallel

        net.rnn = FullyShardedDataParallel(net.rnn, device_id=torch.device("cpu"), use_orig_params=True)
        return FullyShardedDataParallel(net, device_id=torch.device("cpu"), use_orig_params=True)
    return net


def train(folder: str, kind: str, device: str = "cpu", prepared: bool = False) -> None:
    """:param prepared: whether a launcher has made the process group."""
    if kind != "one" and not prepared:
        dist.init_process_group("nccl" if device == "cuda" else "gloo")
    rank, world = (dist.get_rank(), dist.get_world_size()) if kind != "one" else (0, 1)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    if device == "cuda":
        torch.cuda.set_device(rank)
    net = Net()
    x, target = torch.randn(16, 10, 3), torch.randn(16, 10)
    x, target = x.to(device), target.to(device)
    model = wrapped(net.to(device), kind)
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
    if kind != "one" and not prepared:
        # Gloo aborts a process whose peer has gone while it still reads.
        dist.barrier()
        dist.destroy_process_group()


if __name__ == "__main__":
    train(*sys.argv[1:])
