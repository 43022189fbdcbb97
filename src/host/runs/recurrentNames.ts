/** The recurrent layers of a config's model, by the names under which the engine knows them. */

import type { ResolvedModel } from "../../config/resolved.ts";

const recurrentTypes: ReadonlySet<string> = new Set(["simpleRNN", "lstm", "gru", "rnn", "convLstm2d"]);

export function recurrentNames({ layers }: ResolvedModel): readonly string[] {
  return layers.flatMap(({ type, name }) => {
    if (type === "bidirectional") return [`${name}/forward`, `${name}/backward`];
    return recurrentTypes.has(type) ? [name] : [];
  });
}
