/** Initial values of weights: a name, or `{ "type": name, ...arguments }`. */

import * as z from "zod";
import { configWords } from "../../messages/config.ts";
import { expectedWords } from "../../messages/expected.ts";
import { maxSeed, maxTimesteps } from "../limits.ts";
import { arg, required } from "./arg.ts";
import { above, anyNumber, atLeast, choice, entry, whole } from "./values.ts";
import { nameOf, variants } from "./variants.ts";

const seed = arg(
  whole(0, maxSeed),
  "Seed of this initializer's random numbers. Default: drawn from the training seed.",
);

const schemas = [
  entry({ type: z.literal("zeros") }).meta({ description: "All zeros." }),
  entry({ type: z.literal("ones") }).meta({ description: "All ones." }),
  entry({ type: z.literal("constant"), value: required(anyNumber(), "The value of every entry.") }).meta({
    description: "One value everywhere.",
  }),
  entry({
    type: z.literal("randomUniform"),
    minval: arg(anyNumber(), "Lower bound.", -0.05),
    maxval: arg(anyNumber(), "Upper bound.", 0.05),
    seed,
  }).meta({ description: "Uniform between two bounds." }),
  entry({
    type: z.literal("randomNormal"),
    mean: arg(anyNumber(), "Mean.", 0),
    stddev: arg(
      above(0),
      "Standard deviation. An H × H recurrent matrix of stddev g/√H has a spectral radius of about g.",
      0.05,
    ),
    seed,
  }).meta({ description: "Gaussian." }),
  entry({
    type: z.literal("truncatedNormal"),
    mean: arg(anyNumber(), "Mean.", 0),
    stddev: arg(above(0), "Standard deviation before the truncation.", 0.05),
    seed,
  }).meta({ description: "Gaussian, redrawn beyond two standard deviations." }),
  entry({
    type: z.literal("varianceScaling"),
    scale: arg(atLeast(0), "Factor of the variance.", 1),
    mode: arg(choice("fanIn", "fanOut", "fanAvg"), "The fan by which the variance is divided.", "fanIn"),
    distribution: arg(
      choice("normal", "uniform", "truncatedNormal"),
      "The distribution. `normal` is also truncated, at two standard deviations, and widened so that the variance is as stated.",
      "normal",
    ),
    seed,
  }).meta({ description: "Variance `scale` / fan, the family of Glorot, He and LeCun." }),
  entry({ type: z.literal("glorotUniform"), seed }).meta({
    description: "Uniform, variance 2 / (fanIn + fanOut) (Glorot & Bengio 2010).",
  }),
  entry({ type: z.literal("glorotNormal"), seed }).meta({
    description: "Truncated normal, variance 2 / (fanIn + fanOut) (Glorot & Bengio 2010).",
  }),
  entry({ type: z.literal("heUniform"), seed }).meta({
    description: "Uniform, variance 2 / fanIn, for ReLU (He et al. 2015).",
  }),
  entry({ type: z.literal("heNormal"), seed }).meta({
    description: "Truncated normal, variance 2 / fanIn, for ReLU (He et al. 2015).",
  }),
  entry({ type: z.literal("leCunUniform"), seed }).meta({
    description: "Uniform, variance 1 / fanIn (LeCun et al. 1998).",
  }),
  entry({ type: z.literal("leCunNormal"), seed }).meta({
    description: "Truncated normal, variance 1 / fanIn (LeCun et al. 1998).",
  }),
  entry({
    type: z.literal("orthogonal"),
    gain: arg(anyNumber(), "Factor of the orthogonal matrix: every singular value of a square matrix.", 1),
    seed,
  }).meta({
    description:
      "`gain` × a random orthogonal matrix (Saxe et al. 2014): as a recurrent matrix it keeps the length of the state gradient, up to the slope of the activation.",
  }),
  entry({ type: z.literal("identity"), gain: arg(anyNumber(), "Factor of the identity matrix.", 1) }).meta({
    description: "`gain` × the identity, square matrices only. With ReLU this is the IRNN (Le et al. 2015).",
  }),
] as const;

const chrono = entry({
  type: z.literal("chrono"),
  maxLag: required(
    whole(3, maxTimesteps),
    "The longest dependency of the task, in timesteps: the units' time-scales are spread from 2 to this value.",
  ),
  seed,
}).meta({
  description:
    "For the bias of lstm and gru: b = log u, u uniform in [1, `maxLag` − 1], for the gate that keeps the state (LSTM's forget gate, GRU's update gate), −b for LSTM's input gate, 0 for the others (Tallec & Ollivier 2018). From the first step on, the state gradient then survives about as many timesteps. It is made for sigmoid gates: with `hardSigmoid`, a bias beyond 2.5 closes the input gate permanently.",
});

export const initializerNames = schemas.map((schema) => schema.shape.type.value);
export const initializerSchemas: readonly z.ZodObject[] = [...schemas, chrono];

/** Initializers that have a meaning without arguments; `constant` does not. */
const byName = [
  "zeros",
  "ones",
  "randomUniform",
  "randomNormal",
  "truncatedNormal",
  "varianceScaling",
  "glorotUniform",
  "glorotNormal",
  "heUniform",
  "heNormal",
  "leCunUniform",
  "leCunNormal",
  "orthogonal",
  "identity",
] as const;

const expected = { error: () => expectedWords().initializer };

export const initializer = z
  .union(
    [
      nameOf(schemas, ...byName),
      variants({ key: "type", noun: () => expectedWords().nouns.initializer, hint: chronoHint }, schemas),
    ],
    expected,
  )
  .meta({ id: "initializer" });

/** Initializers for the bias of a layer with gates. */
export const gateBiasInitializer = z
  .union(
    [
      nameOf(schemas, ...byName),
      variants({ key: "type", noun: () => expectedWords().nouns.initializer }, [...schemas, chrono]),
    ],
    expected,
  )
  .meta({ id: "gateBiasInitializer" });

function chronoHint(name: string): string | null {
  return name === "chrono" ? configWords().chronoHint : null;
}
