import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { promptLength } from "../../../src/config/limits.ts";
import { lensesOf } from "../../../src/host/inline/lenses.ts";
import { budget, sampled } from "../../budget.ts";
import { attacks, growth } from "../config/growth.ts";
import { configText, ended, type Harness, harness, target, uri } from "./runHarness.ts";

let h: Harness;
beforeEach(() => {
  h = harness();
});
afterEach(() => {
  vi.useRealTimers();
  h.dispose();
});

/** A sound config of more than `promptLength` characters. */
function long(text = configText()): string {
  return `${text}//${" ".repeat(promptLength)}\n`;
}

describe("a long config", () => {
  it("is read when typing pauses, and says so until then", () => {
    vi.useFakeTimers();
    h.store.open(uri, "{}");
    h.store.change(uri, long(), [{ offset: 0, length: 2, inserted: long().length }]);
    expect(h.store.pending).toBe(true);
    expect(h.store.view(uri)).toMatchObject({ models: [], problems: [{ problem: { severity: "warning" } }] });
    expect(h.store.view(uri)?.problems[0]?.problem.message).toMatch(/read when you pause or save/);
    vi.advanceTimersByTime(400);
    h.store.change(uri, `${long()} `, [{ offset: 2, length: 0, inserted: 1 }]);
    vi.advanceTimersByTime(400);
    expect(h.store.view(uri)?.models).toEqual([]);
    const causes: string[] = [];
    h.store.onChange(({ cause }) => causes.push(cause));
    vi.advanceTimersByTime(200);
    expect(causes).toEqual(["text"]);
    expect(h.store.pending).toBe(false);
    expect(h.store.view(uri)?.problems).toEqual([]);
    expect(h.store.view(uri)?.models.map(({ name }) => name)).toEqual(["good", "polite"]);
  });

  it("is read on save; a short one is read with each edit", () => {
    vi.useFakeTimers();
    h.store.open(uri, long());
    h.store.save(uri);
    expect(h.store.view(uri)?.models).toHaveLength(2);
    h.store.change(uri, configText(), [{ offset: 0, length: long().length, inserted: configText().length }]);
    expect(h.store.pending).toBe(false);
    expect(h.store.view(uri)?.models).toHaveLength(2);
  });

  it("has stale results after any edit, until it is read", async () => {
    const text = long();
    h.store.open(uri, text);
    h.store.save(uri);
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const stale = () => h.store.view(uri)?.models.find(({ name }) => name === "good")?.stale;
    expect(stale()).toBe(false);
    h.store.change(uri, `${text} `, [{ offset: text.length, length: 0, inserted: 1 }]);
    h.store.change(uri, `${text}  `, [{ offset: text.length, length: 0, inserted: 1 }]);
    h.store.save(uri);
    expect(stale()).toBe(false);
    const other = text.replace('"sigmoid"', '"tanh"');
    h.store.change(uri, other, [{ offset: text.indexOf('"sigmoid"'), length: 9, inserted: 6 }]);
    h.store.save(uri);
    expect(stale()).toBe(true);
  });

  it("keeps its lenses in their places while one types, and moves them along", () => {
    vi.useFakeTimers();
    const text = long();
    h.store.open(uri, text);
    h.store.save(uri);
    const places = () => lensesOf(h.store.view(uri)!, true).map(({ offset, title }) => ({ offset, title }));
    const before = places();
    expect(before.length).toBeGreaterThan(4);
    const typed = `// one more line\n${text}`;
    h.store.change(uri, typed, [{ offset: 0, length: 0, inserted: 17 }]);
    h.store.change(uri, typed.replace('"sigmoid"', '"relu"'), [
      { offset: typed.indexOf('"sigmoid"'), length: 9, inserted: 6 },
    ]);
    expect(h.store.pending).toBe(true);
    const beyond = typed.indexOf('"sigmoid"');
    const moved = before.map(({ offset }) => offset + 17 - (offset + 17 > beyond ? 3 : 0));
    expect(places().map(({ offset }) => offset)).toEqual(moved);
    expect(places().map(({ title }) => title)).not.toContain("has errors");
    vi.advanceTimersByTime(600);
    expect(h.store.pending).toBe(false);
    expect(places().map(({ offset }) => offset)).toEqual(moved);
  });

  it("is forgotten when it is closed", () => {
    vi.useFakeTimers();
    h.store.open(uri, long());
    h.store.close(uri);
    vi.advanceTimersByTime(1000);
    expect(h.store.uris).toEqual([]);
  });

  // An edit reads the config, so by default these are others than in test/unit/config/hostileText.test.ts.
  it.each(sampled(Object.entries(attacks), 16, 4, 8))("costs an edit linear time: %s", (_, attack) => {
    vi.useFakeTimers();
    h.store.open(uri, "{}");
    const ratio = growth((size) => {
      const text = attack(size);
      return () => {
        h.store.change(uri, text, [{ offset: 0, length: 1, inserted: text.length }]);
        h.store.view(uri);
      };
    }, promptLength / budget(20, 5));
    expect(ratio).toBeLessThan(5.5);
  });

  it.each(Object.entries(attacks))("is not read with an edit, only kept: %s", (_, attack) => {
    vi.useFakeTimers();
    h.store.open(uri, "{}");
    const text = attack(2 * promptLength);
    h.store.change(uri, text, [{ offset: 0, length: 1, inserted: text.length }]);
    expect(h.store.view(uri)?.problems).toHaveLength(1);
    expect(h.store.view(uri)?.text).toBe(text);
  });
});
