/** Recurrent layers that read whole numbers: the kernels run them, and the result is that of the same float32 numbers. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it, vi } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { forward } from "../../../../src/engine/model/forward.ts";
import { entries } from "../entries.ts";
import { kernelsFor, useBackend } from "./backends.ts";

beforeAll(() => useBackend("cpu"));

it("are run by the kernels", async () => {
  const built = buildModel(entries({ type: "lstm", units: 4 }), [3, 2], 1);
  if (Array.isArray(built)) throw new Error(built[0]?.message);
  const kernels = await kernelsFor("kernels");
  if (!kernels) throw new Error("The test needs kernels.");
  const taken = vi.spyOn(kernels.plans, "acquire");
  const instrumentation = instrument(built.model, null, { kernels });
  const whole = tf.tensor3d([1, 0, 2, 3, 1, 1, 0, 0, 2, 1, 3, 1], [2, 3, 2], "int32");
  const [integer, float] = [whole, tf.cast(whole, "float32")].map((x) =>
    instrumentation.infer(() => forward(built.model, x, true)).dataSync(),
  );
  expect(taken).toHaveBeenCalledTimes(2);
  expect(integer).toEqual(float);
  taken.mockRestore();
  instrumentation.remove();
  built.dispose();
});
