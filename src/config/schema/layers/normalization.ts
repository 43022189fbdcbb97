/** Normalization layers. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { maxUnits } from "../../limits.ts";
import { arg } from "../arg.ts";
import { above, between, flag, list, whole } from "../values.ts";
import { axis, initial, layer, limit, penalty } from "./common.ts";

const affine = {
  epsilon: arg(above(0), "Added to the variance, so that it is never zero.", 1e-3),
  center: arg(flag(), "Whether an offset is learnt (beta).", true),
  scale: arg(flag(), "Whether a factor is learnt (gamma).", true),
  betaInitializer: initial("offset", "zeros"),
  gammaInitializer: initial("factor", "ones"),
  betaRegularizer: penalty("offset"),
  gammaRegularizer: penalty("factor"),
};

const axes = z.union([axis, list(axis, () => expectedWords().axes)], { error: () => expectedWords().axisOrAxes });

export const normalizationLayers = [
  layer(
    "batchNormalization",
    {
      axis: arg(axis, "The axis of the features.", -1),
      momentum: arg(between(0, 1), "Decay per step of the running mean and variance.", 0.99),
      ...affine,
      movingMeanInitializer: initial("running mean", "zeros"),
      movingVarianceInitializer: initial("running variance", "ones"),
      betaConstraint: limit("offset"),
      gammaConstraint: limit("factor"),
    },
    "Normalizes each feature over the batch (Ioffe & Szegedy 2015).",
  ),
  layer(
    "layerNormalization",
    {
      axis: arg(axes, "The axis or axes that are normalized.", -1),
      ...affine,
    },
    "Normalizes each sample over its features (Ba et al. 2016).",
  ),
  layer(
    "groupNormalization",
    {
      groups: arg(
        z.union([whole(1, maxUnits), z.literal(-1)], { error: () => expectedWords().groups }),
        "Number of groups, which divides the number of features; −1: one for each feature (instance normalization).",
        32,
      ),
      epsilon: arg(above(0), "Added to the variance, so that it is never zero.", 1e-3),
      center: arg(flag(), "Whether an offset is learnt (beta).", true),
      scale: arg(flag(), "Whether a factor is learnt (gamma).", true),
      betaInitializer: initial("offset", "zeros"),
      gammaInitializer: initial("factor", "ones"),
    },
    "Normalizes each sample over all positions and the features of a group, the last axis being that of the features (Wu & He 2018).",
  ),
  layer("unitNormalization", { axis: arg(axes, "The axis or axes whose norm becomes 1.", -1) }, "x / √(Σ x²)."),
  layer(
    "rmsNormalization",
    {
      epsilon: arg(above(0), "Added to the mean square, so that it is never zero.", 1e-6),
      gammaInitializer: initial("factor", "ones"),
    },
    "Divides each sample by the root mean square of its features, times a learnt factor (Zhang & Sennrich 2019).",
  ),
] as const;
