/** What a notification says about the end of a verification. */

import { hostWords } from "../../messages/host.ts";
import { listWords } from "../../messages/lists.ts";
import type { Fix } from "../../protocol/finding.ts";
import { conclusionText } from "../../protocol/verification.ts";
import { plainLabel } from "../plainLabel.ts";
import type { VerificationJob } from "../verify/verificationService.ts";

export interface VerificationNotice {
  readonly text: string;
  readonly isError: boolean;
  /** Actions, the main one first. */
  readonly offers: readonly ("apply" | "showAll" | "continue")[];
  /** The fix that `apply` applies. */
  readonly best: Fix | null;
}

/** Null while it goes on, and if the user ended it before it measured anything. */
export function verificationNotice(
  job: Pick<VerificationJob, "model" | "outcome" | "continuable">,
): VerificationNotice | null {
  const name = plainLabel(job.model);
  const notice = (text: string): VerificationNotice => ({ text, isError: false, offers: [], best: null });
  const { outcome } = job;
  switch (outcome?.kind) {
    case undefined:
    case "cancelled":
      return null;
    case "sound":
      return notice(hostWords().nothingToVerify(name));
    case "ended": {
      const { end } = outcome.ran;
      const reason =
        end.kind === "refused" ? (end.problems[0]?.message ?? "") : end.kind === "failed" ? end.message : "";
      return {
        ...notice(
          hostWords()
            .cannotRun({ name, why: plainLabel(reason) })
            .trim(),
        ),
        isError: true,
      };
    }
    case "verified": {
      const { fixes, conclusion } = outcome.verification;
      const best = fixes.find(({ verdict }) => verdict === "better");
      if (best)
        return {
          ...notice(
            hostWords().verified({
              name,
              headline: conclusion.headline,
              fix: plainLabel(best.fix.title),
              measured: best.measured,
            }),
          ),
          offers: ["apply", "showAll"],
          best: best.fix,
        };
      const more = job.continuable ? (["continue"] as const) : [];
      const all = fixes.length > 0 ? (["showAll"] as const) : [];
      return {
        ...notice(listWords().named({ name, text: plainLabel(conclusionText(conclusion)) })),
        offers: [...more, ...all],
      };
    }
  }
}
