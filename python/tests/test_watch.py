"""The lens in training loops: what its hooks measure, and that training stays bitwise the same."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Callable, List

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import gradlens
from gradlens.lens import Lens
from processor import need_bfloat16
from unrolled import unrolled


class Net(nn.Module):
    """An LSTM with dropout between its layers, and a GRU cell in a loop."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(4, 8, 2, dropout=0.3, bidirectional=True)
        self.cell = nn.GRUCell(16, 6)
        self.relu = nn.ReLU()
        self.out = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        lengths = torch.tensor([9, 4, 7, 1, 9])
        y, (h, c) = self.rnn(pack_padded_sequence(x, lengths, enforce_sorted=False))
        y, _ = pad_packed_sequence(y)
        state = torch.zeros(5, 6)
        for t in range(3):
            state = self.cell(y[t], state)
        return self.out(self.relu(state)).sum(1) + h[-1].sum(1) + c.mean()


def train(folder: Path, options: "dict[str, Any] | None", wrap: Callable[[nn.Module], Any] = lambda m: m) -> List[Any]:
    """Twelve steps; every loss, gradient and final random state."""
    torch.manual_seed(1)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), 1e-2)
    lens = gradlens.watch(net, folder=folder, **options) if options is not None else None
    model = wrap(net)
    record: List[Any] = []
    for _ in range(12):
        loss = model(torch.randn(9, 5, 4)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        record += [loss.detach().clone(), norm.clone(), *(p.grad.clone() for p in net.parameters())]
        optimizer.step()
        if lens is not None:
            lens.step(loss)
    if lens is not None:
        lens.close()
    return [*record, torch.get_rng_state()]


@pytest.mark.parametrize("options", [{"every": 1}, {"every": 3}, {"budget": 0.03}])
def test_training_stays_bitwise_the_same(tmp_path: Path, options: "dict[str, Any]") -> None:
    without, with_lens = train(tmp_path, None), train(tmp_path, options)
    assert all(torch.equal(a, b) for a, b in zip(without, with_lens))


def watched(model: nn.Module, folder: Path, **options: Any) -> Lens:
    return gradlens.watch(model, every=1, folder=folder, **options)


def update(model: nn.Module, lens: Lens, *losses: Tensor, scale: float = 1.0) -> None:
    for loss in losses:
        (loss * scale).backward()
    torch.optim.SGD(model.parameters(), 0.0).step()
    lens.step(losses[-1])


@pytest.fixture
def float64() -> Any:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def norms(gradients: Tensor) -> List[float]:
    return torch.linalg.vector_norm(gradients.flatten(1), dim=1).log10().tolist()


def test_an_lstm_has_the_norms_of_its_unrolled_self(tmp_path: Path, float64: Any) -> None:
    torch.manual_seed(0)
    module = nn.LSTM(3, 7, batch_first=True)
    x = torch.randn(4, 11, 3)
    lens = watched(module, tmp_path)
    update(module, lens, module(x)[0].sin().sum())
    zeros = torch.zeros(1, 4, 7)
    truth = unrolled(module, x.transpose(0, 1), zeros, zeros)
    truth.y.sin().sum().backward()
    for state in ("h", "c"):
        expected = norms(truth.gradients(0, 0, state, 11))
        assert lens.profiles[0, f"{state}.logNorm"] == pytest.approx(expected, abs=1e-10)
    lens.close()


def test_gains_multiply_to_the_attenuation_of_a_last_loss(tmp_path: Path, float64: Any) -> None:
    """Every gradient enters at the last timestep, so the product of gains is ‖d_1‖ / ‖d_T‖, for h as for c of each cell."""
    torch.manual_seed(0)
    for module in (nn.RNN(3, 7), nn.GRU(3, 7)):
        lens = watched(module, tmp_path)
        update(module, lens, module(torch.randn(11, 4, 3))[0][-1].sum())
        gains, logs = lens.profiles[0, "h.gain"], lens.profiles[0, "h.logNorm"]
        assert sum(math.log10(g) for g in gains[1:]) == pytest.approx(logs[0] - logs[-1], abs=1e-10)
        assert lens.figures["rnn/h/attenuation"] == pytest.approx(lens.figures["rnn/h/survival"], abs=1e-10)
        lens.close()


def test_the_contributions_are_the_norms_of_each_timesteps_part(tmp_path: Path, float64: Any) -> None:
    torch.manual_seed(0)
    module = nn.GRU(3, 5)
    x, zeros = torch.randn(6, 4, 3), torch.zeros(1, 4, 5)
    lens = watched(module, tmp_path)
    update(module, lens, module(x)[0].sin().sum())
    truth = unrolled(module, x, zeros, None)
    truth.y.sin().sum().backward()
    d, h = truth.gradients(0, 0, "h", 6), truth.y.detach()
    expected = []
    for t in range(6):
        u = module.weight_hh_l0.detach().clone().requires_grad_()
        before = zeros[0] if t == 0 else h[t - 1]
        gi, gh = x[t] @ module.weight_ih_l0.detach().T + module.bias_ih_l0.detach(), before @ u.T + module.bias_hh_l0.detach()
        r, z = torch.sigmoid(gi + gh)[:, :10].split(5, 1)
        n = torch.tanh(gi[:, 10:] + r * gh[:, 10:])
        ((1 - z) * n + z * before).backward(d[t])
        expected.append(float(u.grad.norm().log10()))
    assert lens.profiles[0, "logContribution"][1:] == pytest.approx(expected[1:], abs=1e-9)
    lens.close()


class Loop(nn.Module):
    def __init__(self, cell: nn.RNNCellBase) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: Tensor) -> Tensor:
        h: Any = None
        outputs = []
        for step in x:
            h = self.cell(step, h)
            outputs.append(h[0] if isinstance(h, tuple) else h)
        return torch.stack(outputs)


@pytest.mark.parametrize("kinds", [(nn.LSTM, nn.LSTMCell), (nn.GRU, nn.GRUCell), (nn.RNN, nn.RNNCell)])
def test_a_loop_of_cells_has_the_figures_of_the_module(tmp_path: Path, float64: Any, kinds: Any) -> None:
    torch.manual_seed(0)
    module = kinds[0](3, 7)
    loop = Loop(kinds[1](3, 7))
    loop.cell.load_state_dict({name[:-3]: value for name, value in module.state_dict().items()})
    x = torch.randn(11, 4, 3)
    profiles = []
    for model, run in ((module, lambda: module(x)[0]), (loop, lambda: loop(x))):
        lens = watched(model, tmp_path)
        update(model, lens, run().sin().sum())
        profiles.append({channel: row for (layer, channel), row in lens.profiles.items()})
        lens.close()
    for channel, row in profiles[0].items():
        assert profiles[1][channel] == pytest.approx(row, abs=1e-9, nan_ok=True), channel


@pytest.mark.parametrize("updates", [2, 1])
def test_detached_states_end_a_loop_of_cells(tmp_path: Path, float64: Any, updates: int) -> None:
    """Truncated backpropagation: each piece is a sequence of its own; those of one update count like one batch."""
    torch.manual_seed(0)
    cell = nn.LSTMCell(3, 7)
    optimizer = torch.optim.SGD(cell.parameters(), 0.1)
    lens = watched(cell, tmp_path)
    state: Any = (torch.zeros(4, 7), torch.zeros(4, 7))
    pieces: List[List[float]] = []
    for piece in range(2):
        state = tuple(s.detach() for s in state)
        states: List[Tensor] = []
        for x in torch.randn(5, 4, 3):
            state = cell(x, state)
            state[0].retain_grad()
            states.append(state[0])
        torch.stack(states).sin().sum().backward()
        pieces.append([float(h.grad.norm()) for h in states if h.grad is not None])
        if updates == 2 or piece == 1:
            optimizer.step()
            optimizer.zero_grad()
            lens.step(1.0)
            expected = pieces[-1] if updates == 2 else [math.hypot(*both) for both in zip(*pieces)]
            assert lens.profiles[0, "h.logNorm"] == pytest.approx([math.log10(norm) for norm in expected], abs=1e-9)
    assert lens.steps == updates and lens.notes == []
    lens.close()


def test_a_module_called_once_per_timestep_is_one_sequence(tmp_path: Path, float64: Any) -> None:
    torch.manual_seed(0)
    module = nn.LSTM(3, 6)
    x = torch.randn(8, 4, 3)

    def pieces(size: int) -> Tensor:
        state, outputs = None, []
        for piece in x.split(size):
            y, state = module(piece, state)
            outputs.append(y)
        return torch.cat(outputs)

    found = []
    for size in (8, 1, 3):
        lens = watched(module, tmp_path)
        update(module, lens, pieces(size).cos().sum())
        found.append((lens.profiles[0, "h.logNorm"], lens.profiles[0, "h.gain"], lens.profiles[0, "c.logNorm"]))
        lens.close()
    for other in found[1:]:
        for a, b in zip(found[0], other):
            assert b == pytest.approx(a, abs=1e-10)


def test_micro_batches_are_one_batch_and_one_step(tmp_path: Path, float64: Any) -> None:
    torch.manual_seed(0)
    module = nn.GRU(3, 6)
    x = torch.randn(8, 4, 3)
    lens = watched(module, tmp_path)
    update(module, lens, module(x)[0].cos().sum())
    whole = lens.profiles
    module.zero_grad()
    update(module, lens, *(module(part)[0].cos().sum() for part in x.split(2, 1)))
    assert lens.steps == 2
    for key, row in whole.items():
        if key[1] != "logContribution":
            assert lens.profiles[key] == pytest.approx(row, abs=1e-10, nan_ok=True)
    lens.close()


@pytest.mark.parametrize("reentrant", [True, False])
def test_checkpointed_modules_are_measured_once(tmp_path: Path, float64: Any, reentrant: bool) -> None:
    from torch.utils.checkpoint import checkpoint

    torch.manual_seed(0)
    module = nn.GRU(3, 6)
    x = torch.randn(8, 4, 3, requires_grad=True)
    lens = watched(module, tmp_path)
    update(module, lens, module(x)[0].cos().sum())
    expected = lens.profiles[0, "h.logNorm"]
    update(module, lens, checkpoint(lambda v: module(v)[0], x, use_reentrant=reentrant).cos().sum())
    assert lens.profiles[0, "h.logNorm"] == pytest.approx(expected, abs=1e-10)
    lens.close()


def test_the_loss_scale_is_taken_out(tmp_path: Path, float64: Any) -> None:
    class Scaler:
        value = 1.0

        def get_scale(self) -> float:
            return self.value

    torch.manual_seed(0)
    module, scaler = nn.LSTM(3, 5), Scaler()
    x = torch.randn(6, 2, 3)
    lens = watched(module, tmp_path, scaler=scaler)
    update(module, lens, module(x)[0].sum())
    figures, profiles = lens.figures, lens.profiles
    module.zero_grad()
    scaler.value = 65536.0
    update(module, lens, module(x)[0].sum(), scale=scaler.value)
    assert lens.profiles[0, "h.logNorm"] == pytest.approx(profiles[0, "h.logNorm"], abs=1e-10)
    for tag in ("gradientNorm", "rnn/outputGradientNorm", "rnn/weight_hh_l0/weightGradientNorm"):
        assert lens.figures[tag] == pytest.approx(figures[tag])
    lens.close()


def test_clipping_is_seen_on_both_sides(tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = nn.GRU(3, 5)
    optimizer = torch.optim.SGD(module.parameters(), 0.5)
    lens = watched(module, tmp_path)
    module(torch.randn(6, 2, 3))[0].sum().backward()
    before = {name: p.detach().clone() for name, p in module.named_parameters()}
    norm = nn.utils.clip_grad_norm_(module.parameters(), 0.1)
    optimizer.step()
    lens.step(1.0)
    assert lens.figures["gradientNorm"] == pytest.approx(float(norm), rel=1e-5)
    assert lens.figures["clippedGradientNorm"] == pytest.approx(0.1, rel=1e-4)
    for name, weight in module.named_parameters():
        ratio = float((weight.detach() - before[name]).norm() / before[name].norm())
        assert lens.figures[f"rnn/{name}/weightUpdateRatio"] == pytest.approx(ratio, rel=1e-3)
    assert lens.figures["learningRate"] == 0.5
    lens.close()


def test_clipping_within_the_optimizers_closure_is_seen(tmp_path: Path) -> None:
    """Lightning's loop differentiates and clips there, after the gradients of other batches were accumulated."""
    torch.manual_seed(0)
    module = nn.GRU(3, 5)
    optimizer = torch.optim.SGD(module.parameters(), 0.5)
    lens = watched(module, tmp_path)
    norms = []

    def closure() -> float:
        loss = module(torch.randn(6, 2, 3))[0].sum()
        loss.backward()
        norms.append(float(nn.utils.clip_grad_norm_(module.parameters(), 0.1)))
        return float(loss.detach())

    for _ in range(2):
        optimizer.zero_grad()
        module(torch.randn(6, 2, 3))[0].sum().backward()
        before = {name: p.detach().clone() for name, p in module.named_parameters()}
        optimizer.step(closure)
        lens.step(1.0)
        assert lens.figures["gradientNorm"] == pytest.approx(norms[-1], rel=1e-5)
        assert lens.figures["clippedGradientNorm"] == pytest.approx(0.1, rel=1e-4)
        for name, weight in module.named_parameters():
            ratio = float((weight.detach() - before[name]).norm() / before[name].norm())
            assert lens.figures[f"rnn/{name}/weightUpdateRatio"] == pytest.approx(ratio, rel=1e-3)
    lens.close()


def test_a_nan_shows_in_the_norms_and_counts(tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = nn.GRU(3, 5)
    lens = watched(module, tmp_path)
    y = module(torch.randn(6, 2, 3))[0]
    update(module, lens, (y[3, 0, 0] * math.nan) + y.sum())
    assert math.isnan(lens.figures["gradientNorm"])
    assert lens.figures["rnn/weight_hh_l0/weightNonFinite"] > 0
    assert lens.figures["rnn/h/stateNonFinite"] > 0
    assert lens.profiles[0, "h.nonFinite"][3:] != [0, 0, 0]
    lens.close()


def test_the_optimizer_alone_makes_steps(tmp_path: Path) -> None:
    module = nn.GRU(3, 5)
    optimizer = torch.optim.SGD(module.parameters(), 0.1)
    lens = gradlens.watch(module, optimizer, every=1, folder=tmp_path)
    for _ in range(4):
        module(torch.randn(6, 2, 3))[0].sum().backward()
        optimizer.step()
    lens.close()
    assert lens.steps == 4


def test_a_loss_may_be_reported_before_the_update(tmp_path: Path) -> None:
    module = nn.GRU(3, 5)
    optimizer = torch.optim.SGD(module.parameters(), 0.1)
    lens = gradlens.watch(module, every=1, folder=tmp_path)
    for k in range(3):
        module(torch.randn(6, 2, 3))[0].sum().backward()
        lens.step(float(k))
        optimizer.step()
        assert lens.steps == k + 1 and lens.figures["loss"] == k
    lens.close()


def test_a_transformer_has_norms_of_each_layer_and_position(tmp_path: Path, float64: Any) -> None:
    torch.manual_seed(0)
    block = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    encoder = nn.TransformerEncoder(block, 3, enable_nested_tensor=False)
    outputs: List[Tensor] = []
    for layer in encoder.layers:
        layer.register_forward_hook(lambda module, args, output: (output.retain_grad(), outputs.append(output)) and None)
    lens = watched(encoder, tmp_path)
    update(encoder, lens, encoder(torch.randn(2, 5, 8)).sin()[:, 0].sum())
    names = [layer["name"] for layer in lens._description.as_json()["layers"]]
    for i, output in enumerate(outputs):
        expected = norms(output.grad.transpose(0, 1))
        assert lens.profiles[names.index(f"layers.{i}"), "y.logNorm"] == pytest.approx(expected, abs=1e-6)
        assert lens.figures[f"layers.{i}/outputGradientNorm"] == pytest.approx(float(output.grad.norm()), rel=1e-6)
    lens.close()


def test_dead_and_saturated_units_are_counted(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2), nn.Tanh())
    model[0].bias.data[:] = torch.tensor([-100.0, -100.0, 1.0, 1.0])
    model[2].bias.data[:] = torch.tensor([100.0, 0.0])
    model[2].weight.data.mul_(0.01)
    lens = watched(model, tmp_path)
    update(model, lens, model(torch.rand(16, 3)).sum())
    assert lens.figures["1/activationDead"] == pytest.approx(0.5)
    assert lens.figures["3/activationSaturated"] == pytest.approx(0.5)
    lens.close()


def test_an_output_that_is_changed_in_place_is_measured(tmp_path: Path, float64: Any) -> None:
    torch.manual_seed(0)
    module = nn.GRU(3, 6)
    x = torch.randn(8, 4, 3)
    found = []
    for in_place in (False, True):
        lens = watched(module, tmp_path)
        y, _ = module(x)
        update(module, lens, (y.mul_(2) if in_place else y * 2).sin().sum())
        found.append(lens.profiles[0, "h.logNorm"])
        lens.close()
    assert found[1] == pytest.approx(found[0], abs=1e-10)


def test_mixed_precision_is_close_to_full(tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = nn.LSTM(3, 6)
    need_bfloat16(module)
    x = torch.randn(8, 4, 3)
    found = []
    for enabled in (False, True):
        lens = watched(module, tmp_path)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            loss = module(x)[0].float().sin().sum()
        update(module, lens, loss)
        found.append(lens.profiles[0, "h.logNorm"])
        lens.close()
    assert found[1] == pytest.approx(found[0], abs=0.03)


def test_part_of_a_batch_estimates_the_whole(tmp_path: Path, float64: Any) -> None:
    torch.manual_seed(0)
    module = nn.LSTM(3, 6)
    x = torch.randn(8, 256, 3)
    lens = watched(module, tmp_path)
    update(module, lens, module(x)[0].sin().sum())
    whole = lens.profiles
    lens._probe.batch_share = 0.25
    module.zero_grad()
    update(module, lens, module(x)[0].sin().sum())
    for channel, tolerance in (("h.logNorm", 0.05), ("c.logNorm", 0.05), ("logContribution", 0.15), ("h.p50", 0.05)):
        assert lens.profiles[0, channel][1:] == pytest.approx(whole[0, channel][1:], abs=tolerance), channel
    lens.close()


def test_data_parallel_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="DistributedDataParallel"):
        gradlens.watch(nn.DataParallel(nn.Linear(2, 2)), folder=tmp_path)


def test_a_pass_that_is_never_differentiated_leaves_nothing(tmp_path: Path) -> None:
    module = nn.GRU(3, 6)
    lens = watched(module, tmp_path)
    for _ in range(3):
        module(torch.randn(8, 4, 3))
    update(module, lens, module(torch.randn(8, 4, 3))[0].sum())
    assert len(lens.profiles[0, "h.logNorm"]) == 8
    lens.close()
