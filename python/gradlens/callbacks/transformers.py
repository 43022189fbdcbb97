"""Hugging Face: ``Trainer(…, callbacks=[GradLensCallback()])``."""

from __future__ import annotations

from typing import Any, Optional

from transformers import TrainerCallback

from ..lens import Lens, watch


class GradLensCallback(TrainerCallback):  # type: ignore[misc,unused-ignore]
    """Watches the model that is trained. Options are those of `gradlens.watch`.

    The trainer tells its callbacks the loss only when it logs: most steps have figures without a loss, and
    ``logging_steps=1`` gives all of them one.
    """

    def __init__(self, **options: Any) -> None:
        self._options = options
        self.lens: Optional[Lens] = None

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        self.lens = watch(model, **self._options)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        if self.lens is not None and logs and "loss" in logs:
            self.lens.step(float(logs["loss"]))

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if self.lens is not None:
            self.lens.close()
