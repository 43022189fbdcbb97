/** What a layer becomes in PyTorch. */

import {
  Arguments,
  type Emit as EmitOf,
  type Emitted as EmittedOf,
  type Penalty,
  type StateValue,
} from "../emitted.ts";
import type { ExportedLayer, ExportedWeight } from "../exportedModel.ts";
import type { HelperName } from "./helpers.ts";

export type Emitted = EmittedOf<HelperName>;
export type Emit = EmitOf<HelperName>;

/** A matrix [in, out] as PyTorch's [out, in]. */
export function transposed(name: string, { shape, values }: ExportedWeight): StateValue {
  const [rows = 1, columns = 1] = shape;
  const result = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]!;
  return { name, shape: [columns, rows], values: result };
}

/** The penalties that the arguments `kernelRegularizer` … put on parameters. */
export function penaltiesOf(layer: ExportedLayer, parameters: Readonly<Record<string, string>>): Penalty[] {
  const found: Penalty[] = [];
  const given = new Arguments(layer);
  for (const [argument, parameter] of Object.entries(parameters)) {
    const regularizer = given.object(`${argument}Regularizer`);
    const config = regularizer && new Arguments({ config: regularizer }).object("config");
    if (!config) continue;
    const of = new Arguments({ config });
    const [l1, l2] = [of.number("l1", 0), of.number("l2", 0)];
    if (l1 !== 0 || l2 !== 0) found.push({ parameter, l1, l2 });
  }
  return found;
}

/** Statement that keeps a parameter as it is: PyTorch has a second bias where there is only one here. */
export function frozen(parameter: string): string {
  return `self.${parameter}.requires_grad_(False)`;
}
