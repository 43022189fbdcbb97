/** The controller's cell, starting from its pre-activations of one timestep, and its gradients. */

import type { Tape } from "./tape.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Fills h (in the outputs), c and the gates of timestep `t` (0-based).
 *
 * @param pre B × (gates × H): LSTM i, f, c, o with sigmoid gates (Hochreiter & Schmidhuber 1997; Gers et al. 2000).
 */
export function controllerForward(tape: Tape, t: number, pre: Float32Array): void {
  const { samples, outputs, gates, cells } = tape;
  const { controller, units, outputs: stride } = tape.layout;
  for (let b = 0; b < samples; b++) {
    const output = ((t + 1) * samples + b) * stride;
    if (controller === "simpleRNN") {
      for (let u = 0; u < units; u++) outputs[output + u] = Math.tanh(pre[b * units + u]!);
      continue;
    }
    const from = b * 4 * units;
    const gate = (t * samples + b) * 4 * units;
    const before = (t * samples + b) * units;
    const after = before + samples * units;
    for (let u = 0; u < units; u++) {
      const i = sigmoid(pre[from + u]!);
      const f = sigmoid(pre[from + units + u]!);
      const candidate = Math.tanh(pre[from + 2 * units + u]!);
      const o = sigmoid(pre[from + 3 * units + u]!);
      gates[gate + u] = i;
      gates[gate + units + u] = f;
      gates[gate + 2 * units + u] = candidate;
      gates[gate + 3 * units + u] = o;
      const c = f * cells[before + u]! + i * candidate;
      cells[after + u] = c;
      outputs[output + u] = o * Math.tanh(c);
    }
  }
}

/**
 * Adds to `dCell` (∂L/∂c_t without this path) the gradient that reaches c_t through h_t. All are B × H; does nothing
 * for a simple controller.
 */
export function throughHidden(tape: Tape, t: number, dHidden: Float64Array, dCell: Float64Array): void {
  const { samples, gates, cells } = tape;
  const { controller, units } = tape.layout;
  if (controller === "simpleRNN") return;
  for (let b = 0; b < samples; b++) {
    const gate = ((t * samples + b) * 4 + 3) * units;
    const after = ((t + 1) * samples + b) * units;
    for (let u = 0; u < units; u++) {
      const squashed = Math.tanh(cells[after + u]!);
      const at = b * units + u;
      dCell[at] = dCell[at]! + dHidden[at]! * gates[gate + u]! * (1 - squashed * squashed);
    }
  }
}

/**
 * ∂L/∂ the pre-activations, from the complete ∂L/∂h_t and ∂L/∂c_t.
 *
 * @param dCell becomes ∂L/∂c_{t−1}, without the gradient that reaches c_{t−1} through h_{t−1}.
 * @param dPre receives B × (gates × H).
 */
export function controllerBackward(
  tape: Tape,
  t: number,
  dHidden: Float64Array,
  dCell: Float64Array,
  dPre: Float64Array,
): void {
  const { samples, outputs, gates, cells } = tape;
  const { controller, units, outputs: stride } = tape.layout;
  for (let b = 0; b < samples; b++) {
    if (controller === "simpleRNN") {
      const output = ((t + 1) * samples + b) * stride;
      for (let u = 0; u < units; u++) {
        const h = outputs[output + u]!;
        dPre[b * units + u] = dHidden[b * units + u]! * (1 - h * h);
      }
      continue;
    }
    const to = b * 4 * units;
    const gate = (t * samples + b) * 4 * units;
    const before = (t * samples + b) * units;
    const after = before + samples * units;
    for (let u = 0; u < units; u++) {
      const i = gates[gate + u]!;
      const f = gates[gate + units + u]!;
      const candidate = gates[gate + 2 * units + u]!;
      const o = gates[gate + 3 * units + u]!;
      const dh = dHidden[b * units + u]!;
      const dc = dCell[b * units + u]!;
      dPre[to + u] = dc * candidate * i * (1 - i);
      dPre[to + units + u] = dc * cells[before + u]! * f * (1 - f);
      dPre[to + 2 * units + u] = dc * i * (1 - candidate * candidate);
      dPre[to + 3 * units + u] = dh * Math.tanh(cells[after + u]!) * o * (1 - o);
      dCell[b * units + u] = dc * f;
    }
  }
}
