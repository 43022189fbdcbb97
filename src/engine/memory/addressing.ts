/**
 * A head's weighting over the slots of one sample's memory (Graves, Wayne & Danihelka 2014, "Neural Turing Machines",
 * section 3.3, equations 5 to 9), and its gradients.
 *
 *     content   w_c = softmax(β · cos(key, slot))
 *     gate      w_g = g w_c + (1 − g) w_{t−1}
 *     shift     w_s(i) = Σ_j s(j) w_g(i − j), round the ends
 *     sharpen   w(i) ∝ w_s(i)^γ
 *
 * Without location addressing only the first step applies. Norms are √(‖x‖² + ε), so that a slot or key of zeros has
 * the same low similarity to everything and a finite gradient.
 */

import { type MemoryLayout, shifts } from "./layout.ts";

const epsilon = 1e-6;

/**
 * A head's record of one timestep holds N values each for similarity and weighting, and with location addressing also
 * for content weighting and shifted weighting.
 */
export class Addressing {
  readonly #layout: MemoryLayout;
  /** ∂L/∂ the weighting on entry, then ∂L/∂ its components. Fill it before calling `backward`. */
  readonly weighting: Float64Array;
  readonly #before: Float64Array;

  constructor(layout: MemoryLayout) {
    this.#layout = layout;
    this.weighting = new Float64Array(layout.slots);
    this.#before = new Float64Array(layout.slots);
  }

  /**
   * @param p squashed parameters; the head's begin at `at`.
   * @param memory slots × width; the sample's begins at `memoryAt`.
   * @param records receives the head's record at `recordAt`; its record of the previous timestep is at `beforeAt`.
   */
  forward(
    p: Float32Array,
    at: number,
    memory: Float32Array,
    memoryAt: number,
    records: Float32Array,
    recordAt: number,
    beforeAt: number,
  ): void {
    const { slots, width, locationAddressing, gateAt, shiftAt, sharpnessAt } = this.#layout;
    const keyNorm = normAt(p, at, width);
    const strength = p[at + width]!;
    let max = -Infinity;
    for (let i = 0; i < slots; i++) {
      const slot = memoryAt + i * width;
      let dot = 0;
      for (let k = 0; k < width; k++) dot += p[at + k]! * memory[slot + k]!;
      const similarity = dot / (keyNorm * normAt(memory, slot, width));
      records[recordAt + i] = similarity;
      if (!(similarity <= max)) max = similarity;
    }
    const weightingAt = recordAt + slots;
    const contentAt = locationAddressing ? recordAt + 2 * slots : weightingAt;
    let sum = 0;
    for (let i = 0; i < slots; i++) {
      const e = Math.exp(strength * (records[recordAt + i]! - max));
      records[contentAt + i] = e;
      sum += e;
    }
    for (let i = 0; i < slots; i++) records[contentAt + i] = records[contentAt + i]! / sum;
    if (!locationAddressing) return;

    const gate = p[at + gateAt]!;
    const gated = this.#before;
    for (let i = 0; i < slots; i++)
      gated[i] = gate * records[contentAt + i]! + (1 - gate) * records[beforeAt + slots + i]!;
    const shiftedAt = recordAt + 3 * slots;
    let largest = 0;
    for (let i = 0; i < slots; i++) {
      let shifted = 0;
      for (let j = 0; j < shifts; j++) shifted += p[at + shiftAt + j]! * gated[(i + slots + 1 - j) % slots]!;
      records[shiftedAt + i] = shifted;
      if (!(shifted <= largest)) largest = shifted;
    }
    const sharpness = p[at + sharpnessAt]!;
    let total = 0;
    for (let i = 0; i < slots; i++) {
      const power = (records[shiftedAt + i]! / largest) ** sharpness;
      records[weightingAt + i] = power;
      total += power;
    }
    for (let i = 0; i < slots; i++) records[weightingAt + i] = records[weightingAt + i]! / total;
  }

  /**
   * Back-propagates `this.weighting` (∂L/∂ the weighting), which it overwrites. Other arguments as in `forward`. Adds
   * to
   *
   * @param dp ∂L/∂ the squashed parameters, with the layout of `p`.
   * @param dMemory ∂L/∂ the memory; the sample's begins at `dMemoryAt`.
   * @param dBefore ∂L/∂ the head's weighting at the previous timestep, N values from `dBeforeAt` on.
   */
  backward(
    p: Float32Array,
    at: number,
    memory: Float32Array,
    memoryAt: number,
    records: Float32Array,
    recordAt: number,
    beforeAt: number,
    dp: Float64Array,
    dMemory: Float64Array,
    dMemoryAt: number,
    dBefore: Float64Array,
    dBeforeAt: number,
  ): void {
    const { slots, width, locationAddressing } = this.#layout;
    const d = this.weighting;
    if (locationAddressing) this.#location(p, at, records, recordAt, beforeAt, dp, dBefore, dBeforeAt);
    const contentAt = recordAt + (locationAddressing ? 2 : 1) * slots;
    const strength = p[at + width]!;
    const keyNorm = normAt(p, at, width);
    let mean = 0;
    for (let i = 0; i < slots; i++) mean += records[contentAt + i]! * d[i]!;
    let dStrength = 0;
    for (let i = 0; i < slots; i++) {
      const score = records[contentAt + i]! * (d[i]! - mean);
      if (score === 0) continue;
      const similarity = records[recordAt + i]!;
      dStrength += score * similarity;
      const dSimilarity = score * strength;
      const slot = memoryAt + i * width;
      const slotNorm = normAt(memory, slot, width);
      const across = dSimilarity / (keyNorm * slotNorm);
      const alongKey = (dSimilarity * similarity) / (keyNorm * keyNorm);
      const alongSlot = (dSimilarity * similarity) / (slotNorm * slotNorm);
      const dSlot = dMemoryAt + i * width;
      for (let k = 0; k < width; k++) {
        const key = p[at + k]!;
        const value = memory[slot + k]!;
        dp[at + k] = dp[at + k]! + across * value - alongKey * key;
        dMemory[dSlot + k] = dMemory[dSlot + k]! + across * key - alongSlot * value;
      }
    }
    dp[at + width] = dp[at + width]! + dStrength;
  }

  /** Turns ∂L/∂w into ∂L/∂w_c. */
  #location(
    p: Float32Array,
    at: number,
    records: Float32Array,
    recordAt: number,
    beforeAt: number,
    dp: Float64Array,
    dBefore: Float64Array,
    dBeforeAt: number,
  ): void {
    const { slots, gateAt, shiftAt, sharpnessAt } = this.#layout;
    const d = this.weighting;
    const weightingAt = recordAt + slots;
    const contentAt = recordAt + 2 * slots;
    const shiftedAt = recordAt + 3 * slots;
    const sharpness = p[at + sharpnessAt]!;
    let mean = 0;
    for (let i = 0; i < slots; i++) mean += records[weightingAt + i]! * d[i]!;
    let dSharpness = 0;
    // w = softmax(γ log w_s). A slot without any weight cannot gain any: w_s^γ is flat at 0 for γ > 1.
    for (let i = 0; i < slots; i++) {
      const shifted = records[shiftedAt + i]!;
      const score = records[weightingAt + i]! * (d[i]! - mean);
      if (score === 0) {
        d[i] = 0;
        continue;
      }
      dSharpness += score * Math.log(shifted);
      d[i] = (score * sharpness) / shifted;
    }
    dp[at + sharpnessAt] = dp[at + sharpnessAt]! + dSharpness;

    const gate = p[at + gateAt]!;
    const dGated = this.#before;
    dGated.fill(0);
    let dGate = 0;
    for (let j = 0; j < shifts; j++) {
      const share = p[at + shiftAt + j]!;
      let dShare = 0;
      for (let i = 0; i < slots; i++) {
        const from = (i + slots + 1 - j) % slots;
        const gated = gate * records[contentAt + from]! + (1 - gate) * records[beforeAt + slots + from]!;
        dShare += d[i]! * gated;
        dGated[from] = dGated[from]! + d[i]! * share;
      }
      dp[at + shiftAt + j] = dp[at + shiftAt + j]! + dShare;
    }
    for (let i = 0; i < slots; i++) {
      dGate += dGated[i]! * (records[contentAt + i]! - records[beforeAt + slots + i]!);
      dBefore[dBeforeAt + i] = dBefore[dBeforeAt + i]! + (1 - gate) * dGated[i]!;
      d[i] = gate * dGated[i]!;
    }
    dp[at + gateAt] = dp[at + gateAt]! + dGate;
  }
}

function normAt(values: Float32Array, at: number, width: number): number {
  let sum = epsilon;
  for (let k = at; k < at + width; k++) sum += values[k]! * values[k]!;
  return Math.sqrt(sum);
}
