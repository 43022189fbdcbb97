/** Makes the config's layers that are this project's own. */

import type * as tfl from "@tensorflow/tfjs-layers";
import { externalMemory } from "../memory/externalMemory.ts";
import { Attention, type AttentionArgs } from "./attention.ts";
import { PeepholeLSTM, PeepholeLSTMCell } from "./peepholeLstm.ts";
import { PositionalEncoding, type PositionalEncodingArgs } from "./positionalEncoding.ts";
import { ResetAfterGRU, ResetAfterGRUCell } from "./resetAfterGru.ts";
import { SelfAttention, type SelfAttentionArgs } from "./selfAttention.ts";
import { TransformerEncoder, type TransformerEncoderArgs } from "./transformerEncoder.ts";

type Factory = (args: never) => tfl.layers.Layer;

const own: { readonly [type: string]: Factory } = {
  selfAttention: (args: SelfAttentionArgs) => new SelfAttention(args),
  attention: (args: AttentionArgs) => new Attention(args),
  positionalEncoding: (args: PositionalEncodingArgs) => new PositionalEncoding(args),
  transformerEncoder: (args: TransformerEncoderArgs) => new TransformerEncoder(args),
  externalMemory,
};

/** Types that tfjs does not have. Each takes a sequence, (timesteps, features). */
export const ownTypes: readonly string[] = Object.keys(own);

/** Variants of tfjs's own types, by the argument that selects them. */
const variants: { readonly [type: string]: { readonly argument: string; readonly make: Factory } } = {
  lstm: {
    argument: "peepholes",
    make: (args: ConstructorParameters<typeof PeepholeLSTM>[0]) => new PeepholeLSTM(args),
  },
  lstmCell: {
    argument: "peepholes",
    make: (args: ConstructorParameters<typeof PeepholeLSTMCell>[0]) => new PeepholeLSTMCell(args),
  },
  gru: {
    argument: "resetAfter",
    make: (args: ConstructorParameters<typeof ResetAfterGRU>[0]) => new ResetAfterGRU(args),
  },
  gruCell: {
    argument: "resetAfter",
    make: (args: ConstructorParameters<typeof ResetAfterGRUCell>[0]) => new ResetAfterGRUCell(args),
  },
};

/** The factory of a layer that tfjs lacks; null: tfjs has the layer. */
export function ownFactory(type: string, args: { readonly [key: string]: unknown }): Factory | null {
  const variant = variants[type];
  if (Object.hasOwn(own, type)) return own[type] ?? null;
  return variant && args[variant.argument] === true ? variant.make : null;
}
