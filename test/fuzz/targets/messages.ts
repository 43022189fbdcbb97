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
import { fromEngine, fromHost, fromPage } from "./messageSamples.ts";

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

/** The trees of sound messages: a sample that is refused would never be more than a head that does not fit. */
function sound(samples: readonly object[], schema: z.ZodType): readonly JsonValue[] {
  for (const sample of samples) schema.parse(sample);
  return samples.map(treeOf);
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

/** An engine's messages in the order in which a host gets them. */
function engineTrees(history: RunHistory): Arbitrary<readonly JsonValue[]> {
  const usual = sound(fromEngine(history), fromEngineSchema);
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
    else if (message.data.type === "need" && history) history.setNeed(message.data.need);
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
  return [...sound(fromHost(history), z.union([toPanelSchema, toEngineSchema])), ...sound(fromPage, fromPanelSchema)];
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
