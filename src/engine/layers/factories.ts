/** Makes the config's layers that are this project's own. */

import type * as tfl from "@tensorflow/tfjs-layers";
import { externalMemory } from "../memory/externalMemory.ts";
import { Attention, type AttentionArgs } from "./attention.ts";
import { Compare, type CompareArgs, Where, type WhereArgs } from "./choice.ts";
import { Conv1DTranspose, type Conv1DTransposeArgs } from "./conv1dTranspose.ts";
import { CrossAttention, type CrossAttentionArgs } from "./crossAttention.ts";
import { EinsumDense, type EinsumDenseArgs } from "./einsumDense.ts";
import { Clip, type ClipArgs, Elementwise, type ElementwiseArgs, Power, type PowerArgs } from "./elementwise.ts";
import { GroupNormalization, type GroupNormalizationArgs } from "./groupNormalization.ts";
import { Divide, type OfTwoArgs, Subtract } from "./ofTwo.ts";
import { PeepholeLSTM, PeepholeLSTMCell } from "./peepholeLstm.ts";
import { PositionalEncoding, type PositionalEncodingArgs } from "./positionalEncoding.ts";
import {
  Rectifier,
  type RectifierArgs,
  ScaledElu,
  type ScaledEluArgs,
  SoftmaxAlong,
  type SoftmaxAlongArgs,
} from "./rectifiers.ts";
import { ResetAfterGRU, ResetAfterGRUCell } from "./resetAfterGru.ts";
import {
  Normalization,
  type NormalizationArgs,
  RescalingOfFeatures,
  type RescalingOfFeaturesArgs,
  RmsNormalization,
  type RmsNormalizationArgs,
  UnitNormalization,
  type UnitNormalizationArgs,
} from "./scaling.ts";
import { AdditiveAttention, DotAttention, type DotAttentionArgs, type ScoredAttentionArgs } from "./scoredAttention.ts";
import {
  type AxisArgs,
  CumulativeSum,
  ExpandDims,
  Reduce,
  type ReduceArgs,
  Slice,
  type SliceArgs,
} from "./selection.ts";
import { SelfAttention, type SelfAttentionArgs } from "./selfAttention.ts";
import {
  Cropping1D,
  type Cropping1DArgs,
  UpSampling1D,
  type UpSampling1DArgs,
  ZeroPadding1D,
  type ZeroPadding1DArgs,
} from "./sequenceBorders.ts";
import {
  DepthwiseConv1D,
  type DepthwiseConv1DArgs,
  SeparableConv1D,
  type SeparableConv1DArgs,
} from "./sequenceConvolutions.ts";
import { TransformerEncoder, type TransformerEncoderArgs } from "./transformerEncoder.ts";

type Factory = (args: never) => tfl.layers.Layer;

const own: { readonly [type: string]: Factory } = {
  selfAttention: (args: SelfAttentionArgs) => new SelfAttention(args),
  crossAttention: (args: CrossAttentionArgs) => new CrossAttention(args),
  attention: (args: AttentionArgs) => new Attention(args),
  positionalEncoding: (args: PositionalEncodingArgs) => new PositionalEncoding(args),
  transformerEncoder: (args: TransformerEncoderArgs) => new TransformerEncoder(args),
  externalMemory,
  zeroPadding1d: (args: ZeroPadding1DArgs) => new ZeroPadding1D(args),
  cropping1d: (args: Cropping1DArgs) => new Cropping1D(args),
  upSampling1d: (args: UpSampling1DArgs) => new UpSampling1D(args),
  separableConv1d: (args: SeparableConv1DArgs) => new SeparableConv1D(args),
  depthwiseConv1d: (args: DepthwiseConv1DArgs) => new DepthwiseConv1D(args),
  conv1dTranspose: (args: Conv1DTransposeArgs) => new Conv1DTranspose(args),
  unitNormalization: (args: UnitNormalizationArgs) => new UnitNormalization(args),
  rmsNormalization: (args: RmsNormalizationArgs) => new RmsNormalization(args),
  normalization: (args: NormalizationArgs) => new Normalization(args),
  slice: (args: SliceArgs) => new Slice(args),
  expandDims: (args: AxisArgs) => new ExpandDims(args),
  cumulativeSum: (args: AxisArgs) => new CumulativeSum(args),
  einsumDense: (args: EinsumDenseArgs) => new EinsumDense(args),
  compare: (args: CompareArgs) => new Compare(args),
  where: (args: WhereArgs) => new Where(args),
  reduce: (args: ReduceArgs) => new Reduce(args),
  subtract: (args: OfTwoArgs) => new Subtract(args),
  divide: (args: OfTwoArgs) => new Divide(args),
  dotAttention: (args: DotAttentionArgs) => new DotAttention(args),
  additiveAttention: (args: ScoredAttentionArgs) => new AdditiveAttention(args),
  groupNormalization: (args: GroupNormalizationArgs) => new GroupNormalization(args),
  elementwise: (args: ElementwiseArgs) => new Elementwise(args),
  power: (args: PowerArgs) => new Power(args),
  clip: (args: ClipArgs) => new Clip(args),
};

/** Types that tfjs does not have. */
export const ownTypes: readonly string[] = Object.keys(own);

interface Variant {
  /** Whether the arguments select it. */
  readonly wanted: (args: { readonly [key: string]: unknown }) => boolean;
  readonly make: Factory;
}

/** Variants of tfjs's own types. */
const variants: { readonly [type: string]: Variant } = {
  reLU: {
    wanted: (args) => "negativeSlope" in args || "threshold" in args,
    make: (args: RectifierArgs) => new Rectifier(args),
  },
  elu: {
    wanted: ({ alpha }) => alpha !== undefined && alpha !== 1,
    make: (args: ScaledEluArgs) => new ScaledElu(args),
  },
  softmax: {
    wanted: ({ axis }) => axis !== undefined && axis !== -1,
    make: (args: SoftmaxAlongArgs) => new SoftmaxAlong(args),
  },
  rescaling: {
    wanted: ({ scale, offset }) => Array.isArray(scale) || Array.isArray(offset),
    make: (args: RescalingOfFeaturesArgs) => new RescalingOfFeatures(args),
  },
  lstm: {
    wanted: (args) => args["peepholes"] === true,
    make: (args: ConstructorParameters<typeof PeepholeLSTM>[0]) => new PeepholeLSTM(args),
  },
  lstmCell: {
    wanted: (args) => args["peepholes"] === true,
    make: (args: ConstructorParameters<typeof PeepholeLSTMCell>[0]) => new PeepholeLSTMCell(args),
  },
  gru: {
    wanted: (args) => args["resetAfter"] === true,
    make: (args: ConstructorParameters<typeof ResetAfterGRU>[0]) => new ResetAfterGRU(args),
  },
  gruCell: {
    wanted: (args) => args["resetAfter"] === true,
    make: (args: ConstructorParameters<typeof ResetAfterGRUCell>[0]) => new ResetAfterGRUCell(args),
  },
};

/** The factory of a layer that tfjs lacks; null: tfjs has the layer. */
export function ownFactory(type: string, args: { readonly [key: string]: unknown }): Factory | null {
  const variant = variants[type];
  if (Object.hasOwn(own, type)) return own[type] ?? null;
  return variant?.wanted(args) === true ? variant.make : null;
}
