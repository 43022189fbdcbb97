/** From pairs of runs to a verdict on a fix. */

import { listWords } from "../../messages/lists.ts";
import { verificationWords } from "../../messages/verification.ts";
import { type FindingCode, type Severity, severities } from "../../protocol/finding.ts";
import type { FixVerdict } from "../../protocol/verification.ts";
import { untoldBesideGraver } from "../causeAndEffect.ts";
import { findingFigures } from "./findingFigures.ts";
import { type LossStanding, standingOf } from "./lossStanding.ts";
import { logLossRatio, type Pair, weighsOtherwise } from "./pair.ts";
import { type Effect, effectOf } from "./paired.ts";
import { type Difference, differenceOf, fewestPairs, lossTolerance, powerText } from "./sequential.ts";

/** What an undecided verdict waits for: more seeds, longer runs, or nothing. */
export type Open = "pairs" | "steps" | null;

export interface Judgement {
  readonly verdict: FixVerdict;
  readonly reason: string;
  /** Pairs in which the finding was present and is gone. */
  readonly cleared: number;
  readonly open: Open;
  /** Codes that most runs with the fix still, or newly, warn of: what to fix next. */
  readonly remaining: readonly FindingCode[];
}

export interface JudgeOptions {
  /** Pairs at the first look of the sequential test. */
  readonly first?: number;
  /** The training that the config asks for is longer than the runs. */
  readonly longer?: boolean;
}

/**
 * *Better* takes two things. First, the finding is gone, or its figure is surely better (by the sequential test of the
 * loss); if it has no figure, the loss is surely lower, and below its baseline. Second, the loss is below its baseline,
 * or clearly on its way there, with every seed; without a known baseline it has to be surely lower than the present
 * model's.
 *
 * @param pairs runs of the same seed.
 * @param code the finding that the fix is for.
 */
export function judge(pairs: readonly Pair[], code: FindingCode, options: JudgeOptions = {}): Judgement {
  const n = pairs.length;
  const level = levelOf(pairs, code);
  const flagged = pairs.filter(({ present }) => atLevel(present.findings, code, level));
  const cleared = flagged.filter((pair) => clears(pair, code, level)).length;
  const remaining = stillWarned(pairs, code);
  const loss = differenceOf(pairs.map(logLossRatio), options.first ?? fewestPairs);
  if (n < fewestPairs)
    return { verdict: "inconclusive", reason: tooFew(n, loss.detectable), cleared, open: "pairs", remaining };

  const figure = findingFigures[code];
  const effect =
    figure &&
    effectOf(
      pairs.map((p) => figure.of(p.fixed) - figure.of(p.present)),
      figure.tolerance,
      options.first,
    );
  const brings = pairs.some(
    ({ present, fixed }) => !atLevel(present.findings, code, level) && atLevel(fixed.findings, code, level),
  );
  const gone = flagged.length * 2 > n && cleared === flagged.length && !brings;
  const standing = standingOf(pairs, loss);
  // A finding without a figure that stays is overcome only by a net that learns in spite of it.
  const improved = figure ? effect?.direction === 1 : loss.direction === -1 && standing.below;
  const broken = majority(pairs, ({ present, fixed }) => fixed.diverged && !present.diverged);
  const brought = newCodes(pairs, code).filter((other) => other === "non-finite" || !standing.good);

  const gains = [
    gone ? verificationWords().clears : "",
    effect?.direction === 1 && figure ? verificationWords().improves(figure.name()) : "",
    standing.good ? standing.text : loss.direction === -1 ? verificationWords().lossLower : "",
  ].filter((text) => text !== "");
  // A bypass such as attention shortens the reach through the layer although the net learns; the figure then means
  // nothing.
  const bypassed = gone && standing.good && loss.direction === -1;
  const harms = [
    broken ? verificationWords().diverges : "",
    brought.length > 0 ? verificationWords().brings(brought.join(", ")) : "",
    effect?.direction === -1 && figure && !bypassed ? verificationWords().worsens(figure.name()) : "",
    !broken && loss.direction === 1 ? verificationWords().lossHigher : "",
  ].filter((text) => text !== "");

  const told = { cleared, remaining };
  if (harms.length > 0) {
    const reason =
      gains.length > 0
        ? verificationWords().but({ gains: listWords().commas(gains), harms: listWords().commas(harms) })
        : listWords().commas(harms);
    return { ...told, verdict: gains.length > 0 ? "inconclusive" : "worse", reason, open: null };
  }
  if ((gone || improved) && standing.good)
    return { ...told, verdict: "better", reason: listWords().commas(gains), open: null };
  return {
    ...told,
    ...undecided({ pairs, flagged, cleared, gone, improved, standing, effect, loss, gains }, code, options),
  };
}

interface Evidence {
  readonly pairs: readonly Pair[];
  /** Pairs in which the finding was present. */
  readonly flagged: readonly Pair[];
  readonly cleared: number;
  readonly gone: boolean;
  readonly improved: boolean;
  readonly standing: LossStanding;
  /** Undefined: the finding has no figure. */
  readonly effect: Effect | undefined;
  readonly loss: Difference;
  readonly gains: readonly string[];
}

/** The verdict on a fix that is neither better nor worse. */
function undecided(
  { pairs, flagged, cleared, gone, improved, standing, effect, loss, gains }: Evidence,
  code: FindingCode,
  { longer = false }: JudgeOptions,
): Pick<Judgement, "verdict" | "reason" | "open"> {
  const n = pairs.length;
  const figure = findingFigures[code];
  // More seeds resolve outcomes that differ in kind; more steps help a net that has not begun to learn.
  const improving = standing.good && effect?.unclear === true && effect.mean > (figure?.tolerance ?? 0);
  const split = improving || standing.mixed || (cleared > 0 && !gone) || (loss.open && loss.mean < -lossTolerance);
  const waits = (gone || improved || standing.falling) && longer && !standing.far;
  const open: Open = split ? "pairs" : waits ? "steps" : null;
  if (gains.length > 0 || standing.mixed) {
    const but = standing.good ? whyNotGone(pairs, flagged, cleared, code) : standing.text;
    const reason = gains.length > 0 ? verificationWords().but({ gains: listWords().commas(gains), harms: but }) : but;
    return {
      verdict: "inconclusive",
      reason: withPower(reason, split && loss.direction === 0, loss.detectable, n),
      open,
    };
  }
  if (cleared > 0) {
    const reason = verificationWords().clearsWith(someOf(cleared, flagged.length, n));
    return { verdict: "inconclusive", reason: withPower(reason, true, loss.detectable, n), open };
  }
  if (pairs.some(weighsOtherwise)) {
    const reason = verificationWords().notComparable(standing.text);
    return { verdict: "inconclusive", reason, open };
  }
  const unclear = loss.open || Number.isNaN(loss.detectable) || effect?.unclear === true;
  const what = unclear ? verificationWords().spreadExceedsEffect : verificationWords().nothingMoves;
  return {
    verdict: unclear ? "inconclusive" : "no difference",
    reason: withPower(figure || unclear ? what : verificationWords().lossStays, true, loss.detectable, n),
    open,
  };
}

/** Why a fix whose loss is good does not count as clearing the finding. */
function whyNotGone(pairs: readonly Pair[], flagged: readonly Pair[], cleared: number, code: FindingCode): string {
  const [n, stays] = [pairs.length, pairs.some(({ fixed }) => fixed.findings.has(code))];
  return stays || cleared < flagged.length
    ? verificationWords().findingStays
    : verificationWords().findingIsRare({ flagged: flagged.length, n });
}

function withPower(reason: string, stated: boolean, detectable: number, pairs: number): string {
  const power = stated ? powerText(detectable, pairs) : "";
  return power === "" ? reason : verificationWords().withPower({ reason, power });
}

/**
 * Whether the finding is gone, or is less grave because its figure or the loss is better. Less grave alone is not
 * enough: a net that vanishes as before but is farther from its baseline is merely *too early to tell*. A finding that
 * was information all along means nothing any more once the loss has newly fallen below its baseline.
 */
function clears(pair: Pair, code: FindingCode, level: Severity): boolean {
  const { present, fixed } = pair;
  if (level === "information" && fixed.progress === "below" && present.progress !== "below")
    return !atLevel(fixed.findings, code, "warning");
  if (atLevel(fixed.findings, code, level)) return false;
  const figure = findingFigures[code];
  if (!figure || !fixed.findings.has(code)) return true;
  return figure.of(fixed) - figure.of(present) > figure.tolerance || logLossRatio(pair) < -lossTolerance;
}

/** `2 of 3 seeds`, `1 of the 1 seed of 3 that has it`. */
function someOf(cleared: number, flagged: number, all: number): string {
  if (flagged === all) return verificationWords().seeds({ cleared, all, one: all === 1 });
  return verificationWords().seedsThatHaveIt({ cleared, flagged, one: flagged === 1, all });
}

function tooFew(pairs: number, detectable: number): string {
  if (pairs === 0) return verificationWords().notRun;
  return powerText(detectable, pairs) || verificationWords().pairsEnded({ pairs, needed: fewestPairs });
}

/** The gravest severity of the finding in the present model. */
function levelOf(pairs: readonly Pair[], code: FindingCode): Severity {
  const found = pairs.flatMap(({ present }) => present.findings.get(code) ?? []);
  return severities.find((severity) => found.includes(severity)) ?? "information";
}

function atLevel(findings: ReadonlyMap<FindingCode, Severity>, code: FindingCode, level: Severity): boolean {
  const severity = findings.get(code);
  return severity !== undefined && severities.indexOf(severity) <= severities.indexOf(level);
}

/**
 * Codes that most runs with the fix warn of and those without it never have. Codes reported only in the absence of
 * graver ones are excluded: their appearance is no harm, and the loss is compared by itself.
 */
function newCodes(pairs: readonly Pair[], code: FindingCode): readonly FindingCode[] {
  return warnedCodes(pairs, [code, ...untoldBesideGraver]).filter((other) =>
    majority(pairs, ({ present, fixed }) => atLevel(fixed.findings, other, "warning") && !present.findings.has(other)),
  );
}

function stillWarned(pairs: readonly Pair[], code: FindingCode): readonly FindingCode[] {
  return warnedCodes(pairs, [code]).filter((other) =>
    majority(pairs, ({ fixed }) => atLevel(fixed.findings, other, "warning")),
  );
}

function warnedCodes(pairs: readonly Pair[], without: readonly FindingCode[]): readonly FindingCode[] {
  const codes = new Set(pairs.flatMap(({ fixed }) => [...fixed.findings.keys()]));
  for (const other of without) codes.delete(other);
  return [...codes];
}

function majority(pairs: readonly Pair[], holds: (pair: Pair) => boolean): boolean {
  return pairs.filter(holds).length * 2 > pairs.length;
}
