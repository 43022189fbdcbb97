import { describe, expect, it } from "vitest";
import { sampled } from "../../budget.ts";
import { growth } from "./growth.ts";

const numbers = (size: number): readonly number[] => Array.from({ length: size }, (_, i) => i);

/** Ways to read a list whose work is linear in its length. */
const linear: { readonly [name: string]: (list: readonly number[]) => unknown } = {
  "one loop": (list) => list.reduce((a, b) => a + b, 0),
  "one copy": (list) => [...list, ...list.slice(1)],
  "many searches that end early": (list) => list.map(() => list.indexOf(3)),
};

/** Ways whose work is quadratic, some of them only inside a native function. */
const quadratic: { readonly [name: string]: (list: readonly number[]) => unknown } = {
  "a loop in a loop": (list) => list.map((a) => list.reduce((sum, b) => sum + a * b, 0)),
  "a search for each": (list) => list.filter((a) => list.includes(a + 0.5)),
  "a growing copy": (list) => {
    let all: readonly number[] = [];
    for (const a of list) all = [...all, a];
  },
  "a growing list, concatenated": (list) => list.reduce<readonly number[]>((all, a) => all.concat(a), []),
  "a text searched for each": (list) => list.map((a) => "x".repeat(list.length).indexOf(`y${a}`)),
  "the front of a queue": (list) => {
    const queue = [...list];
    while (queue.length > 0) queue.shift();
  },
};

describe("the growth of work", () => {
  it.each(sampled(Object.entries(linear), 3, 0, 1))("is about 4 for %s", (_, read) => {
    const ratio = growth((size) => {
      const list = numbers(size);
      return () => void read(list);
    }, 500);
    expect(ratio).toBeGreaterThan(3.5);
    expect(ratio).toBeLessThan(4.5);
  });

  it.each(sampled(Object.entries(quadratic), 6, 4, 2))("is far more for %s", (_, read) => {
    const ratio = growth((size) => {
      const list = numbers(size);
      return () => void read(list);
    }, 500);
    expect(ratio).toBeGreaterThan(10);
  });

  it("is the same however often it is counted", { tags: "thorough" }, () => {
    const run = (size: number) => () => void numbers(size).map((a) => a + 1);
    expect(growth(run, 300)).toBe(growth(run, 300));
  });
});
