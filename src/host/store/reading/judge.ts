/** The findings of a run that was read. Reading one and judging it take long: both are done in the thread. */

import type { ResolvedModel } from "../../../config/resolved.ts";
import { diagnose } from "../../../diagnosis/diagnose.ts";
import { spokenLanguage } from "../../../messages/language.ts";
import type { Finding } from "../../../protocol/finding.ts";
import type { StoredRun } from "../../../tensorboard/storedRun.ts";
import { modelOf } from "../modelOf.ts";

/**
 * A program that describes its run has the rules of any model, as far as its measurements go. The run of a config has the
 * findings that were stored with it. Whoever describes nothing is judged by nobody.
 */
export function judge(stored: StoredRun): readonly Finding[] {
  const { history, config, writer, findings } = stored;
  if (config === null) return writer === null ? (findings ?? []) : diagnose(history, null);
  const model = modelOf(config.text, history.info.model);
  return model ? findingsOf(stored, model) : (findings ?? []);
}

/**
 * The findings as they were stored. Those that were worded in another language get the words that this process has for
 * the same finding; one that the history no longer shows keeps its own.
 */
function findingsOf({ findings, history }: StoredRun, model: ResolvedModel): readonly Finding[] {
  if (!findings) return diagnose(history, model);
  const spoken = spokenLanguage() === "zh";
  if (findings.every(({ message }) => isChinese(message) === spoken)) return findings;
  const worded = new Map(diagnose(history, model).map((finding) => [finding.id, finding]));
  return findings.map((finding) => {
    const { message, explanation, fixes } = worded.get(finding.id) ?? finding;
    return { ...finding, message, explanation, fixes };
  });
}

function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}
