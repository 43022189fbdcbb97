import { describe, expect, test } from "vitest";
import { createRandom, deriveSeed, permutation, xoshiro128 } from "../../../../src/engine/data/random.ts";

test("xoshiro128** gives its authors' sequence for the state 1, 2, 3, 4", () => {
  const random = xoshiro128([1, 2, 3, 4]);
  // Reference output of the C code at prng.di.unimi.it.
  expect(Array.from({ length: 10 }, () => random.uint32())).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});

describe("a seeded generator", () => {
  test.each([0, 1, 2, 3, 1000, 65_537])("passes over %i numbers as if they had been drawn", (n) => {
    const [drawn, skipped] = [createRandom(5), createRandom(5)];
    for (let i = 0; i < n; i++) drawn.uniform();
    skipped.skip(n);
    expect(skipped.uniform()).toBe(drawn.uniform());
  });

  test("passes over any number of numbers in parts or at once", () => {
    const [parts, once] = [createRandom(6), createRandom(6)];
    for (const part of [2 ** 52, 2 ** 51 - 7, 7]) parts.skip(part);
    once.skip(2 ** 52 + 2 ** 51);
    expect(once.uniform()).toBe(parts.uniform());
  });

  test("repeats, and differs for seeds that differ by one or only beyond 32 bits", () => {
    const first = (seed: number) => createRandom(seed).uniform();
    expect(first(1)).toBe(first(1));
    expect(new Set([0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 33, -1].map(first)).size).toBe(7);
  });

  test("is uniform and normal within the errors of 100 000 draws", () => {
    const random = createRandom(3);
    const n = 100_000;
    const moments = (draw: () => number) => {
      let [sum, squares, fourth] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        const x = draw();
        sum += x;
        squares += x * x;
        fourth += x ** 4;
      }
      return [sum / n, squares / n, fourth / n];
    };
    // Five standard errors each.
    const [mean, second] = moments(random.uniform);
    expect(Math.abs(mean! - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(second! - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / n));
    const [zero, one, three] = moments(random.normal);
    expect(Math.abs(zero!)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(one! - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(three! - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  test("draws whole numbers evenly, all of them", () => {
    const random = createRandom(9);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

test("derived seeds are positive, usable by tfjs, and differ by every label and by the labels' boundaries", () => {
  const seeds = [
    deriveSeed(1),
    deriveSeed(2),
    deriveSeed(1, "a"),
    deriveSeed(1, "b"),
    deriveSeed(1, "ab"),
    deriveSeed(1, "a", "b"),
    deriveSeed(1, "b", "a"),
    deriveSeed(1, 0),
    deriveSeed(1, 1),
  ];
  expect(new Set(seeds).size).toBe(seeds.length);
  for (const seed of seeds) expect(Number.isInteger(seed) && seed > 0 && seed < 2 ** 31).toBe(true);
});

test("a permutation contains every index once, and all orders of three are equally frequent", () => {
  expect([...permutation(1000, createRandom(1))].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 1000 }, (_, i) => i),
  );
  const random = createRandom(2);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = permutation(3, random).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
