/**
 * Depthwise convolutions: every channel of an image has its own filters, so they cannot be written as a product. The
 * three passes walk over the same pixels and differ only in the array that they add to: image, filter or output.
 */

import { Depthwise } from "./depthwiseBlock";
import { look } from "./look";
import { madd } from "./simd";

/** The array to add to. */
const OUTPUT: i32 = 0;
const IMAGE: i32 = 1;
const FILTER: i32 = 2;

function zero(to: usize, floats: i32): void {
  for (let i = 0; i < floats; ++i, to += 4) store<f32>(to, 0);
}

/** Adds one pixel at one place of the filter: `n` channels with one filter each. */
@inline
function addChannels(target: i32, x: usize, w: usize, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 16, w += 16, y += 16) {
    if (target == OUTPUT) v128.store(y, madd(v128.load(x), v128.load(w), v128.load(y)));
    else if (target == IMAGE) v128.store(x, madd(v128.load(y), v128.load(w), v128.load(x)));
    else v128.store(w, madd(v128.load(x), v128.load(y), v128.load(w)));
  }
  for (; n > 0; --n, x += 4, w += 4, y += 4) {
    if (target == OUTPUT) store<f32>(y, load<f32>(y) + load<f32>(x) * load<f32>(w));
    else if (target == IMAGE) store<f32>(x, load<f32>(x) + load<f32>(y) * load<f32>(w));
    else store<f32>(w, load<f32>(w) + load<f32>(x) * load<f32>(y));
  }
}

/** The same with `multiplier` filters per channel. */
@inline
function addFilters(target: i32, x: usize, w: usize, y: usize, n: i32, multiplier: i32): void {
  for (; n > 0; --n, x += 4) {
    for (let m = 0; m < multiplier; ++m, w += 4, y += 4) {
      if (target == OUTPUT) store<f32>(y, load<f32>(y) + load<f32>(x) * load<f32>(w));
      else if (target == IMAGE) store<f32>(x, load<f32>(x) + load<f32>(y) * load<f32>(w));
      else store<f32>(w, load<f32>(w) + load<f32>(x) * load<f32>(y));
    }
  }
}

/** Processes one item: every pixel of the output, and every place of the filter that lies over the image there. */
@inline
function walk(p: Depthwise, target: i32, image: usize, filter: usize, output: usize): void {
  const C = p.channels, M = p.multiplier;
  const pixel = <usize>C << 2, place = <usize>(C * M) << 2;
  let y = output;
  for (let oy = 0; oy < p.outHeight; ++oy) {
    for (let ox = 0; ox < p.outWidth; ++ox, y += place) {
      let w = filter;
      for (let fy = 0; fy < p.filterHeight; ++fy) {
        const iy = oy * p.strideY - p.padTop + fy * p.dilationY;
        for (let fx = 0; fx < p.filterWidth; ++fx, w += place) {
          const ix = ox * p.strideX - p.padLeft + fx * p.dilationX;
          if (<u32>iy >= <u32>p.height || <u32>ix >= <u32>p.width) continue;
          const x = image + <usize>(iy * p.width + ix) * pixel;
          if (M == 1) addChannels(target, x, w, y, C);
          else addFilters(target, x, w, y, C, M);
        }
      }
    }
  }
}

/** Number of floats of one item's image, filter and output. */
@inline
function imageSize(p: Depthwise): i32 {
  return p.height * p.width * p.channels;
}
@inline
function filterSize(p: Depthwise): i32 {
  return p.filterHeight * p.filterWidth * p.channels * p.multiplier;
}
@inline
function outputSize(p: Depthwise): i32 {
  return p.outHeight * p.outWidth * p.channels * p.multiplier;
}

/** Computes the output of items `from` … `to` − 1. */
export function depthwise(p: Depthwise, from: i32, to: i32): void {
  for (let item = from; item < to; ++item) {
    if (look()) return;
    const output = p.output + (<usize>item * <usize>outputSize(p) << 2);
    zero(output, outputSize(p));
    walk(p, OUTPUT, p.image + (<usize>item * <usize>imageSize(p) << 2), p.filter, output);
  }
}

/** Computes the gradient of the image for these items. */
export function depthwiseImage(p: Depthwise, from: i32, to: i32): void {
  for (let item = from; item < to; ++item) {
    if (look()) return;
    const image = p.image + (<usize>item * <usize>imageSize(p) << 2);
    zero(image, imageSize(p));
    walk(p, IMAGE, image, p.filter, p.output + (<usize>item * <usize>outputSize(p) << 2));
  }
}

/** Computes the gradient of the filter from each of these items. */
export function depthwiseFilter(p: Depthwise, from: i32, to: i32): void {
  for (let item = from; item < to; ++item) {
    if (look()) return;
    const filter = p.filter + (<usize>item * <usize>filterSize(p) << 2);
    zero(filter, filterSize(p));
    const image = p.image + (<usize>item * <usize>imageSize(p) << 2);
    walk(p, FILTER, image, filter, p.output + (<usize>item * <usize>outputSize(p) << 2));
  }
}
