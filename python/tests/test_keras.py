"""The lens in Keras 3's ``fit`` with the torch backend, against Keras's own cells unrolled by autograd."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import pytest
import torch
from torch import Tensor

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras", reason="not tried here: no Keras 3")
if keras.backend.backend() != "torch":
    pytest.skip("not tried here: Keras uses another backend", allow_module_level=True)

from gradlens.callbacks.keras import GradLens  # noqa: E402

KINDS = ("SimpleRNN", "LSTM", "GRU")


@pytest.fixture(autouse=True)
def float64(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Keras's own product of matrices is one of float32, whatever their type is.
    monkeypatch.setattr("keras.src.ops.matmul", torch.matmul)
    keras.utils.set_random_seed(3)
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


def random(*shape: int, seed: int = 0) -> Tensor:
    """Numbers that float32 holds, because Keras may pass data on in it."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).double()


def unrolled(layer: Any, x: Tensor, mask: Optional[Tensor] = None) -> Tuple[Tensor, List[Tensor], List[Tensor]]:
    """What a layer returns, timestep by timestep, by its own cell, and its states h and c in reading order."""
    order = list(range(x.shape[1]))[:: -1 if layer.go_backwards else 1]
    size = 2 if type(layer).__name__ == "LSTM" else 1
    states = [torch.zeros(x.shape[0], layer.units, dtype=x.dtype, requires_grad=True) for _ in range(size)]
    outputs, hs, cs = [], [], []
    for t in order:
        _, new = layer.cell(x[:, t], states)
        if mask is not None:
            # The states of samples whose timestep is masked stay as they are.
            new = [torch.where(mask[:, t, None], a, b) for a, b in zip(new, states)]
        # A node of its own: what it passes on in this timestep is part of the gradient of c.
        new = [state.clone() for state in new]
        if size == 2:
            new[0] = _output_of(layer, x[:, t], states, new[1], mask, t)
            cs.append(new[1])
        states = new
        hs.append(states[0])
        for state in states:
            state.retain_grad()
        outputs.append(states[0])
    return (torch.stack(outputs, 1) if layer.return_sequences else states[0]), hs, cs


def _output_of(layer: Any, x: Tensor, states: Sequence[Tensor], c: Tensor, mask: Optional[Tensor], t: int) -> Tensor:
    """h from the c that is retained, by the output gate of Keras's LSTM."""
    kernel, recurrent, bias = layer.cell.kernel.value, layer.cell.recurrent_kernel.value, layer.cell.bias.value
    units = slice(3 * layer.units, None)
    gate = torch.sigmoid(x @ kernel[:, units] + states[0] @ recurrent[:, units] + bias[units])
    h = gate * torch.tanh(c)
    return h if mask is None else torch.where(mask[:, t, None], h, states[0])


def norms(states: Sequence[Tensor]) -> List[float]:
    return [float(torch.linalg.vector_norm(state.grad).log10()) for state in states if state.grad is not None]


def fit(model: Any, folder: Path, x: Tensor, y: Tensor) -> Tuple[GradLens, Tensor]:
    """One step, after which the model has its first weights again. :returns: the lens, and the gradient of the output."""
    lens = GradLens(every=1, folder=folder)
    model.compile("sgd", "mse")
    compute_loss, weights = model.compute_loss, [w.copy() for w in model.get_weights()]
    seen: List[Tensor] = []

    def keep(*args: Any, **kwargs: Any) -> Tensor:
        predicted = kwargs.get("y_pred", args[2] if len(args) > 2 else None)
        # Keras also computes a loss when it builds the metrics.
        if predicted.requires_grad:
            predicted.register_hook(seen.append)
        return compute_loss(*args, **kwargs)

    object.__setattr__(model, "compute_loss", keep)
    model.fit(x, y, batch_size=len(x), epochs=1, verbose=0, shuffle=False, callbacks=[lens])
    model.set_weights(weights)
    return lens, seen[0]


def profile(lens: GradLens, layer: str, channel: str) -> List[float]:
    found = lens.lens
    assert found is not None
    names = [one["name"] for one in found._description.as_json()["layers"]]
    return found.profiles[names.index(layer), channel]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backwards", [False, True])
def test_fit_has_the_norms_of_unrolled_autograd(kind: str, backwards: bool, tmp_path: Path) -> None:
    first = getattr(keras.layers, kind)(5, return_sequences=True, go_backwards=backwards, name="first")
    second = getattr(keras.layers, kind)(4, name="second")
    out = keras.layers.Dense(1, name="out")
    model = keras.Sequential([keras.Input((7, 3)), first, second, out])
    lens, gradient = fit(model, tmp_path, random(6, 7, 3), random(6, 1, seed=1))
    y, *states = unrolled(first, random(6, 7, 3))
    last, *later = unrolled(second, y)
    model.zero_grad()
    out(last).backward(gradient)
    for layer, (hs, cs) in {"first": states, "second": later}.items():
        assert profile(lens, layer, "h.logNorm") == pytest.approx(norms(hs), abs=1e-10)
        if cs:
            assert profile(lens, layer, "c.logNorm") == pytest.approx(norms(cs), abs=1e-10)
    assert lens.lens is not None
    figures = lens.lens.figures
    weights = {v.path: float(torch.linalg.vector_norm(v.value.grad)) for v in model.trainable_variables}
    for path, norm in weights.items():
        layer, *_, name = path.removeprefix(f"{model.name}/").split("/")
        assert figures[f"{layer}/{name}/weightGradientNorm"] == pytest.approx(norm, rel=1e-9)
    assert figures["gradientNorm"] == pytest.approx(sum(norm**2 for norm in weights.values()) ** 0.5, rel=1e-9)
    assert figures["loss"] == pytest.approx(float((out(last) - random(6, 1, seed=1)).square().mean()), rel=1e-6)
    assert figures["learningRate"] == pytest.approx(0.01)
    assert lens.lens.notes == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sequences", [False, True])
def test_masked_timesteps_are_none(kind: str, sequences: bool, tmp_path: Path) -> None:
    """Padded behind, padded before, with a gap, whole: the figures are those of the timesteps that count."""
    present = torch.tensor([[1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 0, 1], [1, 1, 1, 1, 1]]).bool()
    layer = getattr(keras.layers, kind)(4, return_sequences=sequences, name="rnn")
    model = keras.Sequential([keras.Input((5, 3)), keras.layers.Masking(), layer])
    x = random(4, 5, 3) * present[..., None]
    target = random(4, 5, 4, seed=1) if sequences else random(4, 4, seed=1)
    lens, gradient = fit(model, tmp_path, x, target)
    y, hs, cs = unrolled(layer, x, present)
    y.backward(gradient)
    # Of each sample the timesteps that count, aligned at their end.
    for found, states in ((profile(lens, "rnn", "h.logNorm"), hs), *(((profile(lens, "rnn", "c.logNorm"), cs),) if cs else ())):
        squares = torch.zeros(5, dtype=torch.float64)
        for sample in range(4):
            at = present[sample].nonzero()[:, 0]
            for k, t in enumerate(reversed(at.tolist())):
                whole = states[t].grad
                assert whole is not None
                squares[4 - k] += whole[sample].square().sum()
        assert found == pytest.approx((0.5 * squares.log10()).tolist(), abs=1e-10)


@pytest.mark.parametrize("options", [{"every": 1}, {"budget": 0.03}])
def test_training_stays_bitwise_the_same(options: Dict[str, Any], tmp_path: Path) -> None:
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    x, target = random(32, 7, 3).float(), random(32, 1, seed=1).float()
    losses, weights = [], []
    for callbacks in ([], [GradLens(folder=tmp_path, **options)]):
        keras.utils.set_random_seed(5)
        inputs = keras.Input((7, 3))
        both = keras.layers.Bidirectional(keras.layers.LSTM(5, return_sequences=True))(inputs)
        y, state = keras.layers.GRU(4, dropout=0.2, return_sequences=True, return_state=True)(both)
        flat = keras.layers.Flatten()(keras.layers.Dropout(0.1)(y))
        model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Concatenate()([flat, state])))
        model.compile(keras.optimizers.Adam(0.01, clipnorm=0.5), "mse")
        history = model.fit(x, target, batch_size=8, epochs=3, verbose=0, validation_split=0.25, callbacks=callbacks)
        losses.append(history.history)
        weights.append([w.tobytes() for w in model.get_weights()])
        for callback in callbacks:
            assert callback.lens is not None and callback.lens.steps == 9
            assert callback.lens.notes == []
            assert "clippedGradientNorm" not in callback.lens.figures
            layers = [one for one in callback.lens._description.as_json()["layers"] if "recurrent" in one]
            assert [one["recurrent"]["reversed"] for one in layers] == [False, True, False]
            # Where the program made them.
            assert all(one["source"]["file"] == __file__ for one in layers)
    assert losses[0] == losses[1]
    assert weights[0] == weights[1]


def test_says_what_it_cannot_measure(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((7, 3)), keras.layers.GRU(4, reset_after=False, name="old"), keras.layers.Dense(1)])
    lens, _ = fit(model, tmp_path, random(6, 7, 3), random(6, 1, seed=1))
    assert lens.lens is not None
    assert lens.lens.notes == ["old: old: a GRU with reset_after=False is not PyTorch's"]


def test_a_compiled_step_is_refused(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((7, 3)), keras.layers.GRU(4), keras.layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=True)
    with pytest.raises(ValueError, match="jit_compile=False"):
        model.fit(random(6, 7, 3), random(6, 1), verbose=0, callbacks=[GradLens(folder=tmp_path)])
