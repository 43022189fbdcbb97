/** Layers that contain another layer. */

import * as z from "zod";
import { configWords } from "../../../messages/config.ts";
import { expectedWords } from "../../../messages/expected.ts";
import { arg, required } from "../arg.ts";
import { choice } from "../values.ts";
import { variants } from "../variants.ts";
import { layer } from "./common.ts";
import { convLstm2d, gru, lstm, simpleRNN } from "./recurrent.ts";

const recurrent = variants({ key: "type", noun: () => expectedWords().nouns.both, hint: cellsHint }, [
  simpleRNN,
  lstm,
  gru,
  convLstm2d,
]);

function cellsHint(name: string): string | null {
  return name === "rnn" ? configWords().bothHint : null;
}

export const bidirectional = layer(
  "bidirectional",
  {
    layer: required(recurrent, "The recurrent layer that is run in both directions, each with weights of its own."),
    mergeMode: arg(
      choice("concat", "sum", "mul", "ave"),
      "How the outputs of the two directions are combined.",
      "concat",
    ),
  },
  "A recurrent layer run forwards and backwards (Schuster & Paliwal 1997).",
);

/** @param inner every layer it may contain; a function, because it may contain itself */
export function timeDistributed(inner: () => z.ZodType) {
  return layer(
    "timeDistributed",
    { layer: required(z.lazy(inner), "The layer that is applied to each timestep separately.") },
    "Applies a layer to every timestep with the same weights.",
  );
}
