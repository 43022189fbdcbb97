/** Both directions of a bidirectional layer in one call of the kernels. */

import * as tf from "@tensorflow/tfjs-core";
import { RNN } from "@tensorflow/tfjs-layers";
import { layersAt } from "../tfjs/internals.ts";
import { carriedState } from "./carriedStates.ts";
import { cellRun, type FusedCell, type Fusing, isFused, readableInputs } from "./fusedLayer.ts";
import { kernelPasses } from "./kernelPass.ts";
import type { KernelSource } from "./kernelSource.ts";
import type { MeasuredLayer } from "./measuredLayers.ts";
import type { Inputs, Kwargs } from "./tappedLayer.ts";

type FusedCall = (inputs: Inputs, kwargs: Kwargs) => tf.Tensor | tf.Tensor[] | undefined;
/** A direction, and the recurrent layer that it is. */
interface Direction {
  readonly measured: FusedCell;
  readonly rnn: RNN;
}

/**
 * The calls of those layers that are directions of a bidirectional one and that the kernels cover. A call returns
 * undefined for inputs that the kernels cannot take together.
 */
export function fusedDirections(
  layers: readonly MeasuredLayer[],
  fusing: Fusing,
): ReadonlyMap<MeasuredLayer, FusedCall> {
  const calls = new Map<MeasuredLayer, FusedCall>();
  const { kernels } = fusing;
  if (!kernels) return calls;
  for (const forward of layers) {
    const backward = layers.find((other) => other.top === forward.top && isDirection(other, "backwardLayer"));
    if (!backward || !isDirection(forward, "forwardLayer")) continue;
    const [first, second] = [directionOf(forward), directionOf(backward)];
    if (!first || !second) continue;
    const [ahead, back] = together(first, second, kernels, fusing);
    calls.set(forward, ahead).set(backward, back);
  }
  return calls;
}

function isDirection({ layer, top }: MeasuredLayer, key: "forwardLayer" | "backwardLayer"): boolean {
  return top.getClassName() === "Bidirectional" && layersAt(top, key)[0] === layer;
}

/** Null if the kernels do not cover it, or it has several cells. */
function directionOf(measured: MeasuredLayer): Direction | null {
  const { layer } = measured;
  return layer instanceof RNN && isFused(measured) ? { measured, rnn: layer } : null;
}

/** The first call computes both directions, and the second, with the same input, takes its part of it. */
function together(
  first: Direction,
  second: Direction,
  source: KernelSource,
  fusing: Fusing,
): readonly [FusedCall, FusedCall] {
  const runs = [cellRun(first.measured, source, fusing), cellRun(second.measured, source, fusing)] as const;
  const countsMasked = fusing.truncate !== null || runs.some(({ listens }) => listens);
  let waiting: { readonly inputs: Inputs; readonly outputs: tf.Tensor | tf.Tensor[] } | null = null;
  const ahead: FusedCall = (inputs, kwargs) => {
    // tfjs calls the directions with the states of each, if there are any.
    if (kwargs?.["initialState"]) return undefined;
    const found = readableInputs(inputs, kwargs, countsMasked);
    if (!found) return undefined;
    const [outputs, others] = tf.tidy(() => {
      const x = found.x();
      const request = ({ rnn }: Direction, run: (typeof runs)[number]) =>
        run.request(x, {
          mask: found.mask,
          training: found.training,
          carried: carriedState(rnn, x.shape[0] ?? 0),
          initial: [],
          givesStates: rnn.returnState,
        });
      const passes = kernelPasses(source.kernels.pairs, [request(first, runs[0]), request(second, runs[1])]);
      return passes.map((pass, i) => {
        const { output, states } = runs[i]!.report(pass);
        return states.length === 0 ? output : [output, ...states];
      });
    });
    if (!outputs || !others) throw new Error("A pair of passes has two outputs.");
    waiting = { inputs, outputs: others };
    return outputs;
  };
  const back: FusedCall = (inputs) => {
    const outputs = waiting?.inputs === inputs ? waiting.outputs : undefined;
    waiting = null;
    return outputs;
  };
  return [ahead, back];
}
