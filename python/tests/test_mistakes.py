"""What people do wrong, or twice: the lens says what, or lets the training go on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gradlens


def update(net: nn.Module) -> Tensor:
    loss = net(torch.randn(6, 2, 3))[0].square().mean()
    loss.backward()
    torch.optim.SGD(net.parameters(), 0.1).step()
    return loss


@pytest.mark.parametrize("given", [nn.GRU(3, 5).parameters(), torch.optim.SGD([torch.zeros(1)], 0.1), "net"])
def test_what_is_no_model_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="takes the model, an nn.Module, first"):
        gradlens.watch(given)


def test_what_is_no_optimizer_is_refused() -> None:
    with pytest.raises(TypeError, match="optimizer must be one of torch.optim"):
        gradlens.watch(nn.GRU(3, 5), nn.Linear(1, 1))  # type: ignore[arg-type]


def test_a_loss_of_many_numbers_is_refused_where_it_is_reported(tmp_path: Path) -> None:
    net = nn.GRU(3, 5)
    with gradlens.watch(net, folder=tmp_path) as lens:
        update(net)
        with pytest.raises(ValueError, match="one number; this has 7"):
            lens.step(torch.zeros(7))


def test_a_loss_that_is_never_reported_is_missed(tmp_path: Path) -> None:
    net = nn.GRU(3, 5)
    with gradlens.watch(net, folder=tmp_path) as lens:
        for _ in range(3):
            update(net)
        assert lens.notes == ["no loss was reported: call lens.step(loss) once per update"]
        lens.step(update(net))
        assert lens.notes == []


def test_watching_again_ends_the_former_run(tmp_path: Path) -> None:
    net = nn.GRU(3, 5)
    first = gradlens.watch(net, folder=tmp_path, every=1)
    first.step(update(net))
    second = gradlens.watch(net, folder=tmp_path, every=1)
    for _ in range(2):
        second.step(update(net))
    second.close()
    assert (first.steps, second.steps) == (1, 2)
    ends = [b"gradlens/end.1" in file.read_bytes() for file in sorted(tmp_path.glob("*/*"))]
    assert ends == [True, True]
    assert not net._forward_hooks


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="not tried here: no device that is always full")
def test_a_full_disk_ends_the_file_and_not_the_training(tmp_path: Path) -> None:
    net = nn.GRU(3, 5)
    lens = gradlens.watch(net, folder=tmp_path, every=1)
    sink: Any = lens._file._sink
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, sink._file)
    os.close(full)
    with pytest.warns(RuntimeWarning, match="writes nothing more of this run"):
        lens.step(update(net))
    lens.step(update(net))
    assert lens.steps == 2 and len(lens.profiles[0, "h.logNorm"]) == 6
    lens.close()
