/** Ways of writing the same layer, in different versions of Keras. */

import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/engine/formats/models/savedModel.ts";
import { translateLayer } from "../../../../src/engine/saved/translateLayer.ts";

const translated = (className: string, config: JsonObject) =>
  translateLayer({ name: "it", className, config: { name: "it", ...config } }, "keras2");

describe("an argument that changes nothing", () => {
  it.each([
    ["ReLU", { alpha: 0, max_value: null, threshold: 0 }],
    ["ReLU", { negative_slope: 0 }],
    ["Conv2DTranspose", { filters: 2, kernel_size: [2, 2], dilation_rate: [1, 1] }],
    ["Conv3DTranspose", { filters: 2, kernel_size: [2, 2, 2], dilation_rate: [1, 1, 1] }],
  ])("is left out of a %s", (className, config) => {
    const { args } = translated(className, config);
    for (const key of ["alpha", "negativeSlope", "dilationRate"]) expect(args).not.toHaveProperty(key);
  });

  it.each([
    ["SeparableConv1D", { filters: 2, kernel_size: [2], groups: 2 }],
    ["Conv2DTranspose", { filters: 2, kernel_size: [2, 2], dilation_rate: [2, 2] }],
  ])("is refused where it changes something: %s", (className, config) => {
    expect(() => translated(className, config)).toThrow(/cannot be translated/);
  });
});

it("an identity is the linear activation", () => {
  expect(translated("Identity", {})).toMatchObject({ type: "activation", args: { activation: "linear" } });
});
