/** One sound message of each type that goes between engine, host and page, for a recorded run. */

import type { RunHistory } from "../../../src/protocol/history.ts";

export function frameOf({ info }: RunHistory, seq: number) {
  const timesteps = info.layers.flatMap(({ recurrent }, layer) => (recurrent ? [{ layer, recurrent }] : []));
  return {
    runId: info.runId,
    seq,
    steps: Float64Array.of(seq),
    rows: Float64Array.from(info.columns, (_, i) => (i % 7) / 3),
    profiles: timesteps.map(({ layer, recurrent }) => {
      const values = Float64Array.from({ length: recurrent.timesteps }, (_, t) => -t / 5);
      return { layer, channel: "h.logNorm", values, max: values };
    }),
  };
}

const problem = { severity: "error", message: "m", path: ["models", "m"], on: "value" };

const need = {
  lag: 3,
  timesteps: 8,
  loss: 0.1,
  lossWithout: 0.4,
  samples: 64,
  held: true,
  curve: [
    { lag: 1, loss: 0.3 },
    { lag: 3, loss: 0.1 },
  ],
};

const deep = {
  model: "m",
  layer: "lstm",
  path: ["models", "m", "layers", 0],
  type: "lstm",
  units: 2,
  timesteps: 3,
  reversed: false,
  steps: 0,
  sequences: 8,
  flow: {
    lossTimesteps: Float64Array.of(2, 3),
    states: [{ name: "h", logNorm: new Float64Array(6), logTotal: new Float64Array(3) }],
  },
  exponents: { mean: new Float64Array(4), low: new Float64Array(4), high: new Float64Array(4) },
  matrices: [{ name: "forget", spectralRadius: 1, logSingularValues: new Float64Array(2) }],
  products: { spans: Float64Array.of(1, 2), width: 4, logSingularValues: new Float64Array(8) },
  readings: { flow: "f", exponents: "e", matrices: "m", products: "p" },
  milliseconds: 5,
};

const doctor = {
  node: "v22.0.0",
  platform: "linux x64",
  backend: { name: "cpu", label: "plain JavaScript", rejected: [] },
  facts: [{ name: "kernels", value: "yes" }],
};

/** What an engine sends during a run and a deep probe, in its order. */
export function fromEngine(history: RunHistory): readonly object[] {
  const { info } = history;
  const { runId } = info;
  return [
    { type: "ready", version: 4, pid: 7 },
    { type: "started", info },
    { type: "frame", frame: frameOf(history, 1) },
    { type: "frame", frame: frameOf(history, 2) },
    { type: "log", level: "warning", message: "w" },
    { type: "need", runId, need },
    { type: "stopping", runId },
    { type: "deepProgress", runId, stage: "training", share: 0.5 },
    { type: "deepResult", runId, result: deep },
    { type: "doctor", report: doctor },
    { type: "ended", runId, outcome: { kind: "refused", problems: [problem] } },
    { type: "ended", runId, outcome: { kind: "diverged", step: 2 } },
  ];
}

const finding = {
  id: "vanishing-through-time|m|lstm|",
  code: "vanishing-through-time",
  severity: "warning",
  model: "m",
  layer: "lstm",
  weight: null,
  place: ["models", "m", "layers", 0],
  timesteps: [1, 5],
  step: 1,
  message: "gradient reaches 3 of 8 timesteps",
  explanation: "It shrinks.",
  evidence: { horizon: 3 },
  fixes: [],
};

const tile = {
  runId: "run",
  model: "m",
  going: true,
  severity: "warning",
  verdict: "reaches 3 of 8",
  picture: "▁▂▃",
  loss: "0.1 / 0.2",
};

const summary = {
  runId: "run",
  kind: "train",
  model: "m",
  base: null,
  external: false,
  config: "/p/gradlens.json",
  configName: "p",
  state: "running",
  end: null,
  startedAt: 1,
  checkpoints: ["last"],
};

const engineTask = { configPath: "/p", configText: "{}", model: "m" };

/** What the host sends to the page and to the engine. */
export function fromHost(history: RunHistory): readonly object[] {
  const { info } = history;
  const view = { config: "/p", model: "m", layer: null, steps: 0, checkpoint: null, stale: false };
  return [
    { type: "frame", frame: frameOf(history, 1) },
    { type: "started", info },
    { type: "runs", runs: [summary], selected: "run" },
    { type: "need", runId: "run", need },
    { type: "deep", deep: { ...view, state: { kind: "done", result: deep } } },
    { type: "deep", deep: { ...view, state: { kind: "busy", stage: "training", share: 0.5 } } },
    { type: "tiles", tiles: [tile] },
    { type: "findings", runId: "run", findings: [{ finding, line: 3, stale: false, snippets: [] }] },
    { type: "compared", runId: "run", figures: null, runIds: ["a"], changed: [] },
    { type: "run", runId: "r", kind: "probe", ...engineTask, steps: 1, budget: null, seed: 1 },
    { type: "deepProbe", runId: "r", ...engineTask, layer: null, steps: 0, checkpoint: null },
    { type: "cancel", runId: "r" },
  ];
}

/** What a page sends. */
export const fromPage: readonly object[] = [
  { type: "ready", version: 8 },
  { type: "select", runId: "run" },
  { type: "compare", runIds: ["a", "b"] },
  { type: "pin", pinned: true },
  { type: "stop", runId: "run" },
  { type: "deepProbe", layer: "lstm", steps: 3 },
  { type: "deepProbeCheckpoint", layer: "lstm", kind: "last" },
  { type: "stopDeepProbe" },
  { type: "openDropped", uris: ["file:///p/events.out.tfevents.1"] },
  { type: "verify", findingId: null },
  { type: "stopVerifying" },
  { type: "applyFix", findingId: "a|b", fixId: "clip" },
  { type: "applyVerified", verification: 1, fixId: "clip" },
  { type: "savePicture", chart: "loss", png: "AAAA" },
  { type: "reveal", findingId: "a|b" },
  { type: "command", command: "probe" },
];
