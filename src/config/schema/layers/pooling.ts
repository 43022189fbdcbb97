/** Pooling layers, each under every name that tf.layers gives it. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { arg } from "../arg.ts";
import { choice } from "../values.ts";
import { dataFormat, type LayerShape, layer, perDimension } from "./common.ts";

function pooling(n: 1 | 2 | 3): LayerShape {
  const size = perDimension(n);
  return {
    poolSize: arg(size, "Size of the window.", n === 1 ? 2 : Array.from({ length: n }, () => 2)),
    strides: arg(
      z.union([size, z.null()], { error: () => expectedWords().wholeOrList }),
      "Step of the window. Default: `poolSize`.",
    ),
    padding: arg(choice("valid", "same"), "Whether borders are padded.", "valid"),
    ...(n === 1 ? {} : { dataFormat }),
  };
}

const same = (name: string) => `The same as ${name}.`;

export const poolingLayers = [
  layer("averagePooling1d", pooling(1), "Mean over windows of timesteps."),
  layer("avgPool1d", pooling(1), same("averagePooling1d")),
  layer("avgPooling1d", pooling(1), same("averagePooling1d")),
  layer("averagePooling2d", pooling(2), "Mean over windows of an image."),
  layer("avgPool2d", pooling(2), same("averagePooling2d")),
  layer("avgPooling2d", pooling(2), same("averagePooling2d")),
  layer("averagePooling3d", pooling(3), "Mean over windows of a volume."),
  layer("avgPool3d", pooling(3), same("averagePooling3d")),
  layer("avgPooling3d", pooling(3), same("averagePooling3d")),
  layer("maxPooling1d", pooling(1), "Largest value over windows of timesteps."),
  layer("maxPool1d", pooling(1), same("maxPooling1d")),
  layer("maxPooling2d", pooling(2), "Largest value over windows of an image."),
  layer("maxPool2d", pooling(2), same("maxPooling2d")),
  layer("maxPooling3d", pooling(3), "Largest value over windows of a volume."),
  layer("globalAveragePooling1d", {}, "Mean over all timesteps that are not masked."),
  layer("globalAveragePooling2d", { dataFormat }, "Mean over the whole image."),
  layer("globalMaxPooling1d", {}, "Largest value over all timesteps."),
  layer("globalMaxPool1d", {}, same("globalMaxPooling1d")),
  layer("globalMaxPooling2d", { dataFormat }, "Largest value over the whole image."),
  layer("globalMaxPool2d", { dataFormat }, same("globalMaxPooling2d")),
] as const;
