/** Taps inside a recurrent cell: on its states, its output, its weights and its gates, one timestep at a time. */

import * as tf from "@tensorflow/tfjs-core";
import { LayerVariable } from "@tensorflow/tfjs-layers";
import { PeepholeLSTMCell } from "../layers/peepholeLstm.ts";
import { activationAt, numberAt, override } from "../tfjs/internals.ts";
import type { MeasuredCell } from "./measuredLayers.ts";
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
  const { cell } = measured;
  const calls: Calls = { activation: 0, gate: 0 };
  const undo = [
    ...tapWeights(measured, pass),
    ...tapInnerState(measured, pass, calls),
    ...listenToDirections(measured, pass),
    ...watchGates(measured, pass, calls),
    override(cell, "call", tappedCall(measured, pass, calls)),
  ];
  return () => {
    for (const restore of undo.reverse()) restore();
  };
}

/** How often the cell has called its activations in the present timestep; this tells them apart. */
interface Calls {
  activation: number;
  gate: number;
}

type Undo = () => void;

function tapWeights({ cell, scaled }: MeasuredCell, { sequence }: CellPass): Undo[] {
  if (!scaled) return [];
  return Object.entries(cell).flatMap(([key, variable]) => {
    if (!(variable instanceof LayerVariable)) return [];
    const read = (): tf.Tensor => {
      const t = sequence.timestep;
      return tap(variable.read(), (dy) =>
        key === "recurrentKernel" ? sequence.contribution(t, dy) : sequence.leaving(t, dy),
      );
    };
    return [override(cell, key, Object.create(variable, { read: { value: read } }))];
  });
}

/** Taps c where h of the same timestep is computed from it. */
function tapInnerState({ cell, innerState }: MeasuredCell, { sequence }: CellPass, calls: Calls): Undo[] {
  const tapped = (c: tf.Tensor): tf.Tensor => {
    const t = sequence.timestep;
    return tap(c, (dy) => sequence.inner(t, 1, dy));
  };
  if (cell instanceof PeepholeLSTMCell) return [override(cell, "passOn", tapped)];
  const activation = activationAt(cell, "activation");
  if (!innerState || !activation) return [];
  const apply = (x: tf.Tensor): tf.Tensor => {
    calls.activation++;
    return activation.apply(calls.activation === 2 ? tapped(x) : x);
  };
  return [override(cell, "activation", Object.create(activation, { apply: { value: apply } }))];
}

function listenToDirections({ cell }: MeasuredCell, { sequence, directions }: CellPass): Undo[] {
  const activation = activationAt(cell, "activation");
  // Recurrent dropout changes the operand of U, which the regularizer's formula does not account for.
  const listened = cell.getClassName() === "SimpleRNNCell" && !((numberAt(cell, "recurrentDropout") ?? 0) > 0);
  if (!directions || !listened || !activation) return [];
  const apply = (x: tf.Tensor): tf.Tensor => {
    const t = sequence.timestep;
    const seen = (dy: tf.Tensor): tf.Tensor => {
      if (t > 1) directions(sequence.directions(dy));
      return dy;
    };
    return activation.apply(tap(x, seen));
  };
  return [override(cell, "activation", Object.create(activation, { apply: { value: apply } }))];
}

function watchGates({ cell, gates }: MeasuredCell, { sequence }: CellPass, calls: Calls): Undo[] {
  const activation = activationAt(cell, "recurrentActivation");
  if (gates.length === 0 || !activation) return [];
  const apply = (x: tf.Tensor): tf.Tensor => {
    const values = activation.apply(x);
    sequence.gate(calls.gate, values);
    calls.gate++;
    return values;
  };
  return [override(cell, "recurrentActivation", Object.create(activation, { apply: { value: apply } }))];
}

/** The cell's call for one timestep, with taps on its input, its states and its output. */
function tappedCall({ cell }: MeasuredCell, pass: CellPass, calls: Calls): typeof cell.call {
  const { sequence } = pass;
  const call = cell.call.bind(cell);
  return (inputs: tf.Tensor | tf.Tensor[], kwargs: Parameters<typeof call>[1]): tf.Tensor[] =>
    tf.tidy(() => {
      sequence.timestep++;
      calls.activation = 0;
      calls.gate = 0;
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
      if (pass.usesOutput(t)) pass.watch?.output(masked);
      return [visible, ...next];
    });
}

/** `value` where the mask is 1, `former` where it is 0. */
function carry(value: tf.Tensor, former: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(value, mask), tf.mul(former, tf.sub(tf.onesLike(mask), mask)));
}
