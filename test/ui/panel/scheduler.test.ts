import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Block, Scheduler } from "../../../webview/charts/scheduler.ts";
import type { View } from "../../../webview/state/store.ts";

/** Blocks ask for nothing of the view. */
const view = {} as View;

let now = 0;
let asked: ((time: number) => void)[] = [];

/** Passes one frame, 16 milliseconds after the former one or as soon as that is over. */
function frame(): void {
  now = Math.ceil((now + 1) / 16) * 16;
  const due = asked;
  asked = [];
  for (const callback of due) callback(now);
}

class NoObserver {
  observe(): void {}
}

beforeEach(() => {
  now = 0;
  asked = [];
  vi.useFakeTimers();
  vi.stubGlobal("IntersectionObserver", NoObserver);
  vi.stubGlobal("ResizeObserver", NoObserver);
  vi.stubGlobal("document", { body: { classList: { contains: () => false } } });
  vi.stubGlobal("performance", { now: () => now });
  vi.stubGlobal("requestAnimationFrame", (callback: (time: number) => void) => asked.push(callback));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A block that takes so many milliseconds to draw and notes what is done with it. */
function block(name: string, takes: number, done: string[], more: Partial<Block> = {}): Block {
  return {
    element: { hidden: false } as HTMLElement,
    interval: 0,
    render: () => {
      now += takes;
      done.push(name);
    },
    ...more,
  };
}

/** A scheduler whose blocks have all been drawn once. */
function scheduled(done: string[], blocks: readonly Block[]): Scheduler {
  const scheduler = new Scheduler(() => view);
  for (const one of blocks) scheduler.add(one);
  frame();
  frame();
  done.length = 0;
  return scheduler;
}

describe("the page's scheduler", () => {
  it("spreads new data over frames, and takes turns", () => {
    const done: string[] = [];
    const scheduler = scheduled(done, [block("map", 6, done), block("loss", 3, done), block("profile", 3, done)]);
    scheduler.invalidate(false);
    frame();
    expect(done).toEqual(["map"]);
    scheduler.invalidate(false);
    frame();
    expect(done).toEqual(["map", "loss", "profile"]);
    frame();
    expect(done).toEqual(["map", "loss", "profile", "map"]);
  });

  it("draws a block in parts, and others between them", () => {
    const done: string[] = [];
    function* parts(): Generator<void> {
      for (const part of ["first", "second", "third"]) {
        now += 5;
        done.push(part);
        if (part !== "third") yield;
      }
    }
    const scheduler = scheduled(done, [block("table", 15, done, { parts }), block("loss", 3, done)]);
    scheduler.invalidate(false);
    frame();
    expect(done).toEqual(["first"]);
    frame();
    frame();
    expect(done).toEqual(expect.arrayContaining(["first", "second", "loss"]));
    for (let i = 0; i < 4; i++) frame();
    expect(done.toSorted()).toEqual(["first", "loss", "second", "third"]);
    // Whoever waits gets the whole of it at once, and what was begun is dropped.
    scheduler.invalidate(false);
    frame();
    done.length = 0;
    scheduler.invalidate(true);
    frame();
    expect(done.toSorted()).toEqual(["loss", "table"]);
    frame();
    expect(done).toHaveLength(2);
  });

  it("begins no block that would take a frame beyond its time, by what it took before", () => {
    const done: string[] = [];
    const scheduler = scheduled(done, [block("figure", 2, done), block("map", 9, done)]);
    scheduler.invalidate(false);
    frame();
    expect(done).toEqual(["figure"]);
    frame();
    expect(done).toEqual(["figure", "map"]);
  });

  it("draws everything that the user waits for in one frame", () => {
    const done: string[] = [];
    const scheduler = scheduled(done, [block("map", 6, done), block("loss", 6, done)]);
    scheduler.invalidate(true);
    frame();
    expect(done).toEqual(["map", "loss"]);
  });

  it("lets charts follow the pointer without being drawn, and other blocks at their own pace", () => {
    const done: string[] = [];
    const follow = () => done.push("follow");
    const scheduler = scheduled(done, [block("map", 6, done, { follow }), block("layers", 1, done, { interval: 200 })]);
    scheduler.pointed();
    frame();
    expect(done).toEqual(["follow"]);
    now = 250;
    scheduler.pointed();
    frame();
    expect(done).toEqual(["follow", "follow", "layers"]);
  });
});
