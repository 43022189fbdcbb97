import { describe, expect, it } from "vitest";
import { Pace } from "../../../webview/charts/pace.ts";

/** Number of frames that draw new data, out of `frames` that are `gap` milliseconds apart. */
function drawn(frames: number, gap: number): number {
  const pace = new Pace();
  let count = 0;
  for (let now = 0, last = Number.NaN; now < frames * gap; now += gap) {
    if (now - last === gap) pace.shown(last, now);
    if (now < pace.next) continue;
    last = now;
    count++;
  }
  return count;
}

describe("new data is drawn", () => {
  it("at every frame of a window that keeps up", () => {
    expect(drawn(60, 16)).toBe(60);
  });

  it("in a fifth of the frames of an overloaded window, or a few more", () => {
    expect(drawn(100, 100)).toBeGreaterThanOrEqual(16);
    expect(drawn(100, 100)).toBeLessThanOrEqual(20);
  });

  it("every second or two, however long a frame takes", () => {
    expect(drawn(100, 600)).toBe(50);
    expect(drawn(20, 2000)).toBe(10);
  });
});
