/** Taps inside a recurrent cell: on its states, its output, its weights and its gates, one timestep at a time. */

import * as tf from "@tensorflow/tfjs-core";
import { LayerVariable } from "@tensorflow/tfjs-layers";
import { PeepholeLSTMCell } from "../layers/peepholeLstm.ts";
import { activationAt, numberAt, override } from "../tfjs/internals.ts";
import type { MeasuredCell } from "./layers.ts";
import type { Sequence } from "./sequence.ts";
import { tap, tapWithProbe } from "./tap.ts";

/** What the surrounding layer knows about the pass. */
export interface CellPass {
  readonly sequence: Sequence;
  readonly probe: tf.Tensor;
  /** One B × 1 tensor of zeros and ones per timestep in reading order; null: nothing is masked. */
  readonly masks: readonly tf.Tensor[] | null;
  /** Whether the cell's output at a timestep is used other than as its state. */
  usesOutput(timestep: number): boolean;
  /** Whether truncation blocks the gradient from a timestep to the previous one. */
  cutsBefore(timestep: number): boolean;
  /** Receives the directions of a simpleRNN's state gradients, timestep by timestep; null: not needed. */
  readonly directions: ((rows: Float32Array) => void) | null;
  /** Sees the output of every timestep and its gradient, for a cell that is measured as a layer of a stack. */
  readonly watch: { output(output: tf.Tensor): void; outputGradient(dy: tf.Tensor): void } | null;
}

/**
 * Taps the cell until the returned function is called.
 *
 * Masking is done here, with the operations of tfjs's own loop, which must then be called without a mask: a masked
 * sample's state is carried over, and that transport is part of the recurrence.
 */
export function tapCell(measured: MeasuredCell, pass: CellPass): () => void {
  const { cell, innerState } = measured;
  const { sequence } = pass;
  const undo: (() => void)[] = [];
  let activationCalls = 0;
  let gateCalls = 0;

  if (measured.scaled) {
    for (const [key, variable] of Object.entries(cell)) {
      if (!(variable instanceof LayerVariable)) continue;
      const read = (): tf.Tensor => {
        const t = sequence.timestep;
        return tap(variable.read(), (dy) =>
          key === "recurrentKernel" ? sequence.contribution(t, dy) : sequence.leaving(t, dy),
        );
      };
      undo.push(override(cell, key, Object.create(variable, { read: { value: read } })));
    }
  }

  const activation = activationAt(cell, "activation");
  if (cell instanceof PeepholeLSTMCell) {
    const passOn = (c: tf.Tensor): tf.Tensor => {
      const t = sequence.timestep;
      return tap(c, (dy) => sequence.inner(t, 1, dy));
    };
    undo.push(override(cell, "passOn", passOn));
  } else if (innerState && activation) {
    const apply = (x: tf.Tensor): tf.Tensor => {
      activationCalls++;
      if (activationCalls !== 2) return activation.apply(x);
      const t = sequence.timestep;
      return activation.apply(tap(x, (dy) => sequence.inner(t, 1, dy)));
    };
    undo.push(override(cell, "activation", Object.create(activation, { apply: { value: apply } })));
  }

  const { directions } = pass;
  // Recurrent dropout changes the operand of U, which the regularizer's formula does not account for.
  const listened = cell.getClassName() === "SimpleRNNCell" && !((numberAt(cell, "recurrentDropout") ?? 0) > 0);
  if (directions && listened && activation) {
    const apply = (x: tf.Tensor): tf.Tensor => {
      const t = sequence.timestep;
      const seen = (dy: tf.Tensor): tf.Tensor => {
        if (t > 1) directions(sequence.directions(dy));
        return dy;
      };
      return activation.apply(tap(x, seen));
    };
    undo.push(override(cell, "activation", Object.create(activation, { apply: { value: apply } })));
  }

  const recurrentActivation = activationAt(cell, "recurrentActivation");
  if (measured.gates.length > 0 && recurrentActivation) {
    const apply = (x: tf.Tensor): tf.Tensor => {
      const values = recurrentActivation.apply(x);
      sequence.gate(gateCalls, values);
      gateCalls++;
      return values;
    };
    undo.push(override(cell, "recurrentActivation", Object.create(recurrentActivation, { apply: { value: apply } })));
  }

  const call = cell.call.bind(cell);
  const tapped = (inputs: tf.Tensor | tf.Tensor[], kwargs: Parameters<typeof call>[1]): tf.Tensor[] =>
    tf.tidy(() => {
      sequence.timestep++;
      activationCalls = 0;
      gateCalls = 0;
      const t = sequence.timestep;
      const [x, ...before] = Array.isArray(inputs) ? inputs : [inputs];
      if (!x) throw new Error(`The cell of ${cell.name} was called without input.`);
      const states =
        t === 1
          ? before.map((s, i) => tapWithProbe(s, pass.probe, (dy) => sequence.initial(i, dy)))
          : pass.cutsBefore(t)
            ? before.map((s) => tap(s, (dy) => tf.zerosLike(dy)))
            : before;
      const results = call([tap(x, (dy) => sequence.leaving(t, dy)), ...states], kwargs);
      const [output, ...after] = Array.isArray(results) ? results : [results];
      if (!output) throw new Error(`The cell of ${cell.name} returned nothing.`);
      const isState = output === after[0];
      const mask = pass.masks?.[t - 1] ?? null;
      const carried = mask ? after.map((s, i) => carry(s, states[i] ?? s, mask)) : after;
      const masked = isState ? (carried[0] ?? output) : mask ? carry(output, states[0] ?? output, mask) : output;
      // The output's tap comes last, so that its gradient is the first one known on the way back.
      const next = carried.map((s, i) => tap(s, (dy) => sequence.transported(t, i, dy)));
      const direct = (dy: tf.Tensor): tf.Tensor => {
        pass.watch?.outputGradient(dy);
        return sequence.direct(t, dy, isState);
      };
      const visible = pass.usesOutput(t) ? tap(masked, direct) : (next[0] ?? masked);
      pass.watch?.output(masked);
      return [visible, ...next];
    });
  undo.push(override(cell, "call", tapped));
  return () => {
    for (const restore of undo.reverse()) restore();
  };
}

/** `value` where the mask is 1, `former` where it is 0. */
function carry(value: tf.Tensor, former: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(value, mask), tf.mul(former, tf.sub(tf.onesLike(mask), mask)));
}
