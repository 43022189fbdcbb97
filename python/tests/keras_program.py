"""Prints what exported Keras scripts compute in their first step: ``python keras_program.py FOLDER…``, as JSON.

Runs wherever Keras 3 is, without pytest and without the package. For each script: the loss without penalties, and the
norm of the gradients of each layer's weights, in float64, with disturbed weights (what the last digit of float32 may
change), and in float32.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any, Dict, List

import keras
import numpy as np
from keras import ops


def keep_float64() -> None:
    """Keras's torch backend takes products of float64 in float32, because its types follow those of JAX."""
    from keras.src.backend.common import dtypes

    usual = dtypes.result_type

    def result_type(*given: Any) -> Any:
        names = {str(one).replace("torch.", "") for one in given}
        return "float64" if names == {"float64"} else usual(*given)

    dtypes.result_type = result_type


def module_of(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gradients(loss_of: Any, variables: List[Any]) -> Any:
    if keras.backend.backend() == "torch":
        loss = loss_of()
        loss.backward()
        return loss, [v.value.grad for v in variables]
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = loss_of()
    return loss, [tf.convert_to_tensor(g) if g is not None else None for g in tape.gradient(loss, [v.value for v in variables])]


def first_step(folder: Path, dtype: str, disturbed: float) -> Dict[str, float]:
    keras.utils.set_random_seed(1)
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    module = module_of(folder / "train.py")
    net = module.compiled(module.network())
    module.start(net, module.read("initial.npz"))
    random = np.random.default_rng(1)
    for v in net.trainable_variables:
        v.assign(v * (1 + disturbed * random.standard_normal(v.shape)))
    batches = module.Samples({name: values.astype(dtype) for name, values in module.read("data.npz").items()})
    parts = getattr(module, "PARTS", 1)
    squares: Dict[str, Any] = {}
    figures = {"loss": 0.0}
    for part in range(parts):
        x, y, *weights = batches[part]

        def loss_of() -> Any:
            return net.compute_loss(x, y, net(x, training=True), *weights)

        loss, found = gradients(loss_of, net.trainable_variables)
        figures["loss"] += float(ops.convert_to_numpy(loss - sum(net.losses))) / parts
        for v, gradient in zip(net.trainable_variables, found):
            if gradient is not None:
                # The layers of the network itself; a wrapper's weights are its own.
                layer = next(one.name for one in net.layers if any(v is w for w in one.weights))
                squares.setdefault(layer, []).append((v.path, ops.convert_to_numpy(gradient).astype("float64") / parts))
        if keras.backend.backend() == "torch":
            net.zero_grad()
    for layer, pieces in squares.items():
        sums: Dict[str, Any] = {}
        for path, gradient in pieces:
            sums[path] = sums.get(path, 0.0) + gradient
        figures[layer] = float(sum((value**2).sum() for value in sums.values())) ** 0.5
    return figures


def main() -> None:
    result = {}
    if keras.backend.backend() == "torch":
        keep_float64()
    for name in sys.argv[1:]:
        exact = first_step(Path(name), "float64", 0.0)
        others = [first_step(Path(name), "float32", 0.0), *(first_step(Path(name), "float64", 3e-7) for _ in range(2))]
        digits = {key: max(abs(other[key] - value) for other in others) for key, value in exact.items()}
        result[name] = {"figures": exact, "digits": digits}
    print("\n" + json.dumps(result))


if __name__ == "__main__":
    main()
