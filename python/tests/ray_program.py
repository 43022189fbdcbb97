"""What `test_ranks.py` starts with Ray Train: the loop of `ddp_program.py` in two workers of a local cluster."""

from __future__ import annotations

import os
import sys

import ray
from ray.train import RunConfig, ScalingConfig
from ray.train.torch import TorchConfig, TorchTrainer

from ddp_program import train


def worker(options: "dict[str, str]") -> None:
    train(options["folder"], "ddp", prepared=True)


def main(folder: str, storage: str, workers: int) -> None:
    paths = os.environ["PYTHONPATH"]
    ray.init(num_cpus=workers, include_dashboard=False, runtime_env={"env_vars": {"PYTHONPATH": paths}})
    TorchTrainer(
        worker,
        train_loop_config={"folder": folder},
        scaling_config=ScalingConfig(num_workers=workers, resources_per_worker={"CPU": 1}),
        torch_config=TorchConfig(backend="gloo"),
        run_config=RunConfig(storage_path=storage, name="test"),
    ).fit()
    ray.shutdown()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
