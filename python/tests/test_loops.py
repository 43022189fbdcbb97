"""What training loops do besides: loss scaling, mixed precision, checkpoints, loops that skip or repeat something."""

from __future__ import annotations

import copy
import math
import time
from pathlib import Path
from typing import Any, List, Tuple

import pytest
import torch
from torch import Tensor, nn

import gradlens
from gradlens.budget import Budget
from gradlens.clock import Clock
from gradlens.lens import Lens
from processor import need_bfloat16


def step_with(scaler: Any, net: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor, unscale: bool) -> None:
    optimizer.zero_grad()
    scaler.scale(loss).backward()
    if unscale:
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(net.parameters(), 1e9)
    scaler.step(optimizer)
    scaler.update()


@pytest.fixture
def scaler() -> Any:
    make = getattr(torch.amp, "GradScaler", None)
    if make is None:
        pytest.skip("this PyTorch has GradScaler for CUDA alone")
    return make("cpu", init_scale=1024.0, growth_interval=10**6)


@pytest.mark.parametrize("unscale", [False, True])
def test_a_grad_scaler_of_pytorch_is_taken_out(tmp_path: Path, scaler: Any, unscale: bool) -> None:
    x = torch.randn(6, 2, 3, generator=torch.Generator().manual_seed(1))
    found: List[Lens] = []
    for scaled in (False, True):
        torch.manual_seed(0)
        net = nn.GRU(3, 5)
        optimizer = torch.optim.SGD(net.parameters(), 0.1)
        lens = gradlens.watch(net, every=1, folder=tmp_path, scaler=scaler if scaled else None)
        loss = net(x)[0].square().sum()
        if scaled:
            step_with(scaler, net, optimizer, loss, unscale)
        else:
            loss.backward()
            optimizer.step()
        lens.step(loss)
        lens.close()
        found.append(lens)
    plain, other = found
    assert other.profiles[0, "h.logNorm"] == pytest.approx(plain.profiles[0, "h.logNorm"], abs=1e-5)
    for tag in ("gradientNorm", "clippedGradientNorm", "rnn/weight_hh_l0/weightUpdateRatio", "rnn/outputGradientNorm"):
        assert other.figures[tag] == pytest.approx(plain.figures[tag], rel=1e-4), tag


def test_a_step_that_the_scaler_skips_is_a_step_without_an_update(tmp_path: Path, scaler: Any) -> None:
    torch.manual_seed(0)
    net = nn.GRU(3, 5)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    lens = gradlens.watch(net, every=1, folder=tmp_path, scaler=scaler)
    for factor in (1.0, math.inf, 1.0):
        loss = net(torch.randn(6, 2, 3))[0].square().sum() * factor
        step_with(scaler, net, optimizer, loss, unscale=False)
        lens.step(loss)
    lens.close()
    assert lens.steps == 3
    assert all(torch.isfinite(p).all() for p in net.parameters())


@pytest.mark.parametrize("module", [nn.LSTM(3, 6), nn.GRU(3, 6), nn.RNN(3, 6)])
def test_bfloat16_trains_bitwise_the_same(tmp_path: Path, module: nn.RNNBase) -> None:
    need_bfloat16(module)
    start = {name: value.clone() for name, value in module.state_dict().items()}
    records: List[List[Tensor]] = []
    for watched in (False, True):
        module.load_state_dict(start)
        torch.manual_seed(0)
        optimizer = torch.optim.SGD(module.parameters(), 0.1)
        lens = gradlens.watch(module, every=2, folder=tmp_path) if watched else None
        records.append([])
        for _ in range(4):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = module(torch.randn(8, 4, 3))[0].float().square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if lens is not None:
                lens.step(loss)
            records[-1] += [loss.detach().clone(), *(p.grad.clone() for p in module.parameters())]
        if lens is not None:
            assert lens.figures["gradientNorm"] > 0 and len(lens.profiles[0, "h.gain"]) == 8
            lens.close()
    assert all(torch.equal(a, b) for a, b in zip(*records))


@pytest.mark.parametrize("reentrant", [True, False])
def test_checkpoints_train_bitwise_the_same(tmp_path: Path, reentrant: bool) -> None:
    from torch.utils.checkpoint import checkpoint

    records: List[List[Tensor]] = []
    for watched in (False, True):
        torch.manual_seed(0)
        net = nn.ModuleDict({"rnn": nn.LSTM(3, 5, 2, dropout=0.4), "out": nn.Linear(5, 1)})
        optimizer = torch.optim.SGD(net.parameters(), 0.1)
        lens = gradlens.watch(net, every=1, folder=tmp_path) if watched else None
        records.append([])
        for _ in range(3):
            x = torch.randn(6, 2, 3, requires_grad=True)
            y = checkpoint(lambda v: net["rnn"](v)[0], x, use_reentrant=reentrant)
            loss = net["out"](y).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if lens is not None:
                lens.step(loss)
                assert len(lens.profiles[0, "h.logNorm"]) == 6
            records[-1] += [loss.detach().clone(), *(p.grad.clone() for p in net.parameters())]
        if lens is not None:
            lens.close()
    assert all(torch.equal(a, b) for a, b in zip(*records))


def test_hooks_are_in_place_only_in_measured_steps(tmp_path: Path) -> None:
    net = nn.Sequential(nn.LSTM(3, 5))
    lens = gradlens.watch(net, folder=tmp_path, every=3)
    hooked = []
    for _ in range(6):
        hooked.append(bool(net._forward_hooks) and bool(net[0]._forward_hooks))
        net(torch.randn(6, 2, 3))[0].sum().backward()
        torch.optim.SGD(net.parameters(), 0.1).step()
        lens.step(0.0)
    assert hooked == [True, False, False, True, False, False]
    lens.close()
    assert not net._forward_hooks and not net[0]._forward_hooks


def test_a_model_can_be_copied_and_saved_while_it_is_measured(tmp_path: Path) -> None:
    net = nn.Sequential(nn.LSTM(3, 5))
    lens = gradlens.watch(net, folder=tmp_path / "runs", every=1)
    assert net._forward_hooks and net[0]._forward_hooks
    torch.save(net, tmp_path / "net.pt")
    copies = [copy.deepcopy(net), torch.load(tmp_path / "net.pt", weights_only=False)]
    for model in (*copies, net):
        model(torch.randn(6, 2, 3))[0].sum().backward()
    torch.optim.SGD(net.parameters(), 0.1).step()
    lens.step(0.0)
    assert lens.steps == 1 and lens._states[0].passes == {}
    # What the copies computed is no part of the figures.
    expected = math.sqrt(sum(float(p.grad.norm()) ** 2 for p in net.parameters()))
    assert lens.figures["gradientNorm"] == pytest.approx(expected, rel=1e-5)
    assert len(lens.profiles[0, "h.gain"]) == 6
    lens.close()


def test_a_budget_is_kept_from_the_first_step_on() -> None:
    """A synthetic clock: probes of 4 ms in steps of 5 ms."""
    probes, worst = probes_of(step_time=0.005, probe=0.004, first=0.008, steps=2000)
    assert probes[0] == 1 and probes[1] > 30
    assert len(probes) >= 25
    assert worst <= 0.03


@pytest.mark.parametrize("probe", [0.1, 0.5, 1.0, 1.7, 3.0])
@pytest.mark.parametrize("first", [1.0, 1.3, 2.0])
def test_short_runs_of_small_nets_keep_the_budget(probe: float, first: float) -> None:
    """Probes that cost as much as whole steps, a first one that costs no more than the others, and one that does."""
    _, worst = probes_of(step_time=0.002, probe=0.002 * probe, first=0.002 * probe * first, steps=400)
    assert worst <= 0.03


def probes_of(step_time: float, probe: float, first: float, steps: int) -> Tuple[List[int], float]:
    """The probed steps, and the largest overhead from the 300th step on."""
    budget = Budget(0.03)
    probes: List[int] = []
    worst = 0.0
    for step in range(1, steps + 1):
        probed = budget.wants(step)
        if probed:
            probes.append(step)
        budget.account(step_time, (first if step == 1 else probe) if probed else 1e-6, probed)
        if step >= 300:
            worst = max(worst, budget.overhead)
    return probes, worst


def test_larger_shares_of_the_batch_follow_when_they_can_be_paid() -> None:
    """Most of a probe's cost does not depend on the share, so soon more of it is probed, within the budget."""
    budget = Budget(0.03)
    shares: List[float] = []
    for step in range(1, 3001):
        probed = budget.wants(step)
        if probed:
            shares.append(budget.batch_share)
        budget.account(0.01, 0.003 + 0.001 * budget.batch_share if probed else 1e-6, probed)
        if step >= 30:
            assert budget.overhead <= 0.03
    assert shares[0] == 0.125 and shares[-1] >= 0.5


def test_idle_steps_end_before_one_that_is_written_or_may_be_probed() -> None:
    budget = Budget(0.03)
    budget.account(0.01, 0.003, probed=True)
    budget.account(0.01, 0.0004, probed=False, written=True)
    assert budget.period == 32
    for step in range(1, 200):
        idle = budget.idle(step)
        ended = range(step + 1, step + idle + 1)
        assert not any(budget.writes(k) or k % budget.period == 0 for k in ended)
        following = step + idle + 1
        assert budget.writes(following) or following % budget.period == 0


def test_every_step_counts_and_rows_are_those_of_their_steps(tmp_path: Path) -> None:
    """Unwritten steps are passed over; the others have their own loss, and the time of one step."""
    net = nn.GRU(3, 5)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    lens = gradlens.watch(net, optimizer, folder=tmp_path)
    written: List[Tuple[int, float, float]] = []
    original = lens._file.step
    lens._file.step = lambda step, scalars, *rest: (  # type: ignore[method-assign]
        written.append((step, scalars["loss"], scalars["milliseconds"])), original(step, scalars, *rest)
    )[1]
    durations: List[float] = []
    for k in range(1, 201):
        begun = time.perf_counter()
        net(torch.randn(6, 2, 3))[0].sum().backward()
        optimizer.step()
        durations.append(time.perf_counter() - begun)
        lens.step(float(k))
        assert lens.steps == k
    lens.close()
    assert lens.steps == 200
    assert 1 < len(written) < 200 and all(step == loss for step, loss, _ in written)
    assert all(milliseconds < 1000 * sum(durations) for _, _, milliseconds in written)


def test_processor_time_is_what_counts_on_a_cpu() -> None:
    """What sleeps, or waits for other programs, is no cost and no training."""
    clock = Clock([torch.device("cpu")])
    begun = clock.now()
    time.sleep(0.05)
    slept = clock.since(begun)
    on_the_wall = Clock([torch.device("cpu"), torch.device("meta")]).since(begun)
    assert slept < 0.5 * on_the_wall
    # The time of another thread says nothing of this one's.
    elsewhere = clock.since(begun._replace(thread=begun.thread + 1))
    assert elsewhere >= on_the_wall
