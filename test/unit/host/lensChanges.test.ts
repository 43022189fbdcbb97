import { expect, it } from "vitest";
import { LensChanges } from "../../../src/host/inline/lensChanges.ts";

/** VS Code's side: it asks once no event has come for `delay` (vs/editor/contrib/codelens). */
function editor(delay: number, rate: number, seconds: number): number {
  let now = 0;
  let due = Number.POSITIVE_INFINITY;
  let answers = 0;
  const changes = new LensChanges(
    () => {
      due = now + delay;
    },
    () => now,
  );
  for (; now < seconds * 1000; now += 10) {
    if (now % rate === 0) changes.changed("a");
    if (now >= due) {
      due = Number.POSITIVE_INFINITY;
      changes.asked("a");
      answers++;
    }
  }
  return answers;
}

it("has the lenses drawn during a run, although VS Code's pause is longer than the time between two changes", () => {
  expect(editor(1500, 1000, 20)).toBeGreaterThanOrEqual(10);
  expect(editor(250, 1000, 20)).toBeGreaterThanOrEqual(19);
});

it("reports the changes of another config, and again of one that nobody asked about", () => {
  let now = 0;
  let told = 0;
  const changes = new LensChanges(
    () => told++,
    () => now,
  );
  changes.changed("a");
  changes.changed("a");
  changes.changed("b");
  expect(told).toBe(2);
  now = 6000;
  changes.changed("a");
  expect(told).toBe(3);
});
