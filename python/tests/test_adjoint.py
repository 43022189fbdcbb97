"""State gradients against unrolled autograd, in float64: every variant of PyTorch's recurrent modules."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Iterator, Optional

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from gradlens.adjoint import OutputGradients, analyse
from gradlens.adjoint import cells as adjoint_cells
from gradlens.adjoint.weights import weights_of
from gradlens.dropout import replayed_masks

from unrolled import unrolled

TOLERANCE = 1e-12


@dataclass(frozen=True)
class Case:
    kind: str
    layers: int = 1
    bidirectional: bool = False
    batch_first: bool = False
    packed: bool = False
    projection: int = 0
    bias: bool = True
    dropout: float = 0.0
    loss: str = "sequence"
    steps: int = 7
    batch: int = 4
    inputs: int = 3
    hidden: int = 5

    def module(self) -> nn.RNNBase:
        shared = dict(
            num_layers=self.layers,
            bidirectional=self.bidirectional,
            batch_first=self.batch_first,
            bias=self.bias,
            dropout=self.dropout,
        )
        if self.kind == "lstm":
            return nn.LSTM(self.inputs, self.hidden, proj_size=self.projection, **shared)
        if self.kind == "gru":
            return nn.GRU(self.inputs, self.hidden, **shared)
        return nn.RNN(self.inputs, self.hidden, nonlinearity=self.kind, **shared)


def cases() -> Iterator[Case]:
    """All combinations, with two shapes for the variants of one layer."""
    kinds, losses = ["tanh", "relu", "gru", "lstm"], ["sequence", "last", "all", "first"]
    yes = [False, True]
    for kind, layers, bi, form, bias, loss in itertools.product(
        kinds, [1, 2, 3], yes, ["time", "batch", "packed"], yes, losses
    ):
        for projection in [0, 3] if kind == "lstm" else [0]:
            for dropout in [0.0, 0.4] if layers == 2 else [0.0]:
                yield Case(kind, layers, bi, form == "batch", form == "packed", projection, bias, dropout, loss)
    for kind, loss, packed in itertools.product(kinds, losses, yes):
        yield Case(kind, loss=loss, packed=packed, steps=40, batch=2)
        yield Case(kind, loss=loss, packed=packed, steps=1, batch=3)


def worst_error(case: Case, seed: int = 0) -> float:
    """Largest error of any state gradient of the case, relative to the largest entry of that state's gradients."""
    torch.manual_seed(seed)
    module = case.module()
    ways, size = (2 if case.bidirectional else 1), (case.projection or case.hidden)
    x = torch.randn(case.steps, case.batch, case.inputs)
    h0 = torch.randn(case.layers * ways, case.batch, size) * 0.3
    c0 = torch.randn(case.layers * ways, case.batch, case.hidden) * 0.3 if case.kind == "lstm" else None
    lengths = torch.tensor([case.steps, 1, case.steps - case.steps // 2, case.steps])[: case.batch] if case.packed else None
    state = torch.get_rng_state()
    hx = h0 if c0 is None else (h0, c0)
    packed: Optional[PackedSequence] = None
    if lengths is not None:
        packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        out, last = module(packed, hx)
        out.data.retain_grad()
        raw, y = out.data, pad_packed_sequence(out, total_length=case.steps)[0]
    else:
        raw, last = module(x.transpose(0, 1) if case.batch_first else x, hx)
        raw.retain_grad()
        y = raw.transpose(0, 1) if case.batch_first else raw
    masks = None
    if case.dropout:
        masks = replayed_masks(module, state, raw, packed, case.steps, case.batch)
    h, c = last if isinstance(last, tuple) else (last, None)
    for value in (h, c):
        if value is not None:
            value.retain_grad()
    truth = unrolled(module, x, h0, c0, lengths, masks)
    assert torch.allclose(y, truth.y, atol=1e-12)

    weights_y, weights_h, weights_c = torch.randn_like(y), torch.randn_like(h), torch.randn(h.shape[0], case.batch, case.hidden)

    def loss(y: Tensor, h: Tensor, c: Optional[Tensor]) -> Tensor:
        if case.loss == "sequence":
            return (weights_y * y.sin()).sum()
        if case.loss == "first":
            return (weights_y * y.sin())[: case.steps // 2 + 1].sum()
        ends = (weights_h * h.sin()).sum()
        if case.loss == "last":
            return ends
        whole = ends + (weights_y * y.sin()).sum()
        return whole if c is None else whole + (weights_c * c.sin()).sum()

    loss(y, h, c).backward()
    loss(truth.y, truth.h, truth.c).backward()
    at_y = raw.grad
    if at_y is not None:
        if packed is not None:
            gradient = PackedSequence(at_y, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices)
            at_y = pad_packed_sequence(gradient, total_length=case.steps)[0]
        elif case.batch_first:
            at_y = at_y.transpose(0, 1)
    found = analyse(
        weights_of(module),
        x,
        y,
        OutputGradients(at_y, h.grad, None if c is None else c.grad),
        bidirectional=case.bidirectional,
        h0=h0,
        c0=c0,
        lengths=lengths,
        masks=masks,
    )
    worst = 0.0
    for layer in found:
        for name, gradients in (("h", layer.h), ("c", layer.c)):
            if gradients is not None:
                expected = truth.gradients(layer.layer, int(layer.reverse), name, case.steps)
                difference = (gradients.true() - expected).abs().max()
                worst = max(worst, float(difference / expected.abs().max().clamp_min(1e-300)))
    return worst


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize(
    "kind",
    ["tanh", "relu", pytest.param("gru", marks=pytest.mark.thorough), pytest.param("lstm", marks=pytest.mark.thorough)],
)
def test_every_variant_equals_unrolled_autograd(kind: str) -> None:
    chosen = [case for case in cases() if case.kind == kind]
    errors = {case: worst_error(case) for case in chosen}
    worst = max(errors, key=errors.__getitem__)
    print(f"{kind}: {len(errors)} cases, largest relative error {errors[worst]:.1e}")
    assert errors[worst] < TOLERANCE, worst


def test_the_table_has_a_thousand_cases() -> None:
    assert len(list(cases())) >= 1000


@pytest.mark.parametrize("kind", ["tanh", "gru", "lstm"])
def test_a_broken_term_is_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of the test: one factor of one recurrent product, off by a millionth."""
    original = adjoint_cells.walk_back

    def broken(entries, exponent, totals, transported, send, longest):  # type: ignore[no-untyped-def]
        def off(t: int) -> None:
            send(t)
            transported[0][t] *= 1 + 1e-6

        return original(entries, exponent, totals, transported, off, longest)

    case = Case(kind)
    assert worst_error(case) < TOLERANCE
    monkeypatch.setattr(adjoint_cells, "walk_back", broken)
    assert worst_error(case) > 1e-8


@pytest.mark.parametrize("layers", [1, 2])
def test_float32_underflow_is_no_floor(layers: int) -> None:
    """A net that loses hundreds of decades: float32 with powers of two against float64."""
    torch.manual_seed(0)
    exact = nn.RNN(2, 8, layers)
    for layer in range(layers):
        getattr(exact, f"weight_hh_l{layer}").data.mul_(0.02)
    coarse = nn.RNN(2, 8, layers).float()
    coarse.load_state_dict({name: value.float() for name, value in exact.state_dict().items()})
    x = torch.randn(100, 3, 2)
    norms = []
    for module, values in ((exact, x), (coarse, x.float())):
        y, _ = module(values)
        at_y = torch.zeros_like(y)
        at_y[-1] = 1
        lowest = analyse(weights_of(module), values, y.detach(), OutputGradients(at_y))[0].h
        sizes = torch.linalg.vector_norm(lowest.total.double(), dim=-1).log2() + lowest.exponent[..., 0].double()
        norms.append(sizes)
    assert norms[0][0].max() < -150 * 3.32  # 150 decades
    assert torch.allclose(norms[0], norms[1], atol=1e-3)


def test_gradients_that_jump_by_many_decades_survive() -> None:
    """What enters late in the walk must not erase what travelled there before it."""
    torch.manual_seed(0)
    module = nn.RNN(2, 8)
    module.weight_hh_l0.data.mul_(0.02)
    x = torch.randn(60, 1, 2)
    y, _ = module(x)
    at_y = torch.zeros_like(y)
    at_y[-1] = 1
    at_y[10] = 1
    args = (weights_of(module), x, y.detach(), OutputGradients(at_y))
    exact = analyse(*args)[0].h
    coarse = analyse(*args, dtype=torch.float32)[0].h
    for found in (exact, coarse):
        assert (found.total.abs().amax(-1) > 0).all()
    sizes = [torch.linalg.vector_norm(g.total.double(), dim=-1).log2() + g.exponent[..., 0] for g in (exact, coarse)]
    assert torch.allclose(sizes[0], sizes[1].double(), atol=1e-3)


def test_a_violent_explosion_does_not_overflow_float32() -> None:
    """Gains of 10⁶ per timestep leave the range within one stretch; the walk is then repeated with a power per timestep."""
    torch.manual_seed(0)
    module = nn.RNN(2, 4, nonlinearity="relu")
    module.weight_hh_l0.data.abs_().mul_(1e6)
    x = torch.rand(6, 2, 2)
    y, _ = module(x)
    at_y = torch.zeros_like(y)
    at_y[-1] = 1
    found = analyse(weights_of(module), x, y.detach() * 0 + 1, OutputGradients(at_y), dtype=torch.float32)[0].h
    assert torch.isfinite(found.total).all()


def test_a_nan_stays_in_its_sample() -> None:
    torch.manual_seed(0)
    module = nn.LSTM(2, 4)
    x = torch.randn(9, 3, 2)
    y, _ = module(x)
    at_y = torch.randn_like(y)
    clean = analyse(weights_of(module), x, y.detach(), OutputGradients(at_y))[0].h.true()
    at_y[5, 1, 0] = float("nan")
    found = analyse(weights_of(module), x, y.detach(), OutputGradients(at_y))[0].h
    assert torch.isnan(found.total[:6, 1]).any(-1).all()
    assert torch.equal(found.true()[:, [0, 2]], clean[:, [0, 2]])
    assert torch.isfinite(found.exponent).all()


def test_a_state_that_was_changed_in_place_is_computed_again() -> None:
    case = replace(Case("gru"), layers=1)
    torch.manual_seed(1)
    module = case.module()
    x = torch.randn(case.steps, case.batch, case.inputs)
    y, _ = module(x)
    at_y = torch.randn_like(y)
    known = analyse(weights_of(module), x, y.detach(), OutputGradients(at_y))[0].h.true()
    again = analyse(weights_of(module), x, None, OutputGradients(at_y))[0].h.true()
    assert torch.allclose(known, again, rtol=1e-12)
