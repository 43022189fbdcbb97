/** The three arguments of a weight, as tfjs understands them. */

import { layers } from "@tensorflow/tfjs-layers";

type CellArgs = Parameters<typeof layers.lstmCell>[0];
type Cell = ReturnType<typeof layers.lstmCell>;

export interface WeightArguments {
  readonly initializer: NonNullable<CellArgs["kernelInitializer"]>;
  readonly regularizer?: CellArgs["kernelRegularizer"];
  readonly constraint?: CellArgs["kernelConstraint"];
}

/** The same arguments of a layer with a kernel and a bias. */
export interface KernelAndBias {
  readonly kernelInitializer: WeightArguments["initializer"];
  readonly kernelRegularizer?: WeightArguments["regularizer"];
  readonly kernelConstraint?: WeightArguments["constraint"];
  readonly biasInitializer: WeightArguments["initializer"];
  readonly biasRegularizer?: WeightArguments["regularizer"];
  readonly biasConstraint?: WeightArguments["constraint"];
}

export interface Weighting {
  /**
   * A separate instance: the code that seeds the model gives each one another seed, so that no two weights are equal.
   */
  readonly initializer: Cell["kernelInitializer"];
  readonly regularizer: Cell["kernelRegularizer"];
  readonly constraint: Cell["kernelConstraint"];
}

/**
 * tfjs does not export its parsers of these names and configs; its layers use them, so a layer is made to read them.
 */
export function weighting({ initializer, regularizer, constraint }: WeightArguments): Weighting {
  const cell = layers.lstmCell({
    units: 1,
    kernelInitializer: initializer,
    ...(regularizer ? { kernelRegularizer: regularizer } : {}),
    ...(constraint ? { kernelConstraint: constraint } : {}),
  });
  const given = cell.kernelInitializer;
  const described = { className: given.getClassName(), config: given.getConfig() };
  const copy: Cell = Reflect.apply(layers.lstmCell, undefined, [{ units: 1, kernelInitializer: described }]);
  return {
    initializer: copy.kernelInitializer,
    regularizer: cell.kernelRegularizer,
    constraint: cell.kernelConstraint,
  };
}
