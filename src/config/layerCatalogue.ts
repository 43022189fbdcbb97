/**
 * What is known about each type of layer and cell besides its arguments, which its schema states. A fact that several
 * parts need stands here, once for each type.
 */

/** What a type of layer does. */
export type Trait =
  /** It loops over the timesteps of a sequence. */
  | "loops"
  /** Its output at a timestep also depends on later timesteps. */
  | "looksAhead"
  /** It weighs timesteps against each other. */
  | "attends"
  /** Its inputs are a query, values, and perhaps keys. */
  | "takesPairs"
  /** It reduces all timesteps to one value. */
  | "gathers"
  /** It holds other layers or cells. */
  | "contains"
  /** It is made around one layer, which does the work. */
  | "wraps"
  /** Its `rate` is the share of values that it drops; recurrent layers have other arguments for it. */
  | "drops"
  /** It only changes the shape of its input, or masks it. */
  | "shapes"
  /** It leaves the values as they are: it rearranges, selects, drops or collects them. */
  | "rearranges"
  /** It hands values on, rearranges them, or takes the largest or a mean: the output is within the input's range. */
  | "keepsRange"
  /** It has no activation, and its values have no bounds. */
  | "boundless"
  /** It has no weights and only applies a function to each value, or to each vector. */
  | "function"
  /** It treats all units alike. */
  | "alike"
  /** It combines several inputs into one, timestep by timestep. */
  | "merges"
  /** It changes the norm of the gradient by design: by a mean, a sum or a scale. */
  | "scalesGradient"
  /** It scales values to mean 0 and deviation 1. */
  | "normalizes"
  /** It passes a mask on, as in tfjs. */
  | "passesMasks"
  /** It leaves masked timesteps out in Keras, but not in tfjs. */
  | "skipsMasked"
  /** It prepares data: tfjs has no gradient for it. */
  | "noGradient"
  /** It is not read from files: Keras computes something else, or has no such layer. */
  | "notRead";

/** The equations of a recurrent cell. */
export type CellKind = "simple" | "gru" | "lstm";

export interface LayerFacts {
  /** The class that Keras has for it, and tfjs unless it lacks it; null: only we have it. */
  readonly className: string | null;
  readonly traits: ReadonlySet<Trait>;
  /** The equations of its cell. */
  readonly cell?: CellKind;
  /** Whether its states are images, made by convolutions. */
  readonly convolves?: true;
  /** The activation that the layer is. A slope on both sides is no rectification. */
  readonly applies?: "softmax" | "relu" | "elu" | "leakyReLU";
}

/** Recurrent layers with a cell of their own that multiplies vectors by weights: neither `rnn` nor convolutions. */
export const denseRecurrentTypes = ["simpleRNN", "gru", "lstm"] as const;

/** The states of a cell, in tfjs's order, and its gates, in the order in which tfjs computes them. */
export const cellKinds: {
  readonly [kind in CellKind]: {
    readonly states: readonly ("h" | "c")[];
    readonly gates: readonly string[];
    /** The gate that keeps the state. */
    readonly keepGate: string | null;
  };
} = {
  simple: { states: ["h"], gates: [], keepGate: null },
  gru: { states: ["h"], gates: ["update", "reset"], keepGate: "update" },
  lstm: { states: ["h", "c"], gates: ["input", "forget", "output"], keepGate: "forget" },
};

function is(className: string | null, ...traits: readonly Trait[]): LayerFacts {
  return { className, traits: new Set(traits) };
}

const image = { convolves: true } as const;

/** Pooling over windows, and over everything; tf.layers has several names for some of them. */
const pooling: readonly Trait[] = ["rearranges", "keepsRange", "alike", "scalesGradient"];
const averages = [1, 2, 3].map((n) => is(`AveragePooling${n}D`, ...pooling));
const maxima = [1, 2, 3].map((n) => is(`MaxPooling${n}D`, ...pooling));
const globalAverage = is("GlobalAveragePooling1D", ...pooling, "gathers");
const globalMaximum = is("GlobalMaxPooling1D", ...pooling, "gathers");
const globalMaximum2d = is("GlobalMaxPooling2D", ...pooling);

const drops: readonly Trait[] = ["drops", "keepsRange", "passesMasks"];
const shapes: readonly Trait[] = ["shapes", "rearranges", "keepsRange", "alike"];
const scales: readonly Trait[] = ["alike", "scalesGradient"];
const merges: readonly Trait[] = ["merges", ...scales];

/** By type; every type of the schemas, and no other, has its facts. */
export const layerCatalogue: { readonly [type: string]: LayerFacts } = {
  simpleRNN: { ...is("SimpleRNN", "loops"), cell: "simple" },
  lstm: { ...is("LSTM", "loops"), cell: "lstm" },
  gru: { ...is("GRU", "loops"), cell: "gru" },
  rnn: is("RNN", "loops", "contains"),
  convLstm2d: { ...is("ConvLSTM2D", "loops"), cell: "lstm", ...image },
  externalMemory: is(null, "loops"),
  simpleRNNCell: { ...is("SimpleRNNCell"), cell: "simple" },
  lstmCell: { ...is("LSTMCell"), cell: "lstm" },
  gruCell: { ...is("GRUCell"), cell: "gru" },
  convLstm2dCell: { ...is("ConvLSTM2DCell", "notRead"), cell: "lstm", ...image },
  stackedRNNCells: is("StackedRNNCells", "contains"),

  selfAttention: is("MultiHeadAttention", "attends", "looksAhead", "boundless"),
  crossAttention: is("MultiHeadAttention", "attends", "takesPairs", "looksAhead", "boundless"),
  dotAttention: is("Attention", "attends", "takesPairs", "looksAhead"),
  additiveAttention: is("AdditiveAttention", "attends", "takesPairs", "looksAhead"),
  attention: is(null, "attends", "gathers", "keepsRange"),
  positionalEncoding: is(null, "boundless", "passesMasks"),
  transformerEncoder: is(null, "attends", "looksAhead", "boundless"),

  bidirectional: is("Bidirectional", "contains", "wraps"),
  timeDistributed: is("TimeDistributed", "contains", "wraps", "passesMasks"),

  inputLayer: is(null, "shapes", "rearranges"),
  shared: is(null),
  dense: is("Dense", "passesMasks"),
  activation: is("Activation", "function", "alike", "passesMasks"),
  dropout: is("Dropout", ...drops, "rearranges"),
  spatialDropout1d: is("SpatialDropout1D", ...drops, "rearranges"),
  flatten: is("Flatten", ...shapes, "gathers"),
  repeatVector: is("RepeatVector", ...shapes, "scalesGradient"),
  reshape: is("Reshape", ...shapes),
  permute: is("Permute", ...shapes),
  slice: is("Slice", "rearranges", "keepsRange", "alike"),
  expandDims: is("ExpandDims", "rearranges", "keepsRange", "alike"),
  cumulativeSum: is("Cumsum", "gathers", ...scales),
  einsumDense: is("EinsumDense", "passesMasks"),
  reduce: is("Reduce", "gathers", ...scales),
  embedding: is("Embedding", "boundless"),
  masking: is("Masking", ...shapes, "passesMasks"),

  elu: { ...is("ELU", "function", "alike"), applies: "elu" },
  reLU: { ...is("ReLU", "function", "alike", "passesMasks"), applies: "relu" },
  leakyReLU: { ...is("LeakyReLU", "function", "alike"), applies: "leakyReLU" },
  prelu: { ...is("PReLU", "alike", "passesMasks"), applies: "leakyReLU" },
  softmax: { ...is("Softmax", "function", "alike", "skipsMasked"), applies: "softmax" },
  thresholdedReLU: { ...is("ThresholdedReLU", "function", "alike"), applies: "relu" },

  batchNormalization: is("BatchNormalization", ...scales, "normalizes", "boundless", "passesMasks"),
  layerNormalization: is("LayerNormalization", ...scales, "normalizes", "boundless", "passesMasks"),

  unitNormalization: is("UnitNormalization", ...scales, "passesMasks"),
  rmsNormalization: is("RMSNormalization", ...scales, "normalizes", "boundless", "passesMasks"),

  groupNormalization: is("GroupNormalization", ...scales, "normalizes", "boundless", "passesMasks"),

  elementwise: is("Elementwise", "alike"),
  compare: is("Compare", "alike"),
  power: is("Power", "alike"),
  clip: is("Clip", "alike"),

  add: is("Add", ...merges),
  average: is("Average", ...merges),
  concatenate: is("Concatenate", ...merges, "rearranges"),
  dot: is("Dot", "scalesGradient"),
  maximum: is("Maximum", ...merges),
  minimum: is("Minimum", ...merges),
  multiply: is("Multiply", ...merges),
  subtract: is("Subtract", ...merges),
  divide: is("Divide", ...merges),
  where: is("Where"),

  conv1d: is("Conv1D", "looksAhead"),
  conv1dTranspose: is("Conv1DTranspose", "looksAhead"),
  separableConv1d: is("SeparableConv1D", "looksAhead"),
  depthwiseConv1d: is("DepthwiseConv1D", "looksAhead"),
  cropping1d: is("Cropping1D", "rearranges", "keepsRange", "alike"),
  upSampling1d: is("UpSampling1D", "rearranges", "keepsRange", ...scales),
  zeroPadding1d: is("ZeroPadding1D", "rearranges", "alike"),
  conv2d: is("Conv2D"),
  conv2dTranspose: is("Conv2DTranspose"),
  conv3d: is("Conv3D"),
  conv3dTranspose: is("Conv3DTranspose"),
  separableConv2d: is("SeparableConv2D"),
  depthwiseConv2d: is("DepthwiseConv2D"),
  cropping2D: is("Cropping2D", "rearranges", "keepsRange", "alike"),
  upSampling2d: is("UpSampling2D", "rearranges", "keepsRange", ...scales),
  zeroPadding2d: is("ZeroPadding2D", "rearranges", "alike"),

  averagePooling1d: averages[0]!,
  avgPool1d: averages[0]!,
  avgPooling1d: averages[0]!,
  averagePooling2d: averages[1]!,
  avgPool2d: averages[1]!,
  avgPooling2d: averages[1]!,
  averagePooling3d: averages[2]!,
  avgPool3d: averages[2]!,
  avgPooling3d: averages[2]!,
  maxPooling1d: maxima[0]!,
  maxPool1d: maxima[0]!,
  maxPooling2d: maxima[1]!,
  maxPool2d: maxima[1]!,
  maxPooling3d: maxima[2]!,
  globalAveragePooling1d: globalAverage,
  globalAveragePooling2d: is("GlobalAveragePooling2D", ...pooling),
  globalMaxPooling1d: globalMaximum,
  globalMaxPool1d: globalMaximum,
  globalMaxPooling2d: globalMaximum2d,
  globalMaxPool2d: globalMaximum2d,

  gaussianNoise: is("GaussianNoise", "rearranges", "keepsRange", "alike", "passesMasks"),
  gaussianDropout: is("GaussianDropout", ...drops),
  alphaDropout: is("AlphaDropout", ...drops),

  rescaling: is("Rescaling"),
  normalization: is("Normalization", "alike", "passesMasks"),
  centerCrop: is("CenterCrop", "rearranges", "noGradient", "notRead"),
  resizing: is("Resizing", "rearranges", "notRead"),
  categoryEncoding: is("CategoryEncoding", "noGradient", "notRead"),
  randomWidth: is("RandomWidth", "rearranges", "notRead"),
};

const byLowerCase = new Map(Object.entries(layerCatalogue).map(([type, facts]) => [type.toLowerCase(), facts]));

/** The facts of a type, in any case, as runs of earlier versions wrote it; undefined for an unknown one. */
export function factsOf(type: string): LayerFacts | undefined {
  return byLowerCase.get(type.toLowerCase());
}

export function has(trait: Trait, { type }: { readonly type: string }): boolean {
  return factsOf(type)?.traits.has(trait) ?? false;
}

const byClass = new Map<string, string>();
for (const [type, { className }] of Object.entries(layerCatalogue))
  if (className !== null && !byClass.has(className)) byClass.set(className, type);

/** The type of a class of Keras or tfjs; null: there is none. */
export function typeOfClass(className: string): string | null {
  return byClass.get(className) ?? null;
}
