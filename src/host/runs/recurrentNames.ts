/** The recurrent layers of a config's model, by the names that the engine uses. */

import { recurrentTypes } from "../../config/layerKinds.ts";
import type { ResolvedModel } from "../../config/resolved.ts";

export function recurrentNames({ layers }: ResolvedModel): readonly string[] {
  return layers.flatMap(({ type, name }) => {
    if (type === "bidirectional") return [`${name}/forward`, `${name}/backward`];
    return recurrentTypes.includes(type) ? [name] : [];
  });
}
