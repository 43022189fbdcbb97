/** Every operation of tfjs looks first whether the computation is to stop, and a walk back that fails leaves nothing. */

import * as tf from "@tensorflow/tfjs-core";
import { checkStop } from "../../../kernels/stop.ts";
import { internal, setInternal } from "../internals.ts";

type Method = (...args: readonly unknown[]) => unknown;

/** One function runs all operations, so a stop waits for one of them at most. */
export function registerStops(): void {
  const engine = tf.engine();
  replace(engine, "runKernelFunc", (run) => (params) => {
    checkStop();
    return run(params);
  });
  releaseAfterFailures(engine);
}

/**
 * tfjs releases what operations have saved for their gradients, and hands out the value, only after a complete walk
 * back. Whatever else is kept meanwhile, such as masks of dropout and states, belongs to the step, too.
 */
function releaseAfterFailures(engine: object): void {
  let kept: unknown[] | null = null;
  replace(engine, "keep", (keep) => (tensor) => {
    kept?.push(tensor);
    return keep(tensor);
  });
  replace(engine, "gradients", (gradients) => (compute, ...rest) => {
    const outer = kept;
    const own: unknown[] = [];
    kept = own;
    const valued = (): unknown => {
      const value: unknown = typeof compute === "function" ? Reflect.apply(compute, undefined, []) : undefined;
      own.push(value);
      return value;
    };
    try {
      const result = gradients(valued, ...rest);
      outer?.push(...own);
      return result;
    } catch (error) {
      for (const tensor of own) if (tensor instanceof tf.Tensor) tensor.dispose();
      throw error;
    } finally {
      kept = outer;
    }
  });
}

function replace(engine: object, name: string, wrap: (method: Method) => Method): void {
  const method = internal(engine, name);
  if (typeof method !== "function") throw new Error(`tfjs's engine has no ${name}.`);
  setInternal(
    engine,
    name,
    wrap((...args) => Reflect.apply(method, engine, args)),
  );
}
