/** Whether a model's loss takes logits. */

import type { ResolvedModel } from "../../config/resolved.ts";

export function takesLogits({ training }: Pick<ResolvedModel, "training">): boolean {
  return "fromLogits" in training && training.fromLogits === true;
}
