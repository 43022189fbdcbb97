"""Keras 3 with the torch backend: ``model.fit(…, callbacks=[GradLens(required_lag=49)])``.

``analyse_keras(layer, x, y, gradient)`` gives the gradients of a layer's states from its input, its output sequence and
the gradient that arrived there, in loops of any kind.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Callable, Dict, List, Optional, Tuple

import keras
from keras.callbacks import Callback

from ..lens import Lens
from ..source import caller
from .keras_model import StandInModel
from .keras_weights import analyse_keras, keras_weights

__all__ = ["GradLens", "analyse_keras", "keras_weights"]


class GradLens(Callback):  # type: ignore[misc,unused-ignore]
    """Watches the model that is trained. Options are those of `gradlens.watch`, but for `optimizer` and `scaler`."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self._options = {"place": caller(), **options}
        self.lens: Optional[Lens] = None
        self._wrapped: List[Tuple[Any, str]] = []
        self._pauses = ExitStack()
        self._loss: Any = None

    def on_train_begin(self, logs: Optional[Dict[str, Any]] = None) -> None:
        if keras.backend.backend() != "torch":
            raise ValueError(f"GradLens needs Keras's torch backend (KERAS_BACKEND=torch), not {keras.backend.backend()}")
        if self.model.jit_compile:
            raise ValueError("GradLens sees nothing within a compiled step: compile the model with jit_compile=False")
        watched = StandInModel(self.model)
        scaler = _Scale(self.model.optimizer)
        self.lens = Lens(watched, scaler=scaler, **self._options)
        for layer, method, around in watched.wrappers():
            self._wrap(layer, method, around)
        self._wrap(self.model, "compute_loss", self._keeping_loss)
        self._wrap(self.model.optimizer, "apply", self._updating)

    def on_train_batch_end(self, batch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        if self.lens is not None:
            # The loss in `logs` is the mean of the epoch so far.
            self.lens.step(self._loss)

    def on_test_begin(self, logs: Optional[Dict[str, Any]] = None) -> None:
        if self.lens is not None:
            self._pauses.enter_context(self.lens.paused())

    def on_test_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
        self._pauses.close()

    def on_train_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
        for owner, method in self._wrapped:
            object.__delattr__(owner, method)
        self._wrapped = []
        if self.lens is not None:
            self.lens.close()

    def _wrap(self, owner: Any, method: str, around: Callable[[Any], Any]) -> None:
        # Past Keras's own way to set attributes, which would track them.
        object.__setattr__(owner, method, around(getattr(owner, method)))
        self._wrapped.append((owner, method))

    def _keeping_loss(self, compute_loss: Any) -> Any:
        def kept(*args: Any, **kwargs: Any) -> Any:
            self._loss = compute_loss(*args, **kwargs)
            return self._loss

        return kept

    def _updating(self, apply: Any) -> Any:
        optimizer = self.model.optimizer
        clips = any(getattr(optimizer, key, None) for key in ("clipnorm", "clipvalue", "global_clipnorm"))

        def updated(*args: Any, **kwargs: Any) -> Any:
            if self.lens is None:
                return apply(*args, **kwargs)
            # Keras clips copies of the gradients, which nobody sees.
            self.lens.update_begins(clipped=not clips)
            result = apply(*args, **kwargs)
            self.lens.update_ends(lambda: float(keras.ops.convert_to_numpy(optimizer.learning_rate)))
            return result

        return updated


class _Scale:
    """What Keras multiplies the loss by, in the form of a ``GradScaler``."""

    def __init__(self, optimizer: Any) -> None:
        self._optimizer = optimizer

    def get_scale(self) -> float:
        dynamic = getattr(self._optimizer, "dynamic_scale", None)
        if dynamic is not None:
            return float(keras.ops.convert_to_numpy(dynamic))
        return float(getattr(self._optimizer, "loss_scale_factor", None) or 1.0)
