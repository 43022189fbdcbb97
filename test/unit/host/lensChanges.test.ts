import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LensChanges } from "../../../src/host/inline/lensChanges.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** VS Code's side: it asks once no event has come for `delay` (vs/editor/contrib/codelens). */
function editor(delay: number, rate: number, seconds: number): number {
  let due: NodeJS.Timeout | undefined;
  let answers = 0;
  const changes = new LensChanges(() => {
    clearTimeout(due);
    due = setTimeout(() => {
      changes.asked("a");
      answers++;
    }, delay);
  });
  const run = setInterval(() => changes.changed("a"), rate);
  vi.advanceTimersByTime(seconds * 1000);
  clearInterval(run);
  changes.dispose();
  return answers;
}

it("has the lenses drawn during a run, although VS Code's pause is longer than the time between two changes", () => {
  expect(editor(1500, 1000, 20)).toBeGreaterThanOrEqual(9);
  expect(editor(250, 1000, 20)).toBeGreaterThanOrEqual(19);
});

it("reports the changes of another config, and again of one that nobody asked about", () => {
  const tell = vi.fn();
  const changes = new LensChanges(tell);
  changes.changed("a");
  changes.changed("a");
  changes.changed("b");
  expect(tell).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(6000);
  changes.asked("a");
  changes.changed("a");
  expect(tell).toHaveBeenCalledTimes(4);
  changes.dispose();
});

it("reports the last change of a run although the event before it was lost, and no change follows", () => {
  const tell = vi.fn();
  const changes = new LensChanges(tell);
  changes.changed("a");
  changes.changed("a");
  vi.advanceTimersByTime(5000);
  expect(tell).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(60_000);
  expect(tell).toHaveBeenCalledTimes(2);
});
