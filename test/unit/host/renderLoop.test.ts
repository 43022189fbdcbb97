import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Emitter } from "../../../src/host/emitter.ts";
import type { StoreChange } from "../../../src/host/findings/findingsStore.ts";
import { RenderLoop } from "../../../src/host/renderLoop.ts";

let change: Emitter<StoreChange>;
let stale: boolean;
let loop: RenderLoop;
let renders: boolean[];

beforeEach(() => {
  vi.useFakeTimers();
  change = new Emitter();
  stale = false;
  renders = [];
  const store = {
    onChange: (listener: (c: StoreChange) => void) => change.on(listener),
    view: () => ({ models: [{ name: "a", stale }] }),
    uris: ["u"],
  };
  loop = new RenderLoop(store, { progress: 1000, settle: 250 });
  loop.onRender(({ settled }) => renders.push(settled));
});
afterEach(() => {
  loop.dispose();
  vi.useRealTimers();
});

const fire = (cause: StoreChange["cause"]): void => change.fire({ uri: "u", cause });

describe("RenderLoop", () => {
  it("draws at once when a run begins or ends", () => {
    fire("state");
    expect(renders).toEqual([true]);
  });

  it("draws the progress of a run at most once a second", () => {
    fire("state");
    for (let ms = 0; ms < 5000; ms += 50) {
      fire("progress");
      vi.advanceTimersByTime(50);
    }
    expect(renders.length).toBeGreaterThan(4);
    expect(renders.length).toBeLessThan(8);
  });

  it.each([-3_600_000, 3_600_000])("draws as often if the computer's clock is set by %i ms", (jump) => {
    fire("state");
    vi.setSystemTime(Date.now() + jump);
    fire("progress");
    vi.advanceTimersByTime(999);
    expect(renders.length).toBe(1);
    vi.advanceTimersByTime(1);
    expect(renders.length).toBe(2);
  });

  it("draws the last progress even when nothing follows", () => {
    fire("state");
    fire("progress");
    expect(loop.pending).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(renders.length).toBe(2);
    expect(loop.pending).toBe(false);
  });

  it("draws nothing while the user types, and once when typing pauses", () => {
    for (let i = 0; i < 20; i++) {
      fire("text");
      vi.advanceTimersByTime(100);
    }
    expect(renders).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(renders).toEqual([true]);
  });

  it("marks stale results at once after an edit, and only once", () => {
    fire("state");
    stale = true;
    fire("text");
    fire("text");
    expect(renders).toEqual([true, false]);
    vi.advanceTimersByTime(250);
    expect(renders).toEqual([true, false, true]);
  });

  it("makes surfaces that need complete text wait if a run ends during typing", () => {
    fire("text");
    fire("state");
    expect(renders).toEqual([false]);
  });
});
