/** What the tools answer: small objects with figures and places, in words that need no other file. */

import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { runFigures } from "../../diagnosis/runFigures.ts";
import { modelSummary } from "../../diagnosis/text/summary.ts";
import type { VerifyOutcome } from "../../diagnosis/verify/verify.ts";
import type { Finding } from "../../protocol/finding.ts";
import { type ConfigFile, placeText, problemLines } from "../configFile.ts";
import type { Measured } from "../measured.ts";
import { endText } from "../report/endText.ts";

/** Most findings and fixes of one answer. */
const most = 12;

/** A JSON value; numbers that are not finite are the strings of their names. */
export type Answer = { readonly [key: string]: unknown };

export function modelAnswer(file: ConfigFile, model: ResolvedModel): Answer {
  return {
    model: model.name,
    ...(model.base === null ? {} : { extends: model.base }),
    place: placeText(file, ["models", model.name], "key"),
    layers: model.layers.map(({ name, type, path }) => ({ name, type, place: placeText(file, path) })),
  };
}

export function problemAnswers(file: ConfigFile, problems: readonly Problem[]): readonly string[] {
  return problems.slice(0, most).map((problem) => problemLines(file, problem));
}

export function findingAnswer(file: ConfigFile, finding: Finding): Answer {
  const { code, severity, layer, place, message, explanation, evidence, fixes } = finding;
  return {
    code,
    severity,
    layer,
    place: placeText(file, place),
    message,
    explanation,
    evidence,
    fixes: fixes.slice(0, most).map(({ title }) => title),
  };
}

/** A run's verdict, figures and findings. */
export function measuredAnswer(file: ConfigFile, measured: Measured): Answer {
  const { model, history, findings, outcome } = measured;
  if (outcome.kind === "refused") return { model: model.name, refused: problemAnswers(file, outcome.problems) };
  if (!history || history.lastStep === 0) return { model: model.name, end: endText(measured) };
  const { headline, provisional } = modelSummary(history, findings);
  return {
    model: model.name,
    verdict: findings.length === 0 ? "healthy: no findings" : (findings[0]?.message ?? ""),
    headline,
    ...(provisional === null ? {} : { provisional }),
    figures: runFigures(history, findings),
    findings: findings.slice(0, most).map((finding) => findingAnswer(file, finding)),
    remarks: problemAnswers(file, measured.warnings),
  };
}

/** Which fixes help, the best first. */
export function verifiedAnswer(file: ConfigFile, model: string, outcome: VerifyOutcome): Answer {
  switch (outcome.kind) {
    case "cancelled":
      return { model, outcome: "cancelled before any fix was run" };
    case "ended": {
      const { end } = outcome.ran;
      return {
        model,
        outcome: "the model could not be run",
        ...(end.kind === "refused" ? { refused: problemAnswers(file, end.problems) } : {}),
        ...(end.kind === "failed" ? { failed: end.message } : {}),
      };
    }
    case "sound":
      return { model, outcome: outcome.findings.length === 0 ? "no findings" : "no finding has a fix to verify" };
    case "verified": {
      const { code, layer, seeds, steps, fixes, impossible, complete, conclusion } = outcome.verification;
      return {
        model,
        finding: code,
        layer,
        seeds: seeds.length,
        steps,
        complete,
        conclusion: conclusion.text,
        otherCauses: conclusion.causes,
        fixes: fixes.slice(0, most).map(({ fix, verdict, reason, measured }) => ({
          title: fix.title,
          verdict,
          reason,
          measured,
          edits: fix.edits,
        })),
        impossible,
      };
    }
  }
}

/** Text of an answer. */
export function answerText(answer: Answer): string {
  return JSON.stringify(answer, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}
