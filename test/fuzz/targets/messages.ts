/** Messages between the processes, changed anywhere: each side parses what it gets, and can use all that it could parse. */

import fc, { type Arbitrary } from "fast-check";
import * as z from "zod";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { modelSummary } from "../../../src/diagnosis/text/summary.ts";
import { fromEngineSchema, toEngineSchema } from "../../../src/protocol/engineMessages.ts";
import { frameFits } from "../../../src/protocol/frame.ts";
import { createHistory, restoreHistory } from "../../../src/protocol/history/store.ts";
import { historySnapshotSchema, type RunHistory } from "../../../src/protocol/history.ts";
import { fromPanelSchema, toPanelSchema } from "../../../src/protocol/panelMessages.ts";
import { readRun } from "../../../src/tensorboard/readRun.ts";
import { recordedFiles } from "../corpus.ts";
import { mutatedTree } from "../mutate.ts";
import { checkMessage, type Taken, type Target, target } from "../target.ts";

/** A typed array as a tree. */
const typed = z.strictObject({ float64: z.array(z.json()) });

function revived(tree: JsonValue): unknown {
  if (Array.isArray(tree)) return tree.map((value: JsonValue) => revived(value));
  if (typeof tree !== "object" || tree === null) return tree;
  const array = typed.safeParse(tree);
  if (array.success)
    return Float64Array.from(array.data.float64, (value) => (value === null ? Number.NaN : Number(value)));
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, revived(value)]));
}

/** The tree of a message: JSON, in which a typed array is an object with one key. */
function treeOf(message: unknown): JsonValue {
  const text = JSON.stringify(message, (_, value: unknown) =>
    ArrayBuffer.isView(value) && value instanceof Float64Array ? { float64: [...value] } : value,
  );
  return z.json().parse(JSON.parse(text));
}

async function recorded(): Promise<RunHistory> {
  const [bytes] = recordedFiles("tensorboard", /^one-process\.tfevents$/);
  const file = async function* () {
    if (bytes) yield bytes;
  };
  const run = await readRun([{ name: "events", open: file }], "run", "m");
  if (!run) throw new Error("the recorded run cannot be read");
  return run.history;
}

function frameOf({ info }: RunHistory, seq: number) {
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

/** An engine's messages in the order in which a host gets them. */
function engineTrees(history: RunHistory): Arbitrary<readonly JsonValue[]> {
  const { info } = history;
  const usual = [
    { type: "ready", version: 4, pid: 7 },
    { type: "started", info },
    { type: "frame", frame: frameOf(history, 1) },
    { type: "frame", frame: frameOf(history, 2) },
    { type: "log", level: "warning", message: "w" },
    { type: "ended", runId: info.runId, outcome: { kind: "refused", problems: [problem] } },
    { type: "ended", runId: info.runId, outcome: { kind: "diverged", step: 2 } },
  ].map(treeOf);
  return fc.tuple(
    ...usual.map((tree) => fc.oneof({ weight: 4, arbitrary: fc.constant(tree) }, mutatedTree([tree], 2))),
  );
}

/** What the host does with an engine's messages. */
function hear(messages: readonly unknown[]): Taken {
  let history: RunHistory | null = null;
  let taken: Taken = "accepted";
  for (const value of messages) {
    const message = fromEngineSchema.safeParse(value);
    if (!message.success) taken = "refused";
    else if (message.data.type === "started") history = createHistory(message.data.info);
    else if (message.data.type === "frame" && history && frameFits(history.info, message.data.frame))
      history.append(message.data.frame);
  }
  if (history) judge(history);
  return taken;
}

function judge(history: RunHistory): void {
  const findings = diagnose(history, null);
  for (const finding of findings) checkMessage(finding.message, "a finding");
  modelSummary(history, findings);
}

export const engineMessages: Target = target({
  name: "messages of the engine",
  share: 6,
  quick: 150,
  accepted: 0.02,
  inputs: async () => engineTrees(await recorded()),
  open: () => ({ one: (trees) => hear(trees.map(revived)) }),
  shown: (trees) => JSON.stringify(trees),
});

function panelTrees(history: RunHistory): readonly JsonValue[] {
  const { info } = history;
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
  };
  return [
    { type: "frame", frame: frameOf(history, 1) },
    { type: "started", info },
    { type: "runs", runs: [summary], selected: "run" },
    { type: "ready", version: 8 },
    { type: "select", runId: "run" },
    { type: "compare", runIds: ["a", "b"] },
    { type: "pin", pinned: true },
    { type: "deepProbe", layer: "lstm", steps: 3 },
    { type: "verify", findingId: null },
    { type: "applyFix", findingId: "a|b", fixId: "clip" },
    { type: "applyVerified", verification: 1, fixId: "clip" },
    { type: "savePicture", chart: "loss", png: "AAAA" },
    { type: "command", command: "probe" },
    {
      type: "run",
      runId: "r",
      kind: "probe",
      configPath: "/p",
      configText: "{}",
      model: "m",
      steps: 1,
      budget: null,
      seed: 1,
    },
    {
      type: "deepProbe",
      runId: "r",
      configPath: "/p",
      configText: "{}",
      model: "m",
      layer: null,
      steps: 0,
      checkpoint: null,
    },
    { type: "cancel", runId: "r" },
  ].map(treeOf);
}

export const panelMessages: Target = target({
  name: "messages of panel and host",
  share: 6,
  quick: 150,
  accepted: 0.1,
  inputs: async () => {
    const history = await recorded();
    const snapshot = treeOf(history.snapshot());
    return fc.record({
      message: mutatedTree(panelTrees(history), 2),
      snapshot: fc.oneof(fc.constant(null), mutatedTree([snapshot], 2)),
    });
  },
  open: () => ({
    one: ({ message, snapshot }): Taken => {
      const value = revived(message);
      const parsed = [fromPanelSchema, toPanelSchema, toEngineSchema].map((schema) => schema.safeParse(value).success);
      if (snapshot !== null) {
        const kept = historySnapshotSchema.safeParse(revived(snapshot));
        if (kept.success) judge(restoreHistory(kept.data));
      }
      return parsed.includes(true) ? "accepted" : "refused";
    },
  }),
  shown: (input) => JSON.stringify(input),
});
