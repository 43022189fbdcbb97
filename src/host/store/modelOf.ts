/** The model that a stored config describes, if this version understands it. */

import { parseConfig } from "../../config/parse.ts";
import type { ResolvedModel } from "../../config/resolved.ts";

export function modelOf(text: string, name: string): ResolvedModel | null {
  return parseConfig(text).config?.models.find((model) => model.name === name) ?? null;
}
