/** Checkpoints: a resumed run equals one that never stopped, and the written model is the trained one. */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import type { LayerEntry, OptimizerConfig, ResolvedModel, TrainingConfig } from "../../../../src/config/resolved.ts";
import { deepProbe } from "../../../../src/engine/deep/deepProbe.ts";
import type { DeepOutcome, DeepRequest } from "../../../../src/engine/deep/examine.ts";
import { folderName } from "../../../../src/engine/training/checkpoint/folder.ts";
import { sampled } from "../../../budget.ts";
import { useBackend } from "../instrument/backends.ts";
import { difference, load, refusal } from "../saved/support.ts";
import { entries, type Run, resolved, run, series } from "./support.ts";

const dense = ["dense", { units: 1 }] as const;
const place = ["training", "checkpoint"];
const checkpointPlace = place;
let root = "";
let folders = 0;

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-checkpoint-"));
  await useBackend("cpu");
});
afterAll(() => fs.rmSync(root, { recursive: true }));

/** A config in a separate folder. */
function config(layers: readonly LayerEntry[], training: Partial<TrainingConfig> = {}) {
  const folder = path.join(root, String(folders++));
  fs.mkdirSync(folder);
  const base = resolved(layers);
  const checkpoint = { folder: "kept", keep: "both", every: 7, path: place } as const;
  const model: ResolvedModel = {
    ...base,
    training: { ...base.training, length: { steps: 18 }, checkpoint, ...training },
  };
  const request = { configPath: path.join(folder, "gradlens.json"), checkpoints: "write" } as const;
  return { folder, model, request, last: path.join(folder, "kept/m/last"), best: path.join(folder, "kept/m/best") };
}

const artifactsSchema = z.looseObject({
  modelTopology: z.looseObject({}),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(z.object({ name: z.string(), shape: z.array(z.number()), dtype: z.literal("float32") })),
    }),
  ),
});

const lstm = entries([["lstm", { units: 3 }], dense]);
const losses = (of: Run) => series(of, "loss");

const kinds: readonly OptimizerConfig[] = [
  { type: "sgd", learningRate: 0.1 },
  { type: "momentum", learningRate: 0.01, momentum: 0.9, nesterov: true },
  { type: "rmsprop", learningRate: 0.001, decay: 0.9, momentum: 0.1, epsilon: 1e-7, centered: true },
  { type: "adagrad", learningRate: 0.01, initialAccumulator: 0.1 },
  { type: "adadelta", learningRate: 1, rho: 0.95, epsilon: 1e-7 },
  { type: "adam", learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  { type: "adamax", learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
];

describe("a deep probe of the weights that a run has kept", () => {
  it.each(sampled(["simpleRNN", "lstm", "gru"], 3, 1))(
    "is that of the trained model, at the step of the checkpoint: %s",
    { tags: "thorough" },
    async (type) => {
      const { model, request } = config(entries([[type, { units: 3 }], dense]));
      await run(model, { ...request, runId: "train-1" });
      const probe = (asked: Partial<DeepRequest>) => probed({ model, configPath: request.configPath, ...asked });
      const trained = figuresOf(await probe({ steps: 18 }));
      expect(figuresOf(await probe({ checkpoint: { kind: "last", runId: "train-1" } }))).toEqual(trained);
      const best = figuresOf(await probe({ checkpoint: { kind: "best", runId: "train-1" } }));
      expect([7, 14, 18]).toContain(best.steps);
      expect(best).toEqual(figuresOf(await probe({ steps: best.steps })));
    },
  );

  it("says why it cannot be made", async () => {
    const { model, request, folder, last } = config(lstm, {
      checkpoint: { folder: "kept", keep: "last", every: 7, path: place },
    });
    const why = async (asked: Partial<DeepRequest>) => {
      const outcome = await probed({ model, configPath: request.configPath, ...asked });
      return "end" in outcome && outcome.end.kind === "refused" ? outcome.end.problems[0]?.message : outcome;
    };
    const checkpoint = { kind: "last", runId: "train-1" } as const;
    expect(await why({ checkpoint })).toMatch(/has not written its last checkpoint yet/);
    await run(model, { ...request, runId: "train-1" });
    expect(await why({ checkpoint: { ...checkpoint, kind: "best" } })).toMatch(/has not written its best checkpoint/);
    expect(await why({ checkpoint: { ...checkpoint, runId: "train-0" } })).toMatch(/belongs to another run/);
    const none = { ...model, training: { ...model.training, checkpoint: null } };
    expect(await why({ model: none, checkpoint })).toMatch(/keeps no checkpoints/);
    fs.writeFileSync(path.join(last, "weights-18.bin"), "short");
    expect(await why({ checkpoint })).toMatch(/^The checkpoint cannot be read: /);
    fs.writeFileSync(path.join(last, "model.json"), "{");
    expect(await why({ checkpoint })).toMatch(/^The checkpoint cannot be read: /);
    expect(fs.readdirSync(folder)).toEqual(["kept"]);
  });
});

function probed(asked: Partial<DeepRequest> & Pick<DeepRequest, "model" | "configPath">): Promise<DeepOutcome> {
  return deepProbe({ layer: null, steps: 0, ...asked }, () => {}, new AbortController().signal);
}

function figuresOf(outcome: DeepOutcome) {
  if (!("result" in outcome)) throw new Error(JSON.stringify(outcome.end));
  const { steps, flow, exponents, matrices } = outcome.result;
  return { steps, flow, exponents, matrices };
}

describe("a run that resumes from its last checkpoint", () => {
  it.each(
    sampled(
      [
        ...sampled(kinds, 7).map((optimizer) => [optimizer.type, lstm, { optimizer }] as const),
        [
          "dropout, noise and moving averages",
          entries([
            ["gaussianNoise", { stddev: 0.1 }],
            ["lstm", { units: 3, dropout: 0.3, recurrentDropout: 0.2 }],
            ["batchNormalization", {}],
            ["dropout", { rate: 0.2 }],
            dense,
          ]),
          {},
        ] as const,
        [
          "pruning and clipped weights",
          lstm,
          {
            pruning: { sparsity: 0.6, begin: 3, end: 15, every: 4 },
            weightClip: { value: 0.5, maxNorm: null, every: 3 },
            accumulate: 2,
            batchSize: 4,
          },
        ] as const,
        [
          "a schedule that depends on the epochs' losses",
          lstm,
          {
            schedule: {
              type: "reduceOnPlateau",
              warmup: 0,
              factor: 0.5,
              patience: 1,
              minDelta: 0.01,
              cooldown: 0,
              minimum: 0,
            },
          },
        ] as const,
      ],
      4,
      0,
      1,
    ),
  )("takes the steps of one that never stopped, to the bit: %s", async (_, layers, training) => {
    const whole = config(layers, training);
    const parts = config(layers, training);
    const uninterrupted = losses(await run(whole.model, whole.request));
    const first = await run(parts.model, { ...parts.request, steps: 11 });
    const rest = await run(parts.model, { ...parts.request, checkpoints: "resume" });
    expect(rest.outcome).toEqual({ kind: "completed" });
    expect([...losses(first), ...losses(rest)]).toEqual(uninterrupted);
    expect(rest.frames[0]).toMatchObject({ seq: 1, steps: Float64Array.of(12) });
    for (const file of ["weights-18.bin", "optimizer-18.bin"])
      expect(fs.readFileSync(path.join(parts.last, file)).equals(fs.readFileSync(path.join(whole.last, file)))).toBe(
        true,
      );
  });

  it("can be stopped repeatedly, also by its user", { tags: "thorough" }, async () => {
    const whole = config(lstm);
    const parts = config(lstm);
    const uninterrupted = losses(await run(whole.model, whole.request));
    const steps: number[] = [];
    for (const stop of [5, 9, 18]) {
      const cancel = new AbortController();
      const part = await run(
        parts.model,
        { ...parts.request, checkpoints: stop === 5 ? "write" : "resume" },
        { signal: cancel.signal, onStep: (frame) => frame.steps[0] === stop && cancel.abort() },
      );
      steps.push(...losses(part));
    }
    expect(steps).toEqual(uninterrupted);
  });

  it("needs a checkpoint, and a config that differs only in the length", async () => {
    const { model, request, last, folder } = config(lstm);
    const resume = { ...request, checkpoints: "resume" } as const;
    const refused = async (changed: ResolvedModel) => {
      const { outcome } = await run(changed, resume);
      return outcome.kind === "refused" ? outcome.problems : [];
    };
    expect(await refused(model)).toMatchObject([
      { message: /no checkpoint to resume from/, path: [...place, "folder"] },
    ]);
    expect(await refused({ ...model, training: { ...model.training, checkpoint: null } })).toMatchObject([
      { message: /"training" has no "checkpoint"/, path: ["training"] },
    ]);
    await run(model, { ...request, steps: 8 });
    expect(await refused({ ...model, training: { ...model.training, seed: 8 } })).toMatchObject([
      { message: /have changed/ },
    ]);
    expect(await refused({ ...model, layers: entries([["lstm", { units: 4 }], dense]) })).toMatchObject([
      { message: /have changed/ },
    ]);
    const longer = await run({ ...model, training: { ...model.training, length: { steps: 28 } } }, resume);
    expect(losses(longer)).toHaveLength(20);
    fs.truncateSync(path.join(last, "optimizer-28.bin"), 8);
    expect(await refused(model)).toMatchObject([{ message: /optimizer-28\.bin is missing or incomplete/ }]);
    expect(fs.readdirSync(folder)).toEqual(["kept"]);
  });
});

/** Nets whose checkpoints are read as models. */
const readBack: readonly (readonly [string, readonly LayerEntry[]])[] = [
  ["lstm", lstm],
  ["bidirectional", entries([["bidirectional", { layer: { type: "gru", units: 2 } }], dense])],
  [
    "stacked cells",
    // tfjs itself has no orthogonal matrices for these shapes unless all of it is loaded.
    entries([
      [
        "rnn",
        {
          cell: [
            { type: "lstmCell", units: 2, recurrentInitializer: "glorotUniform" },
            { type: "gruCell", units: 3, recurrentInitializer: "glorotUniform" },
          ],
          returnSequences: true,
        },
      ],
      ["timeDistributed", { layer: { type: "dense", units: 3, activation: "tanh" } }],
      ["flatten", {}],
      dense,
    ]),
  ],
  [
    "normalised",
    entries([["conv1d", { filters: 3, kernelSize: 2 }], ["batchNormalization", {}], ["gru", { units: 2 }], dense]),
  ],
];

describe("a checkpoint", () => {
  it.each(sampled(readBack, 4, 0, 2))("is the trained model, for us and for tfjs: %s", async (_, layers) => {
    const { folder, model, request, last } = config(layers);
    await run(model, { ...request, steps: 8 });
    const x = tf.randomUniform([4, 10, 2], 0, 1, "float32", 5);
    const artifacts = artifactsSchema.parse(JSON.parse(fs.readFileSync(path.join(last, "model.json"), "utf8")));
    const weights = fs.readFileSync(path.join(last, artifacts.weightsManifest[0]!.paths[0]!));
    const other = await tfl.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: artifacts.modelTopology,
        weightSpecs: artifacts.weightsManifest[0]!.weights,
        weightData: Uint8Array.from(weights).buffer,
      }),
    );
    const wanted = other.predict(x);
    if (!(wanted instanceof tf.Tensor)) throw new Error("The model has several outputs.");
    const built = await load("kept/m/last/model.json", [10, 2], folder);
    expect(built.layers.map((l) => l.name)).toEqual(expect.arrayContaining(layers.map((l) => l.name)));
    expect(difference(built, x, wanted)).toBe(0);
    built.dispose();
    // Without our additions, it is read like any other tfjs model.
    const { userDefinedMetadata: ___, ...plain } = artifacts;
    fs.writeFileSync(path.join(last, "plain.json"), JSON.stringify(plain));
    const translated = await load("kept/m/last/plain.json", [10, 2], folder);
    expect(difference(translated, x, wanted)).toBeLessThan(1e-6);
    translated.dispose();
  });

  it("of the best has the smallest loss on the samples kept for testing", { tags: "thorough" }, async () => {
    const { folder, model, request, best, last } = config(lstm, { optimizer: { type: "sgd", learningRate: 1.5 } });
    const data = { kind: "task", task: "addingProblem", length: 10, samples: 64, seed: 1, test: 0.5 } as const;
    await run({ ...model, data, training: { ...model.training, length: { steps: 60 } } }, request);
    const stepOf = (at: string) =>
      Number(/\d+/.exec(fs.readdirSync(at).find((n) => n.startsWith("weights")) ?? "")?.[0]);
    expect(stepOf(last)).toBe(60);
    expect(stepOf(best)).toBeLessThanOrEqual(56);
    expect(stepOf(best) % 7).toBe(0);
    expect(fs.readdirSync(best).sort()).toEqual(["model.json", `weights-${stepOf(best)}.bin`]);
    expect(fs.readdirSync(folder)).toEqual(["kept"]);
  });

  it("is written only on request, and only by training runs that may", async () => {
    const { folder, model, request } = config(lstm);
    await run(model, { configPath: request.configPath });
    expect(fs.readdirSync(folder)).toEqual([]);
    for (const keep of ["best", "last"] as const) {
      const checkpoint = { folder: keep, keep, every: 10, path: place };
      await run({ ...model, name: "a/../b", training: { ...model.training, checkpoint } }, request);
      expect(fs.readdirSync(path.join(folder, keep))).toEqual([folderName("a/../b")]);
      expect(fs.readdirSync(path.join(folder, keep, folderName("a/../b")))).toEqual([keep]);
    }
  });

  it("leaves no tensors behind, nor files of former ones", async () => {
    const { model, request, last } = config(lstm);
    await run(model, request);
    const before = tf.memory().numTensors;
    const data = { kind: "task", task: "addingProblem", length: 10, samples: 64, seed: 1, test: 0.5 } as const;
    await run({ ...model, data }, request);
    expect(tf.memory().numTensors).toBe(before);
    expect(fs.readdirSync(last).sort()).toEqual(["model.json", "optimizer-18.bin", "weights-18.bin"]);
  });

  it("that could not be written ends the run with the reason", async () => {
    const { model, request, last } = config(lstm);
    fs.mkdirSync(path.dirname(last), { recursive: true });
    fs.writeFileSync(last, "");
    const { outcome } = await run(model, request);
    expect(outcome).toMatchObject({ kind: "failed", message: /checkpoint could not be written/ });
  });

  it("that has no valid place is refused there, before the first step", async () => {
    const { folder, model, request } = config(lstm);
    fs.writeFileSync(path.join(folder, "kept"), "");
    const { outcome, frames } = await run(model, request);
    expect(frames).toEqual([]);
    expect(outcome).toMatchObject({
      kind: "refused",
      problems: [{ path: [...place, "folder"], message: expect.stringContaining('cannot be written to "kept"') }],
    });
  });

  it("is written nowhere but below the config's folder, whatever links exist", async () => {
    for (const link of ["kept", "kept/lstm", "kept/lstm/best"]) {
      const { folder, model, request } = config(lstm);
      const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-elsewhere-"));
      for (const target of [elsewhere, path.join(elsewhere, "not-there")]) {
        const place = path.join(folder, link.replace("lstm", model.name));
        fs.mkdirSync(path.dirname(place), { recursive: true });
        fs.symlinkSync(target, place, "junction");
        const { outcome, frames } = await run(model, request);
        expect(frames).toEqual([]);
        expect(outcome).toMatchObject({
          kind: "refused",
          problems: [{ message: expect.stringContaining("a link leads elsewhere") }],
        });
        expect(fs.readdirSync(elsewhere)).toEqual([]);
        fs.rmSync(place);
      }
    }
  });

  const leaves = [
    "last/weights-7.bin",
    "last/optimizer-7.bin",
    "last/model.json",
    "best/weights-7.bin",
    "best/model.json",
    ".gradlens.lock",
  ];
  it.each(sampled(leaves, 2, 1))(
    "is refused before the first step if a link, a pipe or a folder replaces %s",
    async (leaf) => {
      const { folder, model, request } = config(lstm);
      const place = path.join(folder, "kept/m", leaf);
      const outside = path.join(folder, "outside");
      fs.mkdirSync(path.dirname(place), { recursive: true });
      fs.writeFileSync(outside, "precious");
      const plants = [
        () => fs.symlinkSync(outside, place),
        () => fs.symlinkSync(path.join(folder, "not-there"), place),
        () => fs.mkdirSync(place),
        () => execFileSync("mkfifo", [place]),
      ];
      for (const plant of plants.slice(0, process.platform === "win32" ? 3 : 4)) {
        plant();
        const { outcome, frames } = await run(model, request);
        expect(frames).toEqual([]);
        expect(outcome).toMatchObject({
          kind: "refused",
          problems: [
            {
              path: [...checkpointPlace, "folder"],
              message: expect.stringMatching(
                /cannot be written to "kept": ".*" is (a link|a folder|not a plain file).*remove it/,
              ),
            },
          ],
        });
        fs.rmSync(place, { recursive: true });
        expect(fs.readdirSync(folder).sort()).toEqual(["kept", "outside"]);
      }
      expect(fs.readFileSync(outside, "utf8")).toBe("precious");
    },
  );

  it("never writes through a link or a hard link that is planted during the run", async () => {
    const { folder, model, request, last } = config(lstm);
    const outside = path.join(folder, "outside");
    fs.writeFileSync(outside, "precious");
    fs.mkdirSync(last, { recursive: true });
    fs.linkSync(outside, path.join(last, "weights-7.bin"));
    fs.linkSync(outside, path.join(last, "model.json"));
    const first = await run(model, request, {
      onStep: (frame) => frame.steps[0] === 10 && fs.symlinkSync(outside, path.join(last, "model.json.new")),
    });
    expect(first.outcome).toEqual({ kind: "completed" });
    for (const [leaf, end] of [
      ["weights-14.bin", { kind: "completed" }],
      ["model.json", { kind: "failed", message: expect.stringMatching(/could not be written: .* is a link/) }],
    ] as const) {
      const { outcome } = await run(model, request, {
        onStep: (frame) => {
          if (frame.steps[0] !== 10) return;
          fs.rmSync(path.join(last, leaf), { force: true });
          fs.symlinkSync(outside, path.join(last, leaf));
        },
      });
      expect(outcome).toEqual(end);
    }
    expect(fs.readFileSync(outside, "utf8")).toBe("precious");
  });

  it("is not written elsewhere if its folder is replaced by a link during the run", async () => {
    const { folder, model, request } = config(lstm);
    const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-elsewhere-"));
    const kept = path.join(folder, "kept");
    const { outcome } = await run(model, request, {
      onStep: (frame) => {
        if (frame.steps[0] !== 10) return;
        fs.renameSync(kept, path.join(folder, "moved"));
        fs.symlinkSync(elsewhere, kept, "junction");
      },
    });
    expect(outcome).toMatchObject({ kind: "failed", message: /could not be written: a link leads elsewhere/ });
    expect(fs.readdirSync(elsewhere)).toEqual([]);
    expect(fs.readdirSync(path.join(folder, "moved/m")).sort()).toEqual(["best", "last"]);
  });

  it("is written again after its folder was removed during the run", async () => {
    const { folder, model, request, last } = config(lstm);
    const { outcome } = await run(model, request, {
      onStep: (frame) => frame.steps[0] === 10 && fs.rmSync(path.join(folder, "kept"), { recursive: true }),
    });
    expect(outcome).toEqual({ kind: "completed" });
    expect(fs.readdirSync(last).sort()).toEqual(["model.json", "optimizer-18.bin", "weights-18.bin"]);
  });

  it("has one writer: the second run learns who keeps checkpoints there, and may then write", async () => {
    const { model, request, last } = config(lstm);
    const end = new AbortController();
    let second: Promise<Run> | null = null;
    const first = await run({ ...model, training: { ...model.training, length: { steps: 100_000 } } }, request, {
      signal: end.signal,
      onStep: () => {
        second ??= run(model, request).finally(() => end.abort());
      },
    });
    expect(first.outcome).toEqual({ kind: "cancelled" });
    if (!second) throw new Error("The first has taken no step.");
    const { outcome, frames } = await second;
    expect(frames).toEqual([]);
    expect(outcome).toMatchObject({
      kind: "refused",
      problems: [
        {
          path: [...checkpointPlace, "folder"],
          message: expect.stringMatching(
            new RegExp(
              `cannot be written to "kept": another run writes there \\(process ${process.pid}, since .* UTC\\)\\. Wait`,
            ),
          ),
        },
      ],
    });
    expect((await run(model, request)).outcome).toEqual({ kind: "completed" });
    expect(fs.readdirSync(path.dirname(last)).sort()).toEqual(["best", "last"]);
  });

  it("that another run wrote at the same step keeps its weights until it is replaced", {
    tags: "thorough",
  }, async () => {
    const { model, request, last } = config(lstm, {
      checkpoint: { folder: "kept", keep: "last", every: 5, path: place },
    });
    const named = () => artifactsSchema.parse(JSON.parse(fs.readFileSync(path.join(last, "model.json"), "utf8")));
    await run(model, { ...request, steps: 5 });
    const former = path.join(last, named().weightsManifest[0]!.paths[0]!);
    const weights = fs.readFileSync(former);
    await run({ ...model, training: { ...model.training, seed: 8 } }, request, {
      onStep: (frame) => {
        if (frame.steps[0] === 6) expect(fs.readFileSync(former).equals(weights)).toBe(true);
      },
    });
    expect(named().weightsManifest[0]!.paths).toEqual(["weights-18.bin"]);
    await run(model, { ...request, steps: 5 });
    await run(model, { ...request, steps: 5 });
    expect(named().weightsManifest[0]!.paths).toEqual(["weights-5-2.bin"]);
    expect(fs.readdirSync(last).sort()).toEqual(["model.json", "optimizer-5-2.bin", "weights-5-2.bin"]);
    expect((await run(model, { ...request, checkpoints: "resume", steps: 8 })).frames[0]?.steps[0]).toBe(6);
  });

  it("that is a folder cannot be resumed from", async () => {
    const { model, request, last } = config(lstm);
    fs.mkdirSync(path.join(last, "model.json"), { recursive: true });
    const { outcome } = await run(model, { ...request, checkpoints: "resume" });
    expect(outcome).toMatchObject({ kind: "refused", problems: [{ message: /no checkpoint to resume from/ }] });
  });

  it("whose weights are missing, cut off or elsewhere is refused", async () => {
    const { folder, model, request, last } = config(lstm);
    await run(model, request);
    const file = path.join(last, "model.json");
    const text = fs.readFileSync(file, "utf8");
    const message = () => refusal("kept/m/last/model.json", [10, 2], folder);
    fs.writeFileSync(file, text.replaceAll("weights-18.bin", "../../../weights.bin"));
    expect(await message()).toMatch(/outside its folder/);
    fs.writeFileSync(file, text.replaceAll("weights-18.bin", "weights-19.bin"));
    expect(await message()).toMatch(/"weights-19\.bin", but there is no such file/);
    fs.writeFileSync(file, text.replaceAll("/recurrent_kernel", "/kernel"));
    expect(await message()).toMatch(/two weights named ".*kernel"/);
    fs.writeFileSync(file, text);
    const weights = fs.readFileSync(path.join(last, "weights-18.bin"));
    const broken = Buffer.from(weights);
    broken.writeFloatLE(Number.NaN, 4);
    fs.writeFileSync(path.join(last, "weights-18.bin"), broken);
    expect(await message()).toMatch(/kernel of its layer "\w+" has 1 of \d+ entries that are NaN or infinite/);
    fs.truncateSync(path.join(last, "weights-18.bin"), 40);
    expect(await message()).toMatch(/have 40 bytes, but model\.json describes \d+/);
    fs.writeFileSync(file, '{ "format": "graph-model" }');
    expect(await message()).toMatch(/graph model, which has operations but no layers/);
    fs.writeFileSync(file, "{}");
    expect(await message()).toMatch(/no modelTopology/);
    fs.writeFileSync(file, "[]");
    expect(await message()).toMatch(/is not a JSON object/);
  });
});

describe("names of folders", () => {
  it("are the models' own if possible, and always different and harmless", () => {
    expect(folderName("lstm")).toBe("lstm");
    expect(folderName("été 1")).toMatch(/^été_1-[0-9a-f]{8}$/);
    for (const name of ["..", ".", "a/b", "a\\b", "C:", "con.", "-rf", "x".repeat(300)])
      expect(folderName(name)).toMatch(/^[\p{L}\p{N}_-][\p{L}\p{N}_.-]{0,63}$/u);
    expect(folderName("a/b")).not.toBe(folderName("a:b"));
  });
});
