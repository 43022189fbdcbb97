"""Lightning: ``Trainer(callbacks=[GradLens(required_lag=49)])``."""

from __future__ import annotations

from typing import Any, List, Optional

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
        self._updates = 0
        self._losses: List[Any] = []
        """Losses of the batches that the present update accumulates."""

    def on_fit_start(self, trainer: Any, pl_module: Any) -> None:
        self._updates, self._losses = trainer.global_step, []
        scaler = getattr(trainer.precision_plugin, "scaler", None)
        self.lens = watch(pl_module, scaler=scaler, **self._options)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        if loss is not None:
            # The trainer has divided it by the number of batches that an update accumulates.
            self._losses.append(loss.float() * trainer.accumulate_grad_batches)
        # The last batch of an epoch may make an update of fewer batches than the others.
        if self.lens is None or trainer.global_step == self._updates:
            return
        losses, self._losses = self._losses, []
        self._updates = trainer.global_step
        self.lens.step(sum(losses) / len(losses) if losses else None)

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        if self.lens is not None:
            self.lens.close()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        if self.lens is not None:
            self.lens.close("failed", repr(exception))
