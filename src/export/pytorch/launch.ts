/** What a launcher adds to the script: processes of one training, on one machine or many. */

export const launches = ["none", "torchrun", "ray"] as const;
export type Launch = (typeof launches)[number];

export interface LaunchParts {
  /** How to run the script, for its docstring. */
  readonly commands: readonly string[];
  readonly imports: readonly string[];
  /** Whether several processes train together: each takes its share of a batch. */
  readonly shared: boolean;
  /** Statements at the beginning of `train`. */
  readonly begin: readonly string[];
  /** Further arguments of the lens. */
  readonly lens: readonly string[];
  /** Expression for the net that is trained. */
  readonly wrapped: string;
  /** Statements at the end of `train`. */
  readonly end: readonly string[];
  /** Statements under `if __name__ == "__main__":`. */
  readonly main: readonly string[];
}

export const launchParts: Readonly<Record<Launch, LaunchParts>> = {
  none: {
    commands: ["python train.py"],
    imports: [],
    shared: false,
    begin: ['device = "cuda" if torch.cuda.is_available() else "cpu"'],
    lens: [],
    wrapped: "net",
    end: [],
    main: ["train()"],
  },
  torchrun: {
    commands: ["torchrun --nproc-per-node 2 train.py"],
    shared: true,
    imports: ["import os", "import torch.distributed as dist"],
    begin: [
      "cuda = torch.cuda.is_available()",
      'dist.init_process_group("nccl" if cuda else "gloo")',
      "rank, ranks = dist.get_rank(), dist.get_world_size()",
      'device = f"cuda:{os.environ[\'LOCAL_RANK\']}" if cuda else "cpu"',
    ],
    lens: [],
    wrapped: "nn.parallel.DistributedDataParallel(net)",
    end: ["dist.destroy_process_group()"],
    main: ["train()"],
  },
  ray: {
    commands: ["pip install 'ray[train]'", "python train.py"],
    shared: true,
    imports: ["import ray.train.torch"],
    begin: [
      "context = ray.train.get_context()",
      "rank, ranks = context.get_world_rank(), context.get_world_size()",
      "device = ray.train.torch.get_device()",
    ],
    // Ray starts its workers in folders of its own.
    lens: ['folder=HERE / ".gradlens" / "runs"'],
    wrapped: "ray.train.torch.prepare_model(net)",
    end: [],
    main: [
      "scaling = ray.train.ScalingConfig(num_workers=2, use_gpu=torch.cuda.is_available())",
      "ray.train.torch.TorchTrainer(train, scaling_config=scaling).fit()",
    ],
  },
};
