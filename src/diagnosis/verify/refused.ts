/**
 * Verifies the fixes of a model that is refused before its first step. A fix is better if the model runs with it and
 * its loss is below the baseline or clearly on its way there.
 */

import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { verificationWords } from "../../messages/verification.ts";
import type { FindingCode, Fix } from "../../protocol/finding.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import type { Conclusion, FixVerdict, Verification, VerifiedFix } from "../../protocol/verification.ts";
import { type Arm, armsOf, type Candidate, type ImpossibleFix, single } from "./arms.ts";
import type { Bench } from "./bench.ts";
import { distinct } from "./candidates.ts";
import { helping, ranOf } from "./conclusion.ts";
import { armFigures } from "./figures.ts";
import { followedBy } from "./followUp.ts";
import type { Judgement } from "./judge.ts";
import { standingOf } from "./lossStanding.ts";
import { byRank, type Ranked } from "./rank.ts";
import type { Replicate } from "./replicate.ts";
import { fewestPairs } from "./sequential.ts";

/** Most fixes in one: the engine may find one problem after the other. */
const mostParts = 3;

/** Most models that are tried in all. */
const mostArms = 8;

interface Judged extends Ranked {
  readonly arm: Arm;
}

/** Edits for the problems; problems without an edit leave nothing to verify. */
export function fixesOf(problems: readonly Problem[]): readonly Fix[] {
  return distinct(problems.flatMap(({ fixes = [] }) => fixes));
}

/** @param problems the reasons for the refusal; some of them have fixes. */
export async function verifyRefused(
  {
    configText,
    model,
    seeds,
  }: { readonly configText: string; readonly model: string; readonly seeds: readonly number[] },
  bench: Bench,
  problems: readonly Problem[],
): Promise<Verification> {
  const impossible: ImpossibleFix[] = [];
  /** Models tried so far, refused or not. */
  const models: ResolvedModel[] = [];
  const waiting: Candidate[] = fixesOf(problems).map(single);
  for (let tried = 0; tried < mostArms && !bench.over; tried++) {
    const candidate = waiting.shift();
    if (!candidate) break;
    const made = armsOf(configText, model, [candidate], models);
    impossible.push(...made.impossible);
    const [arm] = made.arms;
    if (!arm) continue;
    models.push(arm.model);
    bench.add([arm]);
    const left = await bench.runAlone(arm, 1);
    if (arm.parts.length < mostParts) waiting.push(...fixesOf(left).map((next) => followedBy(arm, next)));
  }
  for (const arm of bench.arms) await bench.runAlone(arm, seeds.length);
  const judged = bench.arms
    .map((arm): Judged => {
      const runs = bench.runsOf(arm);
      return { arm, runs, judgement: judgementOf(runs), parts: arm.parts.length };
    })
    .sort(byRank);
  const complete = waiting.length === 0 && judged.every(({ runs }) => runs.length >= seeds.length);
  const fixes = judged.map(verified);
  return {
    model,
    code: null,
    layer: null,
    seeds: [...seeds],
    steps: bench.steps,
    present: armFigures([]),
    fixes,
    // For a combination report only its own problems, not those of its parts.
    impossible: [...impossible, ...bench.refused].filter(({ title }) => !judged.some(({ arm }) => partOf(title, arm))),
    complete,
    conclusion: concluded(fixes, complete, bench),
  };
}

function partOf(title: string, { parts }: Arm): boolean {
  return parts.length > 1 && parts.some((part) => part.title === title);
}

function judgementOf(runs: readonly Replicate[]): Judgement {
  const told = { cleared: runs.length, remaining: warned(runs) };
  const trains = verificationWords().canBeTrained;
  if (runs.length < fewestPairs) {
    const reason =
      runs.length === 0
        ? verificationWords().notRun
        : verificationWords().trainableEnded({ trains, ended: runs.length, needed: fewestPairs });
    return { ...told, verdict: "inconclusive", reason, open: "pairs" };
  }
  const unknown = runs.some(({ baseline }) => baseline === null);
  const standing = standingOf(
    runs.map((fixed) => ({ present: fixed, fixed })),
    { direction: 0, mean: Number.NaN, detectable: Number.NaN, open: false },
  );
  const verdict: FixVerdict = standing.good ? "better" : "inconclusive";
  const text = unknown ? verificationWords().baselineUnknown : standing.text;
  return {
    ...told,
    verdict,
    reason: verificationWords().trainableAnd({ trains, good: standing.good, text }),
    open: !standing.good && standing.falling ? "steps" : null,
  };
}

/** Codes that most runs warn of. */
function warned(runs: readonly Replicate[]): readonly FindingCode[] {
  const codes = new Set(runs.flatMap(({ findings }) => [...findings.keys()]));
  return [...codes].filter(
    (code) =>
      2 * runs.filter(({ findings }) => (findings.get(code) ?? "information") !== "information").length > runs.length,
  );
}

function verified({ arm, runs, judgement }: Judged): VerifiedFix {
  const { verdict, reason, cleared, remaining } = judgement;
  const figures = armFigures(runs);
  const { loss, baseline, diverged } = figures;
  const after = 2 * diverged > runs.length ? verificationWords().diverged : formatNumber(loss.median);
  const beside = baseline === null ? "" : verificationWords().baseline(formatNumber(baseline));
  const measured = runs.length === 0 ? "" : verificationWords().trainableNow({ after, beside });
  return { fix: arm.fix, verdict, reason, measured, cleared, figures, remaining, alike: [] };
}

function concluded(fixes: readonly VerifiedFix[], complete: boolean, bench: Bench): Conclusion {
  const helps = helping(fixes, complete ? null : bench);
  if (helps) return helps;
  if (!complete)
    return {
      kind: "undecided",
      headline: verificationWords().undecided(ranOf(bench)),
      text: verificationWords().undecidedWhy(ranOf(bench)),
      causes: [],
    };
  if (fixes.length === 0)
    return {
      kind: "none-helps",
      headline: verificationWords().noneTrainable,
      text: verificationWords().noneTrainableSentence,
      causes: [],
    };
  const many = fixes.length === 1 ? verificationWords().theFixLets : verificationWords().fixesLet(fixes.length);
  return {
    kind: "undecided",
    headline: verificationWords().canBeTrained,
    text: verificationWords().trainableNotLearning({ many, steps: bench.steps }),
    causes: [],
  };
}
