import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultRules } from "../../../src/config/resolveDiagnosis.ts";
import type { Frame } from "../../../src/protocol/frame.ts";
import { RunRecorder } from "../../../src/protocol/history/runRecorder.ts";
import { createHistory, restoreHistory } from "../../../src/protocol/history/store.ts";
import type { RunHistory } from "../../../src/protocol/history.ts";
import type { Column, RunInfo } from "../../../src/protocol/run.ts";
import { syntheticRun, times } from "../diagnosis/syntheticRun.ts";

const columns: readonly Column[] = [
  { quantity: "loss", layer: null, name: null },
  { quantity: "weightGradientNorm", layer: 0, name: "kernel" },
];
const T = 3;

const info: RunInfo = {
  runId: "r",
  kind: "train",
  config: "gradlens.json",
  model: "m",
  modelPath: ["models", "m"],
  layers: [],
  columns,
  plannedSteps: null,
  batchSize: 1,
  parameters: 1,
  backend: { name: "cpu", label: "CPU", rejected: [] },
  dataWarnings: [],
  fromLogits: false,
  baselineLoss: null,
  requiredLag: null,
  requiredLagSource: null,
  data: null,
  diagnosis: {
    requiredLag: null,
    rules: defaultRules,
  },
  clip: { value: null, norm: null, globalNorm: null },
  trainingPath: ["training"],
};

/**
 * Frames of the given lengths over consecutive steps; `value(step, column)` gives the scalars, and a profile holds the
 * same values.
 */
function frames(lengths: readonly number[], value: (step: number, column: number) => number): Frame[] {
  let step = 0;
  return lengths.map((length, i) => {
    const steps = Float64Array.from({ length }, () => ++step);
    const rows = new Float64Array(length * columns.length);
    steps.forEach((s, r) => {
      columns.forEach((_, c) => {
        rows[r * columns.length + c] = value(s, c);
      });
    });
    const at = (s: number) => Float64Array.from({ length: T }, (_, t) => value(s, 0) + t);
    const max = new Float64Array(T).fill(Number.NEGATIVE_INFINITY);
    for (const s of steps)
      at(s).forEach((v, t) => {
        max[t] = Math.max(max[t]!, v);
      });
    return {
      runId: "r",
      seq: i + 1,
      steps,
      rows,
      profiles: [{ layer: 0, channel: "h.logNorm", values: at(step), max }],
    };
  });
}

const special = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);

function extremes(values: ArrayLike<number>) {
  const numbers = Array.from(values).filter((v) => !Number.isNaN(v));
  return {
    min: numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    max: numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    nan: Array.from(values).some(Number.isNaN),
  };
}

describe("a run's history", () => {
  it("keeps every scalar exactly while there is room", () => {
    const h = createHistory(info, { maxRows: 100 });
    for (const f of frames([1, 5, 2, 1], (s, c) => s * 10 + c)) expect(h.append(f)).toBe(true);
    expect(Array.from(h.steps)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(Array.from(h.series("weightGradientNorm", 0, "kernel")!)).toEqual([11, 21, 31, 41, 51, 61, 71, 81, 91]);
    expect(h.latest("loss")).toBe(90);
    expect(h.series("horizon", 0, "h")).toBeUndefined();
    expect(h.latest("horizon", 0, "h")).toBeUndefined();
  });

  it("never loses an extreme or a NaN, keeps the first and the newest row, and stays within its bounds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(special, special), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 16, max: 64 }),
        fc.integer({ min: 2, max: 20 }),
        (rows, maxRows, maxColumns) => {
          const h = createHistory(info, { maxRows, maxColumns });
          for (const f of frames(
            rows.map(() => 1),
            (s, c) => rows[s - 1]![c]!,
          ))
            h.append(f);
          expect(h.steps.length).toBeLessThanOrEqual(maxRows);
          const steps = Array.from(h.steps);
          expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
          expect(steps[0]).toBe(1);
          expect(steps.at(-1)).toBe(rows.length);
          columns.forEach((col, c) => {
            const kept = h.series(col.quantity, col.layer, col.name)!;
            const all = rows.map((r) => r[c]!);
            expect(kept.length).toBe(steps.length);
            expect(extremes(kept)).toEqual(extremes(all));
            expect(kept[0]).toBe(all[0]);
            expect(kept.at(-1)).toBe(all.at(-1));
          });
          const map = h.map(0, "h.logNorm")!;
          expect(map.columns).toBeLessThanOrEqual(maxColumns);
          const at = (t: number) => Array.from({ length: map.columns }, (_, i) => map.values[i * T + t]!);
          const expected = rows.map((r) => r[0]! + 1).reduce((a, b) => Math.max(a, b));
          expect(at(1).reduce((a, b) => Math.max(a, b))).toBe(expected);
        },
      ),
    );
  });

  it("places a spike within its steps, after many decimations", () => {
    const h = createHistory(info, { maxRows: 32 });
    for (const f of frames(new Array(5000).fill(1), (s) => (s === 100 ? 1e9 : Math.sin(s)))) h.append(f);
    const loss = h.series("loss")!;
    const i = loss.indexOf(1e9);
    expect(i).toBeGreaterThan(0);
    expect(h.steps[i - 1]!).toBeLessThan(100);
    expect(h.steps[i + 1]!).toBeGreaterThan(100);
  });

  it("covers all steps by heat map columns without gap or overlap", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 120 }), (lengths) => {
        const h = createHistory(info, { maxColumns: 8 });
        for (const f of frames(lengths, (s) => s)) h.append(f);
        const map = h.map(0, "h.logNorm")!;
        let next = 1;
        for (let i = 0; i < map.columns; i++) {
          expect(map.firstSteps[i]).toBe(next);
          // Values grow with the step, so a column's maximum is its last step's.
          expect(map.values[i * T]).toBe(map.lastSteps[i]);
          next = map.lastSteps[i]! + 1;
        }
        expect(next - 1).toBe(h.lastStep);
        expect(h.profile(0, "h.logNorm")![0]).toBe(h.lastStep);
      }),
    );
  });

  it("merges the columns of one layer at most with each frame", () => {
    const layers = 6;
    const h = createHistory(info);
    const all = frames(
      Array.from({ length: 1800 }, () => 1),
      (s) => s,
    );
    let before = new Array<number>(layers).fill(0);
    let merges = 0;
    for (const frame of all) {
      const [profile] = frame.profiles;
      const profiles = Array.from({ length: layers }, (_, layer) => ({ ...profile!, layer }));
      h.append({ ...frame, profiles });
      const now = profiles.map(({ layer }) => h.map(layer, "h.logNorm")!.columns);
      const merged = now.filter((columns, layer) => columns < before[layer]!).length;
      expect(merged).toBeLessThanOrEqual(1);
      merges += merged;
      for (const [layer, columns] of now.entries()) if (columns < before[layer]!) expect(columns).toBeGreaterThan(190);
      before = now;
    }
    // 400 columns: after 400, 800 and 1600 steps.
    expect(merges).toBe(3 * layers);
    for (let layer = 0; layer < layers; layer++) {
      const map = h.map(layer, "h.logNorm")!;
      expect(map.firstSteps[0]).toBe(1);
      for (let c = 1; c < map.columns; c++) expect(map.firstSteps[c]).toBe(map.lastSteps[c - 1]! + 1);
      expect(map.lastSteps.at(-1)).toBe(1800);
    }
  });

  it("continues from a snapshot as if never interrupted", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 150 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (lengths, share, small) => {
          const options = small ? { maxRows: 24, maxColumns: 6 } : {};
          const all = frames(lengths, (s, c) => Math.cos(s * 7 + c));
          const cut = Math.floor(share * all.length);
          const whole = createHistory(info, options);
          const first = createHistory(info, options);
          for (const f of all) whole.append(f);
          for (const f of all.slice(0, cut)) first.append(f);
          const second = restoreHistory(structuredClone(first.snapshot()), options);
          for (const f of all.slice(cut)) expect(second.append(f)).toBe(true);
          expect(second.snapshot()).toEqual(whole.snapshot());
        },
      ),
    );
  });

  it("hands out snapshots that later frames do not change", () => {
    const h = createHistory(info);
    const [a, b] = frames([3, 3], (s) => s);
    h.append(a!);
    const snapshot = h.snapshot();
    const before = structuredClone(snapshot);
    h.append(b!);
    expect(snapshot).toEqual(before);
  });

  it("keeps every scalar in its row and column through a snapshot, however many there are", () => {
    const many = Array.from({ length: 70 }, (_, c): Column => ({ quantity: "metric", layer: null, name: String(c) }));
    const h = createHistory({ ...info, columns: many });
    const steps = Float64Array.from({ length: 90 }, (_, i) => i + 1);
    const rows = Float64Array.from({ length: 90 * 70 }, (_, i) => i);
    h.append({ runId: "r", seq: 1, steps, rows, profiles: [] });
    for (const given of [h.snapshot(), h.snapshot({ share: true })]) {
      expect(given.rows).toEqual(rows);
      const restored = restoreHistory(given, { adopt: true });
      expect(restored.snapshot()).toEqual(h.snapshot());
      expect(restored.series("metric", null, "69")).toEqual(steps.map((s) => 70 * s - 1));
    }
  });

  it("copies few columns of its heat maps, however long it runs, and none after it is restored", () => {
    const h = createHistory(info, { maxColumns: 400 });
    const memory = (of: RunHistory) => of.map(0, "h.logNorm")?.values.buffer;
    const all = frames(Array(500).fill(1), (s) => s);
    for (const f of all.slice(0, 65)) h.append(f);
    const [early, restored] = [memory(h), restoreHistory(h.snapshot())];
    const given = memory(restored);
    for (const f of all.slice(65)) {
      h.append(f);
      restored.append(f);
    }
    expect(h.map(0, "h.logNorm")?.columns).toBeGreaterThan(200);
    expect(memory(h)).toBe(early);
    expect(memory(restored)).toBe(given);
    expect(restored.snapshot()).toEqual(h.snapshot());
  });

  it("keeps the heat maps of a former history that a snapshot came without", () => {
    const { history } = syntheticRun(
      { layers: [{ type: "lstm" }, { type: "dense" }] },
      times(20, () => ({ gates: { input: [0.1, 0.2] } })),
    );
    const { maps, ...rest } = history.snapshot();
    expect(maps.length).toBeGreaterThan(0);
    const later = restoreHistory({ ...rest, maps: [] });
    later.keepMapsOf(history);
    expect(later.snapshot().maps).toEqual(maps);
    // What is there already stays, and maps of layers that are not recurrent do not fit.
    const [first, ...others] = maps;
    const partly = restoreHistory({ ...rest, maps: [{ ...first!, latest: first!.latest.map(() => 7) }] });
    partly.keepMapsOf(later);
    expect(partly.snapshot().maps.map(({ latest }) => latest[0])).toEqual([
      7,
      ...others.map(({ latest }) => latest[0]),
    ]);
    const layers = rest.info.layers.map((one) => ({ ...one, recurrent: null }));
    const without = restoreHistory({ ...rest, maps: [], info: { ...rest.info, layers } });
    without.keepMapsOf(later);
    expect(without.snapshot().maps).toEqual([]);
  });

  it("lends its profiles to a snapshot that asks for no copy", () => {
    const h = createHistory(info);
    for (const f of frames([2, 3], (s) => s)) h.append(f);
    const lent = h.snapshot({ share: true }).maps[0];
    expect(lent?.map.values.buffer).toBe(h.map(0, "h.logNorm")?.values.buffer);
    expect(h.snapshot().maps[0]?.map.values.buffer).not.toBe(lent?.map.values.buffer);
    expect(lent).toEqual(h.snapshot().maps[0]);
  });

  it("refuses a gap, a repetition and another run's frame, and adds nothing", () => {
    const h = createHistory(info);
    const [a, b, c] = frames([1, 1, 1], (s) => s);
    expect(h.append(b!)).toBe(false);
    expect(h.append(a!)).toBe(true);
    expect(h.append(a!)).toBe(false);
    expect(h.append(c!)).toBe(false);
    expect(h.append({ ...b!, runId: "other" })).toBe(false);
    expect([h.lastSeq, h.lastStep, h.steps.length]).toEqual([1, 1, 1]);
    expect(h.append(b!)).toBe(true);
  });

  it("reports a frame that does not fit the run's columns", () => {
    const h = createHistory(info);
    const [a] = frames([1], (s) => s);
    expect(() => h.append({ ...a!, rows: new Float64Array(1) })).toThrow(RangeError);
  });

  it("lists a layer's channels", () => {
    const h = createHistory(info);
    for (const f of frames([1], (s) => s)) h.append(f);
    expect(h.channels(0)).toEqual(["h.logNorm"]);
    expect(h.channels(1)).toEqual([]);
    expect(h.map(1, "h.logNorm")).toBeUndefined();
    expect(h.profile(0, "c.logNorm")).toBeUndefined();
  });
});

describe("a run's recorder", () => {
  it("has no history before the run starts, and refuses frames after a gap", () => {
    const [first, second, third] = frames([2, 1, 3], (step) => step);
    const recorder = new RunRecorder();
    expect(recorder.history).toBeNull();
    expect(recorder.frame(first!)).toBeNull();
    const history = recorder.started(info);
    expect(recorder.history).toBe(history);
    expect(recorder.frame(first!)).toBe(history);
    expect(history.lastStep).toBe(2);
    expect(recorder.frame(third!)).toBeNull();
    expect(recorder.frame(second!)).toBe(history);
    expect(history.lastStep).toBe(3);
  });
});
