/** The call of a recurrent layer, or of a stack of cells, in the fused kernels. */

import * as tf from "@tensorflow/tfjs-core";
import type { RNN } from "@tensorflow/tfjs-layers";
import type { DirectionListener, StepRecorder } from "../recording/recorder.ts";
import { isOn } from "../tfjs/internals.ts";
import { type CarriedState, carriedState } from "./carriedStates.ts";
import { type DropoutMasks, drawDropoutMasks } from "./dropoutMasks.ts";
import { canBeRegularized, type KernelCell } from "./kernelCell.ts";
import { type KernelPass, type KernelPassOptions, kernelPass, type RequestedPass } from "./kernelPass.ts";
import type { KernelSource } from "./kernelSource.ts";
import { firstTensor, type MeasuredCell, type MeasuredLayer } from "./measuredLayers.ts";
import { type Inputs, type Kwargs, type Report, tapOutput } from "./tappedLayer.ts";

export interface Fusing {
  /** Null: the process has none. */
  readonly kernels: KernelSource | null;
  /** Null: nothing is measured. */
  readonly recorder: StepRecorder | null;
  readonly probe: tf.Variable;
  readonly truncate: number | null;
  readonly directions: DirectionListener | null;
  readonly report: Report;
}

/** One cell of the layer, in the order in which they read. */
export type FusedCell = MeasuredLayer & { readonly cell: MeasuredCell & { readonly kernel: KernelCell } };

export function isFused(measured: MeasuredLayer): measured is FusedCell {
  return measured.cell !== null && "spec" in measured.cell.kernel;
}

const noDropout: DropoutMasks = { input: null, recurrent: null };

/**
 * Null if the kernels do not cover the layer. The call returns undefined for inputs that the kernels cannot take.
 * @param layer the recurrent layer itself, and `members`: its measured cells, or itself.
 */
export function fusedCall(
  rnn: RNN,
  layer: MeasuredLayer,
  members: readonly MeasuredLayer[],
  fusing: Fusing,
): ((inputs: Inputs, kwargs: Kwargs) => tf.Tensor | tf.Tensor[] | undefined) | null {
  const { kernels, recorder, probe, truncate } = fusing;
  const stack = members.filter(({ cell }) => cell !== null);
  const cells = stack.filter(isFused);
  if (!kernels || cells.length === 0 || cells.length < stack.length) return null;
  const runs = cells.map((cell) => cellRun(cell, kernels, fusing));
  const listens = runs.some(({ listens: one }) => one);
  return (inputs, kwargs) => {
    const found = readableInputs(inputs, kwargs, listens || truncate !== null);
    if (!found) return undefined;
    const { mask: given, training } = found;
    const initial = tensorsIn(kwargs?.["initialState"]);
    const call = (): tf.Tensor | tf.Tensor[] => {
      const x = found.x();
      const carried = dividedStates(carriedState(rnn, x.shape[0] ?? 0), cells);
      const begin = dividedTensors(initial, cells);
      let output: tf.Tensor = x;
      const last = cells.map((_, i) => {
        // What the first cell gives is in reading order.
        const mask = given && i > 0 && isOn(rnn, "goBackwards") ? reversedRows(given, x.shape[1] ?? 1) : given;
        const { x: read, options } = runs[i]!.request(output, {
          mask,
          training,
          carried: carried[i] ?? null,
          initial: begin[i] ?? [],
          givesStates: rnn.returnState,
        });
        const pass = runs[i]!.report(kernelPass(read, options));
        output = pass.output;
        return pass.states;
      });
      // tfjs gives the states of a stack's last cell first.
      return rnn.returnState ? [output, ...last.reverse().flat()] : output;
    };
    // The cells of a stack report themselves; the layer has no cell of its own.
    return tf.tidy(() => (recorder && !layer.cell ? tapOutput(layer, call, recorder, probe) : call()));
  };
}

export interface ReadableInputs {
  /** B × T × D, float32. */
  readonly x: () => tf.Tensor;
  /** B × T, 0 where masked; null: nothing is masked. */
  readonly mask: ArrayLike<number> | null;
  readonly training: boolean;
}

/** What a layer is called with, if the kernels can take it. @param countsMasked whether masked timesteps count, too. */
export function readableInputs(inputs: Inputs, kwargs: Kwargs, countsMasked: boolean): ReadableInputs | undefined {
  const read = firstTensor(inputs);
  const alone = !Array.isArray(inputs) || inputs.length === 1;
  if (!read || !alone || read.rank !== 3 || read.size === 0) return undefined;
  const mask: unknown = kwargs?.["mask"];
  // The regularizer and truncation also count masked timesteps, which only taps see.
  if (mask instanceof tf.Tensor && countsMasked) return undefined;
  return {
    x: () => (read.dtype === "float32" ? read : tf.cast(read, "float32")),
    mask: mask instanceof tf.Tensor ? mask.dataSync() : null,
    training: kwargs?.["training"] === true,
  };
}

export interface CellInputs {
  /** B × T in the order of the cell's input, 0 where masked; null: nothing is masked. */
  readonly mask: ArrayLike<number> | null;
  readonly training: boolean;
  readonly carried: CarriedState | null;
  readonly initial: readonly tf.Tensor[];
  readonly givesStates: boolean;
}

/** How one cell runs. */
export interface CellRun {
  /** Whether the gradient-norm regularizer needs the directions of this cell's state gradients. */
  readonly listens: boolean;
  request(x: tf.Tensor, inputs: CellInputs): RequestedPass;
  /** Reports a pass that was requested here. */
  report(pass: KernelPass): KernelPass;
}

export function cellRun(
  { index, layer, cell, inputGradient }: FusedCell,
  { plans }: KernelSource,
  { recorder, probe, truncate, directions, report }: Fusing,
): CellRun {
  const { kernel, floor, units, states } = cell;
  const watch = recorder && {
    output: (values: Float32Array, nonFiniteFrom: () => number | null): void =>
      recorder.output(index, values, units, nonFiniteFrom),
    outputGradient: (values: Float32Array): void => recorder.outputGradient(index, values),
    probe: layer.trainableWeights.length > 0 ? null : probe,
    floor,
  };
  const listen =
    directions && canBeRegularized(kernel)
      ? (rows: Float32Array, batch: number) => directions(index, rows, batch)
      : null;
  const widths = states.map(() => units);
  return {
    listens: listen !== null,
    request(x, { mask, training, carried, initial, givesStates }) {
      const drops = training && (kernel.dropout.input > 0 || kernel.dropout.recurrent > 0);
      const drawn = drops ? drawDropoutMasks(cell.cell, x, widths) : noDropout;
      const options: KernelPassOptions = {
        cell: kernel,
        plans,
        inputGradient,
        truncate,
        directions: listen,
        mask,
        recurrentMask: drawn.recurrent,
        carried,
        initial,
        givesStates,
        watch,
      };
      return { x: drawn.input ? tf.mul(x, tf.expandDims(drawn.input, 1)) : x, options };
    },
    report(pass) {
      if (watch) report({ layer: index, finish: pass.finish });
      return pass;
    },
  };
}

/** The states of each cell, from those of the whole layer, where the last cell's come first. */
function dividedTensors(states: readonly tf.Tensor[], cells: readonly FusedCell[]): readonly (readonly tf.Tensor[])[] {
  let from = states.length;
  return cells.map(({ cell }) => {
    from -= cell.states.length;
    return states.slice(Math.max(0, from), Math.max(0, from + cell.states.length));
  });
}

/** The carried states of each cell; the layer's are complete when the last cell has ended. */
function dividedStates(carried: CarriedState | null, cells: readonly FusedCell[]): readonly CarriedState[] {
  if (!carried) return [];
  const ended: (readonly Float32Array[])[] = [];
  return dividedTensors(carried.begin, cells).map((begin) => ({
    begin,
    end(states) {
      ended.push(states);
      if (ended.length === cells.length) carried.end(ended.reverse().flat());
    },
  }));
}

/** Reverses each row of `timesteps` values. */
function reversedRows(values: ArrayLike<number>, timesteps: number): Float32Array {
  return Float32Array.from(values, (_, i) => {
    const place = i % timesteps;
    return values[i - place + timesteps - 1 - place]!;
  });
}

function tensorsIn(value: unknown): readonly tf.Tensor[] {
  return Array.isArray(value) ? value.filter((each) => each instanceof tf.Tensor) : [];
}
