/** Results of a verification of the present text, for each fix. */

import { inlineWords } from "../../messages/inline.ts";
import type { Fix } from "../../protocol/finding.ts";
import type { Verification, VerifiedFix } from "../../protocol/verification.ts";
import type { VerificationJob } from "./verificationService.ts";

/** A model with the newest verification of its present text, if there is one. */
interface WithVerification {
  readonly verification: VerificationJob | undefined;
}

/** Undefined if the model, as the text now defines it, was not measured. */
export function verificationOf({ verification }: WithVerification): Verification | undefined {
  const outcome = verification?.outcome;
  return outcome?.kind === "verified" ? outcome.verification : undefined;
}

/**
 * The measurement of a fix, and its rank. Found by its edits, because another finding may offer the same ones; a fix
 * with the same effect stands for it.
 */
export function verifiedFix(
  model: WithVerification,
  fix: Fix,
): { readonly rank: number; readonly fix: VerifiedFix } | undefined {
  const fixes = verificationOf(model)?.fixes ?? [];
  const edits = JSON.stringify(fix.edits);
  const rank = fixes.findIndex((verified) =>
    [verified.fix, ...verified.alike].some((same) => JSON.stringify(same.edits) === edits),
  );
  const found = fixes[rank];
  return found && found.figures.runs > 0 ? { rank, fix: found } : undefined;
}

/** The fix that the user was shown as better in verification `id`; undefined for any other. */
export function fixToApply(job: VerificationJob | undefined, id: unknown, fixId: unknown): Fix | undefined {
  if (job?.id !== id || job?.outcome?.kind !== "verified") return undefined;
  return job.outcome.verification.fixes.find(({ fix, verdict }) => fix.id === fixId && verdict === "better")?.fix;
}

/** `measured better: horizon 34 → 149 of 149, loss 0.167 → 0.02`. */
export function measuredLabel({ verdict, measured }: VerifiedFix): string {
  return inlineWords().measured({ verdict: inlineWords().verdicts[verdict], measured });
}
