/** The saved models of test/fixtures/engine/saved, and the results of loading them. */

import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { ModelFile } from "../../../../src/config/resolved.ts";
import type { BuiltModel } from "../../../../src/engine/model/builtModel.ts";
import { type InputsFor, loadModel } from "../../../../src/engine/saved/loadModel.ts";

export const fixtures = path.join(__dirname, "../../../fixtures/engine/saved");

const place = ["models", "saved", "file"];
const named = (name: string): ModelFile => ({ name, path: place });

/** Gives the only input of a model samples of this shape. */
export function onlyShape(shape: readonly number[]): InputsFor {
  return ({ inputs }) => inputs.map((name) => ({ name, shape }));
}

export async function load(name: string, inputShape: readonly number[], folder = fixtures): Promise<BuiltModel> {
  const built = await loadModel(named(name), folder, onlyShape(inputShape), 1);
  if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
  return built;
}

/** The reason of a file's refusal, which must be reported at the file's place with its name. */
export async function refusal(
  name: string,
  inputShape: readonly number[] = [6, 2],
  folder = fixtures,
): Promise<string> {
  const built = await loadModel(named(name), folder, onlyShape(inputShape), 1);
  if (!Array.isArray(built)) throw new Error(`${name} was loaded`);
  expect(built).toHaveLength(1);
  expect(built[0]).toMatchObject({ severity: "error", path: place, on: "value" });
  const message = built[0]?.message ?? "";
  expect(message.startsWith(`"${name}": `)).toBe(true);
  return message.slice(name.length + 4);
}

/** The largest difference between the model's output for `x` and `wanted`; shapes must be equal. */
export function difference({ model }: BuiltModel, x: tf.Tensor, wanted: tf.Tensor): number {
  return tf.tidy(() => {
    const y = model.apply(x, { training: false });
    if (!(y instanceof tf.Tensor)) throw new Error("The model has several outputs.");
    expect(y.shape).toEqual(wanted.shape);
    return tf.max(tf.abs(tf.sub(y, wanted))).dataSync()[0] ?? Number.NaN;
  });
}
