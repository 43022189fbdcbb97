/**
 * Batch normalization (Ioffe & Szegedy 2015) of columns, and its backward pass. Rows are divided into chunks of a fixed
 * size whose sums are combined in order, so the result does not depend on the number of threads.
 */

import { BatchNormalization } from "./batchNormalizationBlock";
import { look } from "./look";
import { madd } from "./simd";

@inline
function firstRow(p: BatchNormalization, chunk: i32): i32 {
  return chunk * p.chunk;
}

@inline
function rowsOf(p: BatchNormalization, chunk: i32): i32 {
  return min<i32>(p.chunk, p.rows - chunk * p.chunk);
}

/** Writes mean and squared deviations of one column of a chunk. */
function columnMoments(x: usize, stride: usize, n: i32, mean: usize, deviation: usize): void {
  let sum: f32 = 0;
  for (let i = 0, at = x; i < n; ++i, at += stride) sum += load<f32>(at);
  const m = sum / <f32>n;
  let squares: f32 = 0;
  for (let i = 0, at = x; i < n; ++i, at += stride) {
    const d = load<f32>(at) - m;
    squares += d * d;
  }
  store<f32>(mean, m);
  store<f32>(deviation, squares);
}

/** `columnMoments` of four columns side by side. */
function fourMoments(x: usize, stride: usize, n: i32, mean: usize, deviation: usize): void {
  let sum = f32x4.splat(0);
  for (let i = 0, at = x; i < n; ++i, at += stride) sum = f32x4.add(sum, v128.load(at));
  const m = f32x4.div(sum, f32x4.splat(<f32>n));
  let squares = f32x4.splat(0);
  for (let i = 0, at = x; i < n; ++i, at += stride) {
    const d = f32x4.sub(v128.load(at), m);
    squares = madd(d, d, squares);
  }
  v128.store(mean, m);
  v128.store(deviation, squares);
}

/** Computes the moments of chunks `from` … `to` − 1. */
export function batchMoments(p: BatchNormalization, from: i32, to: i32): void {
  const stride = <usize>p.width << 2, whole = <usize>(p.width & ~3) << 2;
  for (let chunk = from; chunk < to; ++chunk) {
    if (look()) return;
    const x = p.x + <usize>firstRow(p, chunk) * stride, n = rowsOf(p, chunk);
    const mean = p.sums + <usize>chunk * 2 * stride, deviation = mean + stride;
    let at: usize = 0;
    for (; at < whole; at += 16) fourMoments(x + at, stride, n, mean + at, deviation + at);
    for (; at < stride; at += 4) columnMoments(x + at, stride, n, mean + at, deviation + at);
  }
}

/** Combines the chunks: their moments (Chan, Golub & LeVeque 1983), or in the backward pass their sums. */
export function batchCombine(p: BatchNormalization, from: i32, to: i32): void {
  const stride = <usize>p.width << 2;
  for (let at = <usize>from << 2, end = <usize>to << 2; at < end; at += 4) {
    let mean: f64 = 0, squares: f64 = 0, count: f64 = 0;
    for (let chunk = 0, own = p.sums + at; chunk < p.chunks; ++chunk, own += 2 * stride) {
      const first = <f64>load<f32>(own), second = <f64>load<f32>(own + stride);
      if (p.dy) {
        mean += first;
        squares += second;
        continue;
      }
      const n = <f64>rowsOf(p, chunk), total = count + n, apart = first - mean;
      mean += apart * (n / total);
      squares += second + apart * apart * (count * n / total);
      count = total;
    }
    if (p.dy) {
      store<f32>(p.totals + at, <f32>mean);
      store<f32>(p.totals + stride + at, <f32>squares);
      continue;
    }
    const variance = squares / count;
    store<f32>(p.moments + at, <f32>mean);
    store<f32>(p.moments + stride + at, <f32>(1 / sqrt<f64>(variance + <f64>p.epsilon)));
    store<f32>(p.moments + 2 * stride + at, <f32>variance);
  }
}

/** Computes chunks `from` … `to` − 1 of the output. */
export function batchNormalize(p: BatchNormalization, from: i32, to: i32): void {
  const stride = <usize>p.width << 2, whole = <usize>(p.width & ~3) << 2;
  const mean = p.moments, inverse = mean + stride;
  for (let chunk = from; chunk < to; ++chunk) {
    if (look()) return;
    let row = <usize>firstRow(p, chunk) * stride;
    for (let n = rowsOf(p, chunk); n > 0; --n, row += stride) {
      const x = p.x + row, out = p.out + row;
      let at: usize = 0;
      for (; at < whole; at += 16) {
        const y = f32x4.mul(f32x4.sub(v128.load(x + at), v128.load(mean + at)), v128.load(inverse + at));
        v128.store(out + at, madd(y, v128.load(p.gamma + at), v128.load(p.beta + at)));
      }
      for (; at < stride; at += 4) {
        const y = (load<f32>(x + at) - load<f32>(mean + at)) * load<f32>(inverse + at);
        store<f32>(out + at, y * load<f32>(p.gamma + at) + load<f32>(p.beta + at));
      }
    }
  }
}

/** Computes the gradients of gamma and beta from chunks `from` … `to` − 1. */
export function batchSums(p: BatchNormalization, from: i32, to: i32): void {
  const stride = <usize>p.width << 2, whole = <usize>(p.width & ~3) << 2;
  for (let chunk = from; chunk < to; ++chunk) {
    if (look()) return;
    const start = <usize>firstRow(p, chunk) * stride, n = rowsOf(p, chunk);
    const sums = p.sums + <usize>chunk * 2 * stride;
    let at: usize = 0;
    for (; at < whole; at += 16) {
      const mean = v128.load(p.moments + at), inverse = v128.load(p.moments + stride + at);
      let product = f32x4.splat(0), sum = product;
      for (let i = 0, place = start + at; i < n; ++i, place += stride) {
        const d = v128.load(p.dy + place);
        product = madd(d, f32x4.mul(f32x4.sub(v128.load(p.x + place), mean), inverse), product);
        sum = f32x4.add(sum, d);
      }
      v128.store(sums + at, product);
      v128.store(sums + stride + at, sum);
    }
    for (; at < stride; at += 4) {
      const mean = load<f32>(p.moments + at), inverse = load<f32>(p.moments + stride + at);
      let product: f32 = 0, sum: f32 = 0;
      for (let i = 0, place = start + at; i < n; ++i, place += stride) {
        const d = load<f32>(p.dy + place);
        product += d * (load<f32>(p.x + place) - mean) * inverse;
        sum += d;
      }
      store<f32>(sums + at, product);
      store<f32>(sums + stride + at, sum);
    }
  }
}

/**
 * Computes the gradient of x in chunks `from` … `to` − 1. With x̂ = (x − mean) / σ:
 * dx = gamma / σ · (dy − dBeta / rows − x̂ · dGamma / rows).
 */
export function batchBack(p: BatchNormalization, from: i32, to: i32): void {
  const stride = <usize>p.width << 2, whole = <usize>(p.width & ~3) << 2;
  const mean = p.moments, inverse = mean + stride, dGamma = p.totals, dBeta = dGamma + stride;
  const share: f32 = 1 / <f32>p.rows, shares = f32x4.splat(share);
  for (let chunk = from; chunk < to; ++chunk) {
    if (look()) return;
    let row = <usize>firstRow(p, chunk) * stride;
    for (let n = rowsOf(p, chunk); n > 0; --n, row += stride) {
      const x = p.x + row, dy = p.dy + row, out = p.out + row;
      let at: usize = 0;
      for (; at < whole; at += 16) {
        const inverses = v128.load(inverse + at);
        const y = f32x4.mul(f32x4.sub(v128.load(x + at), v128.load(mean + at)), inverses);
        const common = f32x4.mul(madd(y, v128.load(dGamma + at), v128.load(dBeta + at)), shares);
        const factor = f32x4.mul(v128.load(p.gamma + at), inverses);
        v128.store(out + at, f32x4.mul(f32x4.sub(v128.load(dy + at), common), factor));
      }
      for (; at < stride; at += 4) {
        const y = (load<f32>(x + at) - load<f32>(mean + at)) * load<f32>(inverse + at);
        const common = (y * load<f32>(dGamma + at) + load<f32>(dBeta + at)) * share;
        store<f32>(out + at, (load<f32>(dy + at) - common) * load<f32>(p.gamma + at) * load<f32>(inverse + at));
      }
    }
  }
}
