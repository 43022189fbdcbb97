"""The lens in Lightning's and Hugging Face's loops, and single layers of Keras; each test is skipped where its library is missing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, List

import pytest
import torch
from torch import Tensor, nn

from gradlens import events

os.environ.setdefault("KERAS_BACKEND", "torch")


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.GRU(3, 5, batch_first=True)
        self.out = nn.Linear(5, 1)

    def forward(self, x: Tensor, labels: Any = None) -> Any:
        loss = (self.out(self.rnn(x)[0][:, -1])[:, 0] - (0 if labels is None else labels)).square().mean()
        return {"loss": loss}


@pytest.mark.long
def test_lightning(tmp_path: Path) -> None:
    lightning = pytest.importorskip("lightning.pytorch")
    from gradlens.callbacks.lightning import GradLens

    class Module(lightning.LightningModule):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.net = Net()

        def training_step(self, batch: Any, index: int) -> Any:
            return self.net(batch[0])["loss"]

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), 0.1)

    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.randn(16, 7, 3)), batch_size=4)
    callback = GradLens(every=1, folder=tmp_path)
    trainer = lightning.Trainer(
        max_epochs=1, callbacks=[callback], accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False,
    )  # fmt: skip
    trainer.fit(Module(), data)
    assert callback.lens is not None and callback.lens.steps == 4
    assert len(next(row for (_, channel), row in callback.lens.profiles.items() if channel == "h.logNorm")) == 7
    assert callback.lens.figures["loss"] == callback.lens.figures["loss"]


@pytest.mark.long
@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_lightning_with_accumulation_and_clipping(tmp_path: Path, precision: str) -> None:
    """Seven batches make updates of three, three and one; each has the mean loss of its own."""
    lightning = pytest.importorskip("lightning.pytorch")
    from gradlens.callbacks.lightning import GradLens

    class Module(lightning.LightningModule):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.net = Net()
            self.losses: List[float] = []

        def training_step(self, batch: Any, index: int) -> Any:
            loss = self.net(batch[0])["loss"]
            self.losses.append(float(loss.detach()))
            return loss

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), 0.1)

    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.randn(28, 7, 3)), batch_size=4)
    module, callback = Module(), GradLens(every=1, folder=tmp_path)
    trainer = lightning.Trainer(
        max_epochs=2, callbacks=[callback], accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, precision=precision, accumulate_grad_batches=3,
        gradient_clip_val=1e-3,
    )  # fmt: skip
    trainer.fit(module, data)
    (file,) = tmp_path.glob("*/*tfevents*")
    values = events.read(file.read_bytes())[0]
    losses, pieces = module.losses, [(0, 3), (3, 6), (6, 7), (7, 10), (10, 13), (13, 14)]
    found = [value.content for value in values if value.tag == "loss"]
    assert found == pytest.approx([sum(losses[a:b]) / (b - a) for a, b in pieces], rel=0.01)
    clipped = [value.content for value in values if value.tag == "clippedGradientNorm"]
    assert clipped == pytest.approx([1e-3] * 6, rel=0.02)
    ratios = [value.step for value in values if value.tag == "net.rnn/weight_hh_l0/weightUpdateRatio"]
    assert ratios == [1, 2, 3, 4, 5, 6]
    assert callback.lens is not None and callback.lens.notes == []


@pytest.mark.long
def test_hugging_face(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    from gradlens.callbacks.transformers import GradLensCallback

    data = [{"x": torch.randn(7, 3), "labels": torch.tensor(0.0)} for _ in range(16)]
    callback = GradLensCallback(every=1, folder=tmp_path / "runs")
    arguments = transformers.TrainingArguments(
        output_dir=str(tmp_path / "out"), per_device_train_batch_size=4, num_train_epochs=1, logging_steps=1,
        report_to=[], save_strategy="no", use_cpu=True, disable_tqdm=True, remove_unused_columns=False,
    )  # fmt: skip
    transformers.Trainer(model=Net(), args=arguments, train_dataset=data, callbacks=[callback]).train()
    assert callback.lens is not None and callback.lens.steps == 4
    assert any(channel == "h.gain" for _, channel in callback.lens.profiles)


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_keras_layers_are_analysed_exactly(kind: str) -> None:
    keras = pytest.importorskip("keras")
    if keras.backend.backend() != "torch":
        pytest.skip("Keras uses another backend")
    from gradlens.callbacks.keras import analyse_keras, keras_weights

    torch.manual_seed(0)
    layer = getattr(keras.layers, kind)(5, return_sequences=True)
    x = torch.randn(4, 7, 3)
    y = layer(x)
    gradient = torch.randn_like(y)
    weights = keras_weights(layer)
    module = {"SimpleRNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}[kind](3, 5)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    module.load_state_dict(dict(zip(names, weights.flat())))
    expected, _ = module(x.transpose(0, 1))
    assert torch.allclose(expected.transpose(0, 1), y, atol=1e-6)
    found = analyse_keras(layer, x, y, gradient)[0]
    from gradlens.adjoint import OutputGradients, analyse
    from gradlens.adjoint.weights import weights_of

    own = analyse(weights_of(module), x.transpose(0, 1), expected, OutputGradients(gradient.transpose(0, 1)))[0]
    assert torch.allclose(found.h.true(), own.h.true(), atol=1e-5)
