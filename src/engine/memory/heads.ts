/** The heads' operations on the memory of every sample at one timestep, and their gradients. */

import type { Addressing } from "./addressing.ts";
import { headAt } from "./layout.ts";
import { unsquash } from "./parameters.ts";
import type { Tape } from "./tape.ts";

/**
 * Write heads address M_{t−1} and turn it into M_t; read heads address M_t and read it:
 *
 *     M_t(i) = M_{t−1}(i) Π (1 − w(i) e) + Σ w(i) a        r_t = Σ w(i) M_t(i)
 *
 * (Graves et al. 2014, equations 2 to 4.) Erasing multiplies and adding adds, so the order of the write heads does not
 * matter.
 */
export function headsForward(tape: Tape, t: number, addressing: Addressing): void {
  const { layout, samples, parameters: p, memory, records, outputs } = tape;
  const { heads, writeHeads, cells, slots, width, units, eraseAt, addAt, record } = layout;
  for (let b = 0; b < samples; b++) {
    const before = (t * samples + b) * cells;
    const after = before + samples * cells;
    const recordBefore = (t * samples + b) * heads * record;
    const recordAfter = recordBefore + samples * heads * record;
    const from = (t * samples + b) * layout.parameters;
    memory.copyWithin(after, before, before + cells);
    for (let head = 0; head < writeHeads; head++) {
      const own = head * record;
      addressing.forward(
        p,
        from + headAt(layout, head),
        memory,
        before,
        records,
        recordAfter + own,
        recordBefore + own,
      );
    }
    for (let head = 0; head < writeHeads; head++) {
      const erase = from + headAt(layout, head) + eraseAt;
      const weighting = recordAfter + head * record + slots;
      for (let i = 0; i < slots; i++) {
        const w = records[weighting + i]!;
        const at = after + i * width;
        for (let k = 0; k < width; k++) memory[at + k] = memory[at + k]! * (1 - w * p[erase + k]!);
      }
    }
    for (let head = 0; head < writeHeads; head++) {
      const add = from + headAt(layout, head) + addAt;
      const weighting = recordAfter + head * record + slots;
      for (let i = 0; i < slots; i++) {
        const w = records[weighting + i]!;
        const at = after + i * width;
        for (let k = 0; k < width; k++) memory[at + k] = memory[at + k]! + w * p[add + k]!;
      }
    }
    for (let head = writeHeads; head < heads; head++) {
      const own = head * record;
      addressing.forward(p, from + headAt(layout, head), memory, after, records, recordAfter + own, recordBefore + own);
      const read = ((t + 1) * samples + b) * layout.outputs + units + (head - writeHeads) * width;
      for (let i = 0; i < slots; i++) {
        const w = records[recordAfter + own + slots + i]!;
        const at = after + i * width;
        for (let k = 0; k < width; k++) outputs[read + k] = outputs[read + k]! + w * memory[at + k]!;
      }
    }
  }
}

/** What the walk back carries from a timestep to the previous one, besides the controller's share. */
export interface MemoryGradient {
  /** ∂L/∂M, B × slots × width. */
  readonly memory: Float64Array;
  /** ∂L/∂ each head's weighting, B × heads × slots: location addressing starts from the previous weighting. */
  readonly weightings: Float64Array;
}

/**
 * @param dOutput ∂L/∂[h_t, r_t], B × outputs; its part for h is left to the caller.
 * @param carried gradients that timestep t + 1 sends to t; its `memory` becomes the complete ∂L/∂M_t.
 * @param dParameters receives ∂L/∂ the heads' parameters before squashing, B × parameters.
 * @param before receives the gradients that timestep t sends to t − 1.
 */
export function headsBackward(
  tape: Tape,
  t: number,
  addressing: Addressing,
  dOutput: Float64Array,
  carried: MemoryGradient,
  dParameters: Float64Array,
  before: MemoryGradient,
): void {
  const { layout, samples } = tape;
  dParameters.fill(0);
  before.memory.fill(0);
  before.weightings.fill(0);
  for (let b = 0; b < samples; b++) {
    readsBackward(tape, t, b, addressing, dOutput, carried, dParameters, before);
    writesBackward(tape, t, b, addressing, carried, dParameters, before);
  }
  const p = tape.parameters.subarray(t * samples * layout.parameters, (t + 1) * samples * layout.parameters);
  for (let b = 0; b < samples; b++) unsquash(dParameters, p, b * layout.parameters, layout);
}

function readsBackward(
  tape: Tape,
  t: number,
  b: number,
  addressing: Addressing,
  dOutput: Float64Array,
  carried: MemoryGradient,
  dParameters: Float64Array,
  before: MemoryGradient,
): void {
  const { layout, samples, parameters, memory, records } = tape;
  const { heads, writeHeads, cells, slots, width, units, record } = layout;
  const after = ((t + 1) * samples + b) * cells;
  const recordAfter = ((t + 1) * samples + b) * heads * record;
  const recordBefore = recordAfter - samples * heads * record;
  const p = parameters.subarray((t * samples + b) * layout.parameters, (t * samples + b + 1) * layout.parameters);
  const dp = dParameters.subarray(b * layout.parameters, (b + 1) * layout.parameters);
  for (let head = writeHeads; head < heads; head++) {
    const dRead = b * layout.outputs + units + (head - writeHeads) * width;
    const own = head * record;
    const dWeighting = (b * heads + head) * slots;
    for (let i = 0; i < slots; i++) {
      const w = records[recordAfter + own + slots + i]!;
      const at = after + i * width;
      const dAt = b * cells + i * width;
      let dw = carried.weightings[dWeighting + i]!;
      for (let k = 0; k < width; k++) {
        dw += dOutput[dRead + k]! * memory[at + k]!;
        carried.memory[dAt + k] = carried.memory[dAt + k]! + w * dOutput[dRead + k]!;
      }
      addressing.weighting[i] = dw;
    }
    addressing.backward(
      p,
      headAt(layout, head),
      memory,
      after,
      records,
      recordAfter + own,
      recordBefore + own,
      dp,
      carried.memory,
      b * cells,
      before.weightings,
      dWeighting,
    );
  }
}

function writesBackward(
  tape: Tape,
  t: number,
  b: number,
  addressing: Addressing,
  carried: MemoryGradient,
  dParameters: Float64Array,
  before: MemoryGradient,
): void {
  const { layout, samples, parameters, memory, records } = tape;
  const { heads, writeHeads, cells, slots, width, eraseAt, addAt, record } = layout;
  const former = (t * samples + b) * cells;
  const recordBefore = (t * samples + b) * heads * record;
  const recordAfter = recordBefore + samples * heads * record;
  const p = parameters.subarray((t * samples + b) * layout.parameters, (t * samples + b + 1) * layout.parameters);
  const dp = dParameters.subarray(b * layout.parameters, (b + 1) * layout.parameters);
  /** The factor that the heads other than `except` leave of the k-th number of slot i. */
  const left = (i: number, k: number, except: number): number => {
    let share = 1;
    for (let head = 0; head < writeHeads; head++) {
      if (head === except) continue;
      share *= 1 - records[recordAfter + head * record + slots + i]! * p[headAt(layout, head) + eraseAt + k]!;
    }
    return share;
  };
  for (let i = 0; i < slots; i++)
    for (let k = 0; k < width; k++) {
      const at = b * cells + i * width + k;
      before.memory[at] = carried.memory[at]! * left(i, k, -1);
    }
  for (let head = 0; head < writeHeads; head++) {
    const own = head * record;
    const at = headAt(layout, head);
    const dWeighting = (b * heads + head) * slots;
    for (let i = 0; i < slots; i++) {
      const w = records[recordAfter + own + slots + i]!;
      let dw = carried.weightings[dWeighting + i]!;
      for (let k = 0; k < width; k++) {
        const d = carried.memory[b * cells + i * width + k]!;
        const erased = memory[former + i * width + k]! * (writeHeads === 1 ? 1 : left(i, k, head));
        dp[at + addAt + k] = dp[at + addAt + k]! + w * d;
        dp[at + eraseAt + k] = dp[at + eraseAt + k]! - w * d * erased;
        dw += d * (p[at + addAt + k]! - erased * p[at + eraseAt + k]!);
      }
      addressing.weighting[i] = dw;
    }
    addressing.backward(
      p,
      at,
      memory,
      former,
      records,
      recordAfter + own,
      recordBefore + own,
      dp,
      before.memory,
      b * cells,
      before.weightings,
      dWeighting,
    );
  }
}
