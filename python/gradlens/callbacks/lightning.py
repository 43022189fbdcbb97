"""Lightning: ``Trainer(callbacks=[GradLens(required_lag=49)])``."""

from __future__ import annotations

from typing import Any, Optional

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:  # The package's former name.
    from pytorch_lightning.callbacks import Callback

from ..lens import Lens, watch


class GradLens(Callback):  # type: ignore[misc,unused-ignore]
    """Watches the module that is trained. Options are those of `gradlens.watch`."""

    def __init__(self, **options: Any) -> None:
        self._options = options
        self.lens: Optional[Lens] = None

    def on_fit_start(self, trainer: Any, pl_module: Any) -> None:
        scaler = getattr(trainer.precision_plugin, "scaler", None)
        self.lens = watch(pl_module, scaler=scaler, **self._options)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        if self.lens is None or (batch_idx + 1) % trainer.accumulate_grad_batches != 0:
            return
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        self.lens.step(loss)

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        if self.lens is not None:
            self.lens.close()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        if self.lens is not None:
            self.lens.close("failed", repr(exception))
