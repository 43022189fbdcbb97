/** Which layers of the config are this project's own, and how they are made. */

import type * as tfl from "@tensorflow/tfjs-layers";
import { PeepholeLSTM, PeepholeLSTMCell } from "./peepholeLstm.ts";
import { ResetAfterGRU, ResetAfterGRUCell } from "./resetAfterGru.ts";

type Factory = (args: never) => tfl.layers.Layer;

/** Variants of tfjs's own types, by the argument that asks for them. */
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

/** The factory of a layer that tfjs lacks; null: it is tfjs's. */
export function ownFactory(type: string, args: { readonly [key: string]: unknown }): Factory | null {
  const variant = variants[type];
  return variant && args[variant.argument] === true ? variant.make : null;
}
