"""What people do wrong, or twice: the lens says what, or lets the training go on."""

from __future__ import annotations

import linecache
import math
import os
import sys
import warnings
from pathlib import Path
from typing import Any, List, Tuple

import pytest
import torch
from torch import Tensor, nn

import gradlens
from gradlens import events
from gradlens.recurrent import RecurrentTap


def update(net: nn.Module) -> Tensor:
    loss = net(torch.randn(6, 2, 3))[0].square().mean()
    loss.backward()
    torch.optim.SGD(net.parameters(), 0.1).step()
    return loss


@pytest.mark.parametrize("given", [nn.GRU(3, 5).parameters(), torch.optim.SGD([torch.zeros(1)], 0.1), "net"])
def test_what_is_no_model_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="takes the model, an nn.Module, first"):
        gradlens.watch(given)


def test_parameters_that_do_not_exist_yet_are_refused_with_a_remedy(tmp_path: Path) -> None:
    net = nn.Sequential(nn.LazyLinear(4), nn.Tanh())
    with pytest.raises(ValueError, match=r"makes 0\.weight.*call the model on a batch before gradlens\.watch"):
        gradlens.watch(net, folder=tmp_path)
    net(torch.zeros(2, 3))
    gradlens.watch(net, folder=tmp_path).close()


def test_what_is_no_optimizer_is_refused() -> None:
    with pytest.raises(TypeError, match="optimizer must be one of torch.optim"):
        gradlens.watch(nn.GRU(3, 5), nn.Linear(1, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize("loss, given", [(torch.zeros(7), "has 7"), ("0.5 or so", "is of type str")])
def test_what_is_no_loss_is_named_where_it_is_reported(tmp_path: Path, loss: Any, given: str) -> None:
    net = nn.GRU(3, 5)
    with gradlens.watch(net, folder=tmp_path, every=1) as lens:
        update(net)
        with pytest.warns(RuntimeWarning, match=f"one number; this {given}") as warned:
            lens.step(loss)
        (warning,) = warned
        assert warning.filename == __file__ and "lens.step(loss)" in line_of(warning)
        assert math.isnan(lens.figures["loss"]) and len(lens.profiles[0, "h.logNorm"]) == 6
        reported = update(net)
        lens.step(reported)
        assert (lens.steps, lens.figures["loss"]) == (2, float(reported.detach()))


def line_of(warning: Any) -> str:
    return linecache.getline(warning.filename, warning.lineno)


def rows_of(folder: Path, tag: str) -> List[Tuple[int, Any]]:
    (file,) = folder.glob("*/*tfevents*")
    return [(value.step, value.content) for value in events.read(file.read_bytes())[0] if value.tag == tag]


@pytest.mark.parametrize("report", ["never", "sometimes", "after", "before"])
def test_figures_are_those_of_their_own_step_however_losses_are_reported(tmp_path: Path, report: str) -> None:
    torch.manual_seed(0)
    net = nn.GRU(3, 5)
    optimizer = torch.optim.SGD(net.parameters(), 0.5)
    lens = gradlens.watch(net, folder=tmp_path, every=1)
    norms, losses, states = [], [], []
    for step in range(1, 9):
        x = torch.randn(6, 2, 3)
        y = net(x)[0]
        y.retain_grad()
        loss = step * y.square().mean()
        optimizer.zero_grad()
        loss.backward()
        norms.append(math.hypot(*(float(p.grad.norm()) for p in net.parameters() if p.grad is not None)))
        losses.append(float(loss.detach()))
        # Nothing comes back to the last state but its own output's gradient.
        states.append(math.log10(float(y.grad[-1].norm())))
        if report == "before":
            lens.step(loss)
        optimizer.step()
        if report == "after" or (report == "sometimes" and step % 3 == 0):
            lens.step(loss)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lens.close()
    # That nobody reports is seen at the second update, when its own backward pass is over.
    unreported = report in ("never", "sometimes")
    measured = [1, 3, 4, 5, 6, 7, 8] if unreported else list(range(1, 9))
    found = rows_of(tmp_path, "gradientNorm")
    assert [step for step, _ in found] == measured
    assert [norm for _, norm in found] == pytest.approx([norms[step - 1] for step in measured], rel=1e-6)
    profiles = rows_of(tmp_path, "gradlens/profile.1/0/h.logNorm")
    assert [row[-1] for _, row in profiles] == pytest.approx([states[step - 1] for step in measured], abs=1e-5)
    told = {step: loss for step, loss in rows_of(tmp_path, "loss") if not math.isnan(loss)}
    expected = {"never": [], "sometimes": [3, 6]}.get(report, list(range(1, 9)))
    assert told == pytest.approx({step: losses[step - 1] for step in expected}, rel=1e-6)


def test_a_model_that_was_made_anew_is_missed_at_the_line_that_watches(tmp_path: Path) -> None:
    lens = gradlens.watch(nn.GRU(3, 5), folder=tmp_path, every=1)
    other = nn.GRU(3, 5)
    with pytest.warns(RuntimeWarning, match="no backward pass went through the watched model") as warned:
        for _ in range(6):
            lens.step(update(other))
    (warning,) = warned
    assert warning.filename == __file__ and "gradlens.watch(nn.GRU(3, 5)" in line_of(warning)
    assert "watch the model that is trained" in lens.notes[0]
    lens.close()


@pytest.mark.parametrize("notebook, kind", [(False, "failed"), (True, "completed")])
def test_an_error_ends_a_script_and_not_a_notebook(tmp_path: Path, monkeypatch: Any, notebook: bool, kind: str) -> None:
    net = nn.GRU(3, 5)
    lens = gradlens.watch(net, folder=tmp_path, every=1)
    lens.step(update(net))
    monkeypatch.setattr(sys, "last_value", KeyError("a cell further down"), raising=False)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    if notebook:
        monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    lens._at_exit()
    assert rows_of(tmp_path, "gradlens/end.1")[0][1]["kind"] == kind


def test_a_closed_lens_lets_the_training_go_on(tmp_path: Path) -> None:
    net = nn.GRU(3, 5)
    with gradlens.watch(net, folder=tmp_path, every=1) as lens:
        lens.step(update(net))
    for _ in range(2):
        lens.step(update(net))
    assert lens.steps == 1 and not net._forward_hooks


@pytest.mark.parametrize("part", ["forward", "backward", "row"])
def test_what_the_lens_fails_at_does_not_stop_the_training(tmp_path: Path, part: str, monkeypatch: Any) -> None:
    def trained(lens: Any) -> List[Tensor]:
        torch.manual_seed(1)
        net.zero_grad()
        for parameter in net.parameters():
            nn.init.uniform_(parameter, -0.4, 0.4)
        for _ in range(4):
            loss = update(net)
            if lens is not None:
                lens.step(loss)
        return [p.detach().clone() for p in net.parameters()]

    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("a kind of module that nobody thought of")

    net = nn.GRU(3, 5)
    expected = trained(None)
    lens = gradlens.watch(net, folder=tmp_path, every=1)
    owner = {"forward": RecurrentTap, "backward": RecurrentTap, "row": type(lens._file)}[part]
    monkeypatch.setattr(owner, {"forward": "_call", "backward": "_gradients", "row": "step"}[part], broken)
    with pytest.warns(RuntimeWarning, match="has stopped measuring, and the training goes on: RuntimeError: a kind of") as warned:
        found = trained(lens)
    assert len(warned) == 1 and "gradlens.watch(net, folder" in line_of(warned[0])
    assert all(torch.equal(a, b) for a, b in zip(expected, found))
    assert "Please report this" in lens.notes[-1] and not net._forward_hooks
    lens.close()
    assert rows_of(tmp_path, "gradlens/end.1")[0][1]["kind"] == "failed"


def test_a_loss_that_is_never_reported_is_missed(tmp_path: Path) -> None:
    net = nn.GRU(3, 5)
    with gradlens.watch(net, folder=tmp_path) as lens:
        for _ in range(3):
            update(net)
        assert lens.notes == ["no loss was reported: call lens.step(loss) once per update"]
        with pytest.warns(RuntimeWarning, match="no loss was reported in 3 updates"):
            lens.close()


def test_a_loss_that_is_reported_late_is_not_missed(tmp_path: Path) -> None:
    net = nn.GRU(3, 5)
    with gradlens.watch(net, folder=tmp_path) as lens:
        for _ in range(3):
            loss = update(net)
        lens.step(loss)
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


def test_a_changed_working_directory_moves_no_place(tmp_path: Path, monkeypatch: Any) -> None:
    """Programs are named from where they were started, and some go on elsewhere."""
    started = Path.cwd()
    relative = os.path.relpath(tmp_path / "model.py", started)
    (tmp_path / "model.py").write_text("from torch import nn\nnet = nn.Sequential(\n    nn.GRU(3, 5),\n)\n")
    named: Any = {}
    exec(compile((tmp_path / "model.py").read_text(), relative, "exec"), named)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setattr(sys, "argv", ["train.py"])
    lens = gradlens.watch(named["net"], folder=tmp_path)
    lens.close()
    (_, run), = rows_of(tmp_path, "gradlens/run.1")
    assert run["config"] == str(started / "train.py")
    place = run["layers"][0]["source"]
    assert (place["file"], place["line"], place["text"]) == (str(tmp_path / "model.py"), 3, "nn.GRU(3, 5)")


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
