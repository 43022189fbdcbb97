/**
 * Random numbers that are the same on every platform: xoshiro128** (Blackman & Vigna 2021, "Scrambled linear
 * pseudorandom number generators", ACM TOMS 47(4)) with 32-bit integer arithmetic only.
 */

import { afterPairs } from "./randomJump.ts";

export interface Random {
  /** A whole number in [0, 2³²). */
  uint32(): number;
  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number;
  /** A whole number in [0, n), n ≤ 2³², without modulo bias. */
  integer(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Passes over this many uniform numbers, however many they are. */
  skip(n: number): void;
}

/** A generator whose state is filled from `seed` (any finite number). */
export function createRandom(seed: number): Random {
  const mix = splitMix32(foldSeed(seed));
  return xoshiro128([mix(), mix(), mix(), mix()]);
}

/** The generator itself, from its four words of state (not all zero). */
export function xoshiro128(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;

  function uint32(): number {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotl(d, 11);
    return result;
  }

  function uniform(): number {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  function integer(n: number): number {
    const limit = 2 ** 32 - (2 ** 32 % n);
    let x = uint32();
    while (x >= limit) x = uint32();
    return x % n;
  }

  let spare: number | null = null;

  /** Marsaglia's polar method: one logarithm and one root for two numbers. */
  function normal(): number {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const s = x * x + y * y;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = y * scale;
        return x * scale;
      }
    }
  }

  /** A uniform number takes two steps of the state. */
  function skip(n: number): void {
    [a, b, c, d] = afterPairs([a, b, c, d], n);
  }

  return { uint32, uniform, integer, normal, skip };
}

/**
 * A seed (a positive whole number below 2³¹) that depends on `seed` and on every label: so that each use has its own.
 */
export function deriveSeed(seed: number, ...labels: readonly (string | number)[]): number {
  let hash = foldSeed(seed);
  for (const label of labels) {
    // FNV-1a over the label's UTF-16 units, ended by a separator so that ("a", "b") differs from ("ab").
    for (const char of `${label}\u0000`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    hash = avalanche(hash);
  }
  return (avalanche(hash) >>> 1) | 1;
}

/** 0 … n−1 in random order (Fisher–Yates). */
export function permutation(n: number, random: Random): Uint32Array {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

function rotl(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** Uses both halves of a seed beyond 32 bits. */
function foldSeed(seed: number): number {
  const low = seed >>> 0;
  const high = Math.floor(seed / 2 ** 32) >>> 0;
  return (low ^ avalanche(high)) | 0;
}

/** The finalizer of MurmurHash3: every bit of the input turns about half of the output's. */
function avalanche(x: number): number {
  let h = x;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Weyl sequence through the finalizer: xoshiro's authors advise filling its state with another generator. */
function splitMix32(seed: number): () => number {
  let x = seed;
  return () => {
    x = (x + 0x9e3779b9) | 0;
    return avalanche(x);
  };
}
