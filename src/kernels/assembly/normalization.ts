/**
 * Layer normalization (Ba et al. 2016) of rows, and its backward pass. Rows are divided into chunks of a fixed size.
 * Each chunk has its own sums for the gradients of gamma and beta, so the result does not depend on the number of
 * threads.
 */

import { look } from "./look";
import { Normalization } from "./normalizationBlock";
import { madd } from "./simd";

@inline
function sumOf(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3);
}

function meanOf(x: usize, width: i32): f32 {
  let four = f32x4.splat(0), k = width;
  for (; k >= 4; k -= 4, x += 16) four = f32x4.add(four, v128.load(x));
  let sum = sumOf(four);
  for (; k > 0; --k, x += 4) sum += load<f32>(x);
  return sum / <f32>width;
}

/** 1 / √(variance + epsilon). */
function inverseDeviation(x: usize, width: i32, mean: f32, epsilon: f32): f32 {
  const means = f32x4.splat(mean);
  let four = f32x4.splat(0), k = width;
  for (; k >= 4; k -= 4, x += 16) {
    const d = f32x4.sub(v128.load(x), means);
    four = madd(d, d, four);
  }
  let sum = sumOf(four);
  for (; k > 0; --k, x += 4) {
    const d = load<f32>(x) - mean;
    sum += d * d;
  }
  return 1 / sqrt<f32>(sum / <f32>width + epsilon);
}

function normalizeRow(x: usize, gamma: usize, beta: usize, out: usize, width: i32, epsilon: f32): void {
  const mean = meanOf(x, width), inverse = inverseDeviation(x, width, mean, epsilon);
  const means = f32x4.splat(mean), inverses = f32x4.splat(inverse);
  let k = width;
  for (; k >= 4; k -= 4, x += 16, gamma += 16, beta += 16, out += 16) {
    const y = f32x4.mul(f32x4.sub(v128.load(x), means), inverses);
    v128.store(out, madd(y, v128.load(gamma), v128.load(beta)));
  }
  for (; k > 0; --k, x += 4, gamma += 4, beta += 4, out += 4)
    store<f32>(out, (load<f32>(x) - mean) * inverse * load<f32>(gamma) + load<f32>(beta));
}

/** With x̂ = (x − mean) / σ and g = dy ∘ gamma: dx = (g − mean(g) − x̂ ∘ mean(g ∘ x̂)) / σ. */
function rowBack(x: usize, gamma: usize, dy: usize, dx: usize, dGamma: usize, dBeta: usize, width: i32, epsilon: f32): void {
  const mean = meanOf(x, width), inverse = inverseDeviation(x, width, mean, epsilon);
  const means = f32x4.splat(mean), inverses = f32x4.splat(inverse);
  let g4 = f32x4.splat(0), gx4 = f32x4.splat(0);
  const whole = <usize>(width & ~3) << 2, end = <usize>width << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    const y = f32x4.mul(f32x4.sub(v128.load(x + at), means), inverses), d = v128.load(dy + at);
    const g = f32x4.mul(d, v128.load(gamma + at));
    v128.store(dGamma + at, madd(d, y, v128.load(dGamma + at)));
    v128.store(dBeta + at, f32x4.add(d, v128.load(dBeta + at)));
    g4 = f32x4.add(g4, g);
    gx4 = madd(g, y, gx4);
  }
  let gSum = sumOf(g4), gxSum = sumOf(gx4);
  for (; at < end; at += 4) {
    const y = (load<f32>(x + at) - mean) * inverse, d = load<f32>(dy + at), g = d * load<f32>(gamma + at);
    store<f32>(dGamma + at, load<f32>(dGamma + at) + d * y);
    store<f32>(dBeta + at, load<f32>(dBeta + at) + d);
    gSum += g;
    gxSum += g * y;
  }
  const gMean = gSum / <f32>width, gxMean = gxSum / <f32>width;
  const gMeans = f32x4.splat(gMean), gxMeans = f32x4.splat(gxMean);
  for (at = 0; at < whole; at += 16) {
    const y = f32x4.mul(f32x4.sub(v128.load(x + at), means), inverses);
    const g = f32x4.mul(v128.load(dy + at), v128.load(gamma + at));
    v128.store(dx + at, f32x4.mul(f32x4.sub(f32x4.sub(g, gMeans), f32x4.mul(y, gxMeans)), inverses));
  }
  for (; at < end; at += 4) {
    const y = (load<f32>(x + at) - mean) * inverse, g = load<f32>(dy + at) * load<f32>(gamma + at);
    store<f32>(dx + at, (g - gMean - y * gxMean) * inverse);
  }
}

/** Computes chunks `from` … `to` − 1 of the output. */
export function normalize(p: Normalization, from: i32, to: i32): void {
  const bytes = <usize>p.width << 2;
  for (let chunk = from; chunk < to; ++chunk) {
    if (look()) return;
    for (let row = chunk * p.chunk, end = min<i32>(p.rows, row + p.chunk); row < end; ++row) {
      const at = <usize>row * bytes;
      normalizeRow(p.x + at, p.gamma, p.beta, p.out + at, p.width, p.epsilon);
    }
  }
}

/** Computes chunks `from` … `to` − 1 of the backward pass. */
export function normalizeBack(p: Normalization, from: i32, to: i32): void {
  const bytes = <usize>p.width << 2;
  for (let chunk = from; chunk < to; ++chunk) {
    if (look()) return;
    const sums = p.sums + <usize>chunk * 2 * bytes;
    for (let at: usize = 0; at < 2 * bytes; at += 4) store<f32>(sums + at, 0);
    for (let row = chunk * p.chunk, end = min<i32>(p.rows, row + p.chunk); row < end; ++row) {
      const at = <usize>row * bytes;
      rowBack(p.x + at, p.gamma, p.dy + at, p.out + at, sums, sums + bytes, p.width, p.epsilon);
    }
  }
}
