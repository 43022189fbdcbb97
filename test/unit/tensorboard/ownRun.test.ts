import { describe, expect, it } from "vitest";
import type { Frame } from "../../../src/protocol/frame.ts";
import { createHistory } from "../../../src/protocol/history/store.ts";
import type { RunInfo } from "../../../src/protocol/run.ts";
import { parseEvent } from "../../../src/tensorboard/eventMessage.ts";
import { readRun } from "../../../src/tensorboard/readRun.ts";
import { RecordReader } from "../../../src/tensorboard/record.ts";
import { RunEncoder, textRecord } from "../../../src/tensorboard/runEncoder.ts";
import { tags } from "../../../src/tensorboard/tags.ts";
import { budget, sampled } from "../../budget.ts";
import { chain, syntheticRun } from "../diagnosis/syntheticRun.ts";
import { eventFile } from "./files.ts";

const timesteps = 12;
const made = syntheticRun({ layers: [{ type: "lstm", states: ["h", "c"], timesteps }, { type: "dense" }] }, [
  { states: [{ h: chain(timesteps, 0.5), c: chain(timesteps, 0.9) }] },
]);
const info: RunInfo = { ...made.history.info, runId: "run", plannedSteps: null };
const lossColumn = info.columns.findIndex(({ quantity }) => quantity === "loss");
const options = { writer: "gradlens test", bound: 2 ** 24, now: () => 1_000_000 };

/** Numbers that float32 holds exactly, different at every step. */
function frame(step: number, change: (rows: Float64Array, values: Float64Array) => void = () => {}): Frame {
  const rows = Float64Array.from(info.columns, (_, i) => 1 + i + (step % 64) / 64);
  for (const [i, { quantity }] of info.columns.entries()) if (/NonFinite/.test(quantity)) rows[i] = 0;
  rows[lossColumn] = 1 + (step % 8) / 8;
  const values = Float64Array.from({ length: timesteps }, (_, t) => -t - (step % 16) / 16);
  change(rows, values);
  const profile = { layer: 0, channel: "h.logNorm", values, max: values } as const;
  return { runId: "run", seq: step, steps: Float64Array.of(step), rows, profiles: [profile] };
}

/** The file of a run, and the history that its reader should have. */
function record(steps: number, encoder: RunEncoder, make: (step: number) => Frame = frame) {
  const history = createHistory(info);
  const parts = [encoder.begin({ path: "/a/gradlens.json", text: "{}" }, made.model)];
  for (let step = 1; step <= steps; step++) {
    const next = make(step);
    history.append(next);
    parts.push(encoder.step(next) ?? new Uint8Array(0));
  }
  return { parts, history };
}

async function readBack(bytes: Uint8Array) {
  const run = await readRun([eventFile(bytes, 500)], "run", "folder");
  if (!run) throw new Error("no run");
  return run;
}

describe("a run of our engine", () => {
  it("is read back as it was: rows, profiles, description, config, model, need, findings, end", async () => {
    const encoder = new RunEncoder(info, options);
    const { parts, history } = record(100, encoder);
    const need = { lag: 3, timesteps, loss: 0.1, lossWithout: Number.NaN, samples: 5, held: false, curve: [] };
    history.setNeed(need);
    const finding = {
      id: "loss-plateau|net||",
      code: "loss-plateau",
      severity: "warning",
      model: "net",
      layer: null,
      weight: null,
      place: ["models", "net"],
      timesteps: null,
      step: 100,
      message: "m",
      explanation: "e",
      evidence: { share: Number.POSITIVE_INFINITY },
      fixes: [],
    } as const;
    const end = { kind: "completed-early", reason: "enough" } as const;
    const run = await readBack(
      Buffer.concat([
        ...parts,
        encoder.need(need),
        encoder.findings([finding]),
        encoder.end("completed-early", "enough", end),
      ]),
    );
    expect(run.history.snapshot()).toEqual(history.snapshot());
    expect(run.findings).toEqual([finding]);
    expect(run.config).toEqual({ path: "/a/gradlens.json", text: "{}" });
    expect(run.model).toEqual(made.model);
    expect(run).toMatchObject({ writer: "gradlens test", started: 1000, end, damaged: 0, torn: false });
  });

  it("keeps numbers that float32 cannot hold, in scalars and profiles", async () => {
    const encoder = new RunEncoder(info, options);
    const odd = (step: number) =>
      frame(step, (rows, values) => {
        rows[lossColumn] = step === 2 ? 1e-60 : 1e300;
        values[3] = 1e90;
      });
    const { parts, history } = record(2, encoder, odd);
    const run = await readBack(Buffer.concat(parts));
    expect(run.history.snapshot()).toEqual(history.snapshot());
  });

  it("cut at any byte of its last record, it has all steps but the last", { tags: "thorough" }, async () => {
    const encoder = new RunEncoder(info, options);
    const { parts } = record(5, encoder);
    const whole = Buffer.concat(parts);
    const last = parts.at(-1)!.length;
    for (let cut = 1; cut < last; cut += budget(13, 1)) {
      const run = await readBack(whole.subarray(0, whole.length - cut));
      expect([run.history.lastStep, run.torn, run.damaged, run.end]).toEqual([4, true, 0, null]);
    }
  });

  it("with a damaged record, it lacks that step alone", async () => {
    const encoder = new RunEncoder(info, options);
    const { parts } = record(5, encoder);
    const damaged = Buffer.concat(parts);
    const at = parts.slice(0, 3).reduce((sum, part) => sum + part.length, 0) + 20;
    damaged[at] = damaged[at]! ^ 1;
    const run = await readBack(damaged);
    expect([[...run.history.steps], run.damaged]).toEqual([[1, 2, 4, 5], 1]);
  });

  it("a later label of another file counts, and so does the lowest rank's history", async () => {
    const first = record(3, new RunEncoder(info, options)).parts;
    const label = (name: string, wallTime: number) =>
      textRecord(tags.label, { name, note: null, pinned: true }, 0, wallTime);
    const notes = Buffer.concat([label("new", 2000), label("old", 1500)]);
    const run = await readRun([eventFile(notes), eventFile(Buffer.concat(first))], "run", "folder");
    expect(run?.label).toEqual({ name: "new", note: null, pinned: true });
    expect(run?.history.lastStep).toBe(3);
  });
});

describe("a long run", () => {
  it.each(
    sampled(
      [
        ["of unknown length", null],
        ["of known length", 12_000],
      ],
      2,
      1,
      1,
    ),
  )("%s stays below its bound, and keeps its spikes, its end and the largest profiles", async (_, plannedSteps) => {
    const bound = 150_000;
    const encoder = new RunEncoder({ ...info, plannedSteps }, { ...options, bound });
    const { parts, history } = record(12_000, encoder, (step) =>
      frame(step, (rows, values) => {
        if (step === 9_333) rows[lossColumn] = 1000;
        if (step === 9_334) rows[lossColumn] = Number.NaN;
        if (step === 6_001) values[5] = 77;
      }),
    );
    const bytes = Buffer.concat([...parts, encoder.lastStep()]);
    expect(bytes.length).toBeLessThan(bound);
    expect(bytes.length).toBeGreaterThan(bound / 8);
    const run = await readBack(bytes);
    const steps = [...run.history.steps];
    expect(steps).toEqual(expect.arrayContaining([9_333, 9_334]));
    expect(run.history.lastStep).toBe(history.lastStep);
    expect(run.history.latest("loss")).toBe(history.latest("loss"));
    const map = run.history.map(0, "h.logNorm")!;
    expect(Math.max(...map.values)).toBe(77);
  });

  it("is written at steps whose distances are powers of two", () => {
    const encoder = new RunEncoder(info, { ...options, bound: 300_000 });
    const { parts } = record(5000, encoder);
    const reader = new RecordReader();
    const steps = reader
      .push(Buffer.concat(parts))
      .map((data) => parseEvent(data)?.step ?? 0)
      .filter((step) => step > 0);
    const distances = new Set(steps.slice(1).map((step, i) => step - steps[i]!));
    expect([...distances].every((d) => Number.isInteger(Math.log2(d)))).toBe(true);
    expect(distances.size).toBeGreaterThan(2);
  });
});
