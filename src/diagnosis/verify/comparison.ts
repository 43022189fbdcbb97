/** The course of a verification: which runs come next, and what they say of each fix so far. */

import type { FindingCode, Fix } from "../../protocol/finding.ts";
import { maxAlike, type VerifiedFix } from "../../protocol/verification.ts";
import { count, formatNumber } from "../text/numbers.ts";
import { type Arm, armsOf, type Candidate, single } from "./arms.ts";
import type { Bench } from "./bench.ts";
import { longerSteps } from "./budget.ts";
import { pairsOfFixes, triplesOfFixes, wantsMore } from "./combinations.ts";
import { armFigures, measuredText } from "./figures.ts";
import { type Judgement, judge } from "./judge.ts";
import { pairsOf, weighsOtherwise } from "./pair.ts";
import { byRank, promise, type Ranked } from "./rank.ts";
import { effectKey, type Replicate } from "./replicate.ts";
import { fewestPairs, mostPairs } from "./sequential.ts";

/** Combinations and longer runs that get all seeds, of those that got one; undecided fixes that get more of them. */
const followed = 2;
const pursued = 3;

interface Judged extends Ranked {
  readonly arm: Arm;
  /** Of the present model, beside the runs that the judgement is of, and how long they are. */
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
   * @param seeds that every fix is run from.
   * @param planned steps of the training that the config asks for; null: not known.
   */
  constructor(bench: Bench, code: FindingCode, seeds: number, planned: number | null) {
    this.#bench = bench;
    this.#code = code;
    this.#seeds = seeds;
    this.#planned = planned;
  }

  /** Every single fix was run from every seed. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Fixes that more runs, or longer ones, might show to be better. */
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
   * Longer runs where no fix is better yet and some have not had the time to be: all that are not decided from one seed,
   * and those that do best there from the others (successive halving: Jamieson & Talwalkar 2016, AISTATS).
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
    // Fixes of which some were run for longer and some were not cannot be put in order.
    if (arms.some((arm) => bench.runsOf(arm).length === 0)) return bench.takeBack();
    await bench.runPresent(this.#seeds);
    for (const { arm } of this.#judgedOf(arms).sort(promise).slice(0, followed)) await bench.runArm(arm, this.#seeds);
  }

  /**
   * The best fixes together, in pairs and then in threes, where none is enough by itself. What is found to be better
   * only together with a fix of another finding is held against that fix alone.
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
    // Those that runs can show, and that are no candidates already.
    const others = armsOf(
      configText,
      model,
      partners.map(single),
      singles.map((arm) => arm.model),
    ).arms.map(({ fix }) => fix);
    const pair = await this.#tryOut(add(pairsOfFixes(singles, others)));
    if (pair && this.#wantsMore(this.#judged().sort(byRank)))
      await this.#tryOut(add(triplesOfFixes(pair, singles, others)));
    const best = this.#judged().sort(byRank)[0];
    if (best?.judgement.verdict !== "better") return;
    for (const arm of add(best.arm.parts.map(single))) await this.#bench.runArm(arm, this.#seeds);
  }

  /** More seeds for what the first ones did not decide, as long as it could become the best. */
  async decide(): Promise<void> {
    if (this.#seeds < fewestPairs || this.#bench.present.length < this.#seeds) return;
    const pending = this.#pending().slice(0, pursued);
    for (let n = this.#seeds + 1; n <= mostPairs; n++) {
      const open = pending.filter((arm) => this.#judgedOf([arm])[0]?.judgement.open === "pairs");
      if (open.length === 0 || !(await this.#bench.runPresent(n))) return;
      for (const arm of open) await this.#bench.runArm(arm, n);
    }
  }

  /** The best first; of fixes with the same effect the first one, which names the others. */
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

  /** Where there are longer runs, too, it says which are meant: `loss 0.56 → 0.16 (300 steps; 0.01 after 1200)`. */
  #measured({ runs, present, steps, longer }: Judged): string {
    const beside = armFigures(present.slice(0, runs.length));
    const text = measuredText(beside, armFigures(runs), pairsOf(present, runs).some(weighsOtherwise));
    if (steps === this.#bench.steps) return text;
    const after = longer ? `; ${formatNumber(armFigures(longer.runs).loss.median)} after ${this.#bench.steps}` : "";
    return `${text} (${count(steps, "step")}${after})`;
  }

  /** The same for fixes whose runs came to the same figures; of longer runs there may be fewer. */
  #effectOf(arm: Arm): string {
    const runs = this.#bench.earlier?.runs.get(arm) ?? this.#bench.runsOf(arm);
    return runs.length < fewestPairs ? arm.fix.id : runs.slice(0, fewestPairs).map(effectKey).join();
  }

  /** Each from one seed, the most promising from the others, too. */
  async #tryOut(arms: readonly Arm[]): Promise<Arm | undefined> {
    for (const arm of arms) await this.#bench.runArm(arm, 1);
    const promising = this.#judgedOf(arms).sort(promise).slice(0, followed);
    for (const { arm } of promising) await this.#bench.runArm(arm, this.#seeds);
    return this.#judgedOf(promising.map(({ arm }) => arm)).sort(byRank)[0]?.arm;
  }

  #wantsMore([best]: readonly Judged[]): boolean {
    return !this.#bench.over && this.complete && wantsMore(best?.judgement, best?.runs.length ?? 0);
  }

  /** Undecided for want of pairs and, where a fix is better, more promising than it. */
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

  /** Combinations only where they were run from as many seeds as it takes to tell. */
  #shown(): Judged[] {
    return this.#judged().filter(({ arm, runs }) => arm.parts.length === 1 || runs.length >= fewestPairs);
  }

  #judged(): Judged[] {
    return this.#judgedOf(this.#bench.arms);
  }

  /** By the longest runs of which there are enough for a verdict. */
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
