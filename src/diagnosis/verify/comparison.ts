/** The course of a verification: the runs that come next, and what they show about each fix so far. */

import { verificationWords } from "../../messages/verification.ts";
import type { FindingCode, Fix } from "../../protocol/finding.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { maxAlike, type VerifiedFix } from "../../protocol/verification.ts";
import { type Arm, armsOf, type Candidate, single } from "./arms.ts";
import type { Bench } from "./bench.ts";
import { longerSteps } from "./budget.ts";
import { pairsOfFixes, triplesOfFixes, wantsMore } from "./combinations.ts";
import { armFigures, measuredText } from "./figures.ts";
import { followUps, isFirstStep, mostBases, mostRounds } from "./followUp.ts";
import { type Judgement, judge } from "./judge.ts";
import { pairsOf, weighsOtherwise } from "./pair.ts";
import { byRank, promise, type Ranked } from "./rank.ts";
import { effectKey, type Replicate } from "./replicate.ts";
import { fewestPairs, mostPairs } from "./sequential.ts";

/** Combinations and longer runs that get all seeds after a first one; also, undecided fixes that get more seeds. */
const followed = 2;
const pursued = 3;

interface Judged extends Ranked {
  readonly arm: Arm;
  /** Runs of the present model that the judgement compares with, and their length. */
  readonly present: readonly Replicate[];
  readonly steps: number;
}

export class Comparison {
  readonly #bench: Bench;
  readonly #code: FindingCode;
  readonly #seeds: number;
  readonly #planned: number | null;
  #complete = false;

  /**
   * @param seeds number of seeds from which every fix is run.
   * @param planned steps of the training that the config asks for; null if not known.
   */
  constructor(bench: Bench, code: FindingCode, seeds: number, planned: number | null) {
    this.#bench = bench;
    this.#code = code;
    this.#seeds = seeds;
    this.#planned = planned;
  }

  /** True if every single fix was run from every seed. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Fixes that more or longer runs might show to be better. */
  get undecided(): readonly { readonly fix: Fix; readonly waitsFor: NonNullable<Judgement["open"]> }[] {
    return this.#shown().flatMap(({ arm, judgement: { open } }) => (open ? [{ fix: arm.fix, waitsFor: open }] : []));
  }

  async runAll(): Promise<void> {
    for (const arm of this.#bench.arms) await this.#bench.runArm(arm, 1);
    await this.#bench.runPresent(this.#seeds);
    for (const { arm } of this.#judged().sort(promise)) await this.#bench.runArm(arm, this.#seeds);
    const { arms, present } = this.#bench;
    this.#complete = [present, ...arms.map((arm) => this.#bench.runsOf(arm))].every(
      ({ length }) => length >= this.#seeds,
    );
  }

  /**
   * Makes longer runs if no fix is better yet and some have not had the time to be. All undecided fixes get one seed,
   * and the best of them there get the others (successive halving: Jamieson & Talwalkar 2016, AISTATS).
   */
  async lengthen(): Promise<void> {
    const bench = this.#bench;
    const judged = this.#judged();
    if (!this.#complete || this.#seeds < fewestPairs || this.#planned === null || bench.over) return;
    if (judged.some(({ judgement: { verdict } }) => verdict === "better")) return;
    if (!judged.some(({ judgement: { open } }) => open === "steps")) return;
    const undecided = judged.filter(({ judgement: { verdict } }) => verdict === "inconclusive");
    const waiting = [...new Map(undecided.reverse().map((one) => [this.#effectOf(one.arm), one])).values()].sort(
      promise,
    );
    const runs = waiting.length + this.#seeds + followed * (this.#seeds - 1);
    const steps = longerSteps(bench.steps, this.#planned, bench.left, bench.elapsed / Math.max(1, bench.done), runs);
    if (steps === null) return;
    bench.lengthen(steps, runs);
    await bench.runPresent(1);
    for (const { arm } of waiting) await bench.runArm(arm, 1);
    const arms = waiting.map(({ arm }) => arm).filter((arm) => bench.arms.includes(arm));
    // Fixes cannot be ordered if only some of them were run for longer.
    if (arms.some((arm) => bench.runsOf(arm).length === 0)) return bench.takeBack();
    await bench.runPresent(this.#seeds);
    for (const { arm } of this.#judgedOf(arms).sort(promise).slice(0, followed)) await bench.runArm(arm, this.#seeds);
  }

  /**
   * Tries the best fixes together, in pairs and then in triples, if none suffices by itself. A combination with a fix
   * of another finding is compared with that fix alone, too.
   */
  async combine(configText: string, model: string, partners: readonly Fix[]): Promise<void> {
    const ranked = this.#judged().sort(byRank);
    if (!this.#wantsMore(ranked)) return;
    const singles = ranked.map(({ arm }) => arm);
    const add = (candidates: readonly Candidate[]): readonly Arm[] => {
      const others = this.#bench.arms.map((arm) => arm.model);
      const { arms } = armsOf(configText, model, candidates, others);
      this.#bench.add(arms);
      return arms;
    };
    // Keep those that runs can show and that are no candidates already.
    const others = armsOf(
      configText,
      model,
      partners.map(single),
      singles.map((arm) => arm.model),
    ).arms.map(({ fix }) => fix);
    const pair = await this.#tryOut(add(pairsOfFixes(singles, others)));
    if (pair && this.#wantsMore(this.#judged().sort(byRank)))
      await this.#tryOut(add(triplesOfFixes(pair, singles, others)));
    await this.#followUp(model);
    const best = this.#judged().sort(byRank)[0];
    if (best?.judgement.verdict !== "better") return;
    for (const arm of add(best.arm.alone.map(single))) await this.#bench.runArm(arm, this.#seeds);
  }

  /**
   * Fixes next what the most promising fixes leave, one cause after the other, until a net learns or nothing is left to
   * fix.
   */
  async #followUp(model: string): Promise<void> {
    const tried = new Set<Arm>();
    for (let round = 0; round < mostRounds; ) {
      const ranked = this.#shown().sort(byRank);
      if (ranked[0]?.judgement.verdict === "better" || !this.#wantsMore(ranked)) return;
      const bases = ranked.filter(({ arm, judgement, runs }) => !tried.has(arm) && isFirstStep(judgement, runs));
      if (bases.length === 0) return;
      const next: Arm[] = [];
      for (const { arm, runs } of bases.slice(0, mostBases)) {
        tried.add(arm);
        if (runs[0]) next.push(...followUps(arm, model, runs[0], [...this.#bench.arms, ...next]));
      }
      if (next.length === 0) continue;
      this.#bench.add(next);
      await this.#tryOut(next);
      round++;
    }
  }

  /** Runs more seeds for fixes that the first ones did not decide, as long as they could become the best. */
  async decide(): Promise<void> {
    if (this.#seeds < fewestPairs || this.#bench.present.length < this.#seeds) return;
    const pending = this.#pending().slice(0, pursued);
    for (let n = this.#seeds + 1; n <= mostPairs; n++) {
      const open = pending.filter((arm) => this.#judgedOf([arm])[0]?.judgement.open === "pairs");
      if (open.length === 0 || !(await this.#bench.runPresent(n))) return;
      for (const arm of open) await this.#bench.runArm(arm, n);
    }
  }

  /** The fixes, the best first; of fixes with the same effect, only the first one, which names the others. */
  verified(): readonly VerifiedFix[] {
    const kept = new Map<string, { readonly judged: Judged; readonly alike: Fix[] }>();
    for (const judged of this.#shown()) {
      const { arm } = judged;
      const key = this.#effectOf(arm);
      const same = kept.get(key);
      if (same && arm.parts.length === 1 && same.alike.length < maxAlike) same.alike.push(arm.fix);
      if (!same) kept.set(key, { judged, alike: [] });
    }
    return [...kept.values()]
      .sort((a, b) => byRank(a.judged, b.judged))
      .map(({ judged, alike }) => {
        const { arm, judgement, runs } = judged;
        const { verdict, reason, cleared, remaining } = judgement;
        const measured = runs.length === 0 ? "" : this.#measured(judged);
        return { fix: arm.fix, verdict, reason, measured, cleared, figures: armFigures(runs), remaining, alike };
      });
  }

  /**
   * The figures, with their number of steps if there are longer runs, too: `loss 0.56 → 0.16 (300 steps; 0.01 after
   * 1200)`.
   */
  #measured({ runs, present, steps, longer }: Judged): string {
    const beside = armFigures(present.slice(0, runs.length));
    const text = measuredText(beside, armFigures(runs), pairsOf(present, runs).some(weighsOtherwise));
    if (steps === this.#bench.steps) return text;
    const after = longer
      ? verificationWords().afterSteps({
          median: formatNumber(armFigures(longer.runs).loss.median),
          steps: this.#bench.steps,
        })
      : "";
    return verificationWords().inBrackets({ text, remark: `${verificationWords().steps(steps)}${after}` });
  }

  /** A key that is equal for fixes whose runs came to the same figures; there may be fewer longer runs. */
  #effectOf(arm: Arm): string {
    const runs = this.#bench.earlier?.runs.get(arm) ?? this.#bench.runsOf(arm);
    return runs.length < fewestPairs ? arm.fix.id : runs.slice(0, fewestPairs).map(effectKey).join();
  }

  /** Runs each from one seed, and the most promising from the others, too. */
  async #tryOut(arms: readonly Arm[]): Promise<Arm | undefined> {
    for (const arm of arms) await this.#bench.runArm(arm, 1);
    const promising = this.#judgedOf(arms).sort(promise).slice(0, followed);
    for (const { arm } of promising) await this.#bench.runArm(arm, this.#seeds);
    return this.#judgedOf(promising.map(({ arm }) => arm)).sort(byRank)[0]?.arm;
  }

  #wantsMore([best]: readonly Judged[]): boolean {
    return !this.#bench.over && this.complete && wantsMore(best?.judgement, best?.runs.length ?? 0);
  }

  /** Fixes that lack pairs for a decision and, if one is better already, are more promising than that. */
  #pending(): readonly Arm[] {
    const ranked = this.#shown().sort(byRank);
    const best = ranked.find(({ judgement }) => judgement.verdict === "better");
    return ranked
      .filter(({ judgement, runs, steps }) => {
        return judgement.open === "pairs" && runs.length >= this.#seeds && steps === this.#bench.steps;
      })
      .filter((judged) => best === undefined || promise(judged, best) < 0)
      .map(({ arm }) => arm);
  }

  /** Leaves out combinations that were run from too few seeds to tell. */
  #shown(): Judged[] {
    return this.#judged().filter(({ arm, runs }) => arm.parts.length === 1 || runs.length >= fewestPairs);
  }

  #judged(): Judged[] {
    return this.#judgedOf(this.#bench.arms);
  }

  /** Judges by the longest runs, if there are enough of them for a verdict. */
  #judgedOf(arms: readonly Arm[]): Judged[] {
    const { earlier, present, steps } = this.#bench;
    return arms.map((arm): Judged => {
      const runs = this.#bench.runsOf(arm);
      const judgement = this.#judge(present, runs, steps);
      const parts = arm.parts.length;
      const before = earlier?.runs.get(arm);
      if (!earlier || !before || runs.length >= fewestPairs) return { arm, judgement, runs, present, steps, parts };
      return {
        arm,
        judgement: this.#judge(earlier.present, before, earlier.steps),
        runs: before,
        present: earlier.present,
        steps: earlier.steps,
        parts,
        ...(runs.length === 0 ? {} : { longer: { runs, cleared: judgement.cleared } }),
      };
    });
  }

  #judge(present: readonly Replicate[], runs: readonly Replicate[], steps: number): Judgement {
    const longer = this.#planned !== null && this.#planned > steps;
    return judge(pairsOf(present, runs), this.#code, { first: this.#seeds, longer });
  }
}
