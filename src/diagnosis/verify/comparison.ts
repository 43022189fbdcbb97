/** The course of a verification: which runs come next, and what they say of each fix so far. */

import type { FindingCode, Fix } from "../../protocol/finding.ts";
import { maxAlike, type VerifiedFix } from "../../protocol/verification.ts";
import { type Arm, armsOf, type Candidate, single } from "./arms.ts";
import type { Bench } from "./bench.ts";
import { pairsOfFixes, triplesOfFixes, wantsMore } from "./combinations.ts";
import { armFigures, measuredText } from "./figures.ts";
import { type Judgement, judge } from "./judge.ts";
import { pairsOf, weighsOtherwise } from "./pair.ts";
import { byRank, promise, type Ranked } from "./rank.ts";
import { effectKey } from "./replicate.ts";
import { fewestPairs, mostPairs } from "./sequential.ts";

/** Combinations that get all seeds, of those that got one; undecided fixes that get more of them. */
const followed = 2;
const pursued = 3;

interface Judged extends Ranked {
  readonly arm: Arm;
}

export class Comparison {
  readonly #bench: Bench;
  readonly #code: FindingCode;
  readonly #seeds: number;
  readonly #longer: boolean;

  /**
   * @param seeds that every fix is run from.
   * @param longer the training that the config asks for is longer than the runs.
   */
  constructor(bench: Bench, code: FindingCode, seeds: number, longer: boolean) {
    this.#bench = bench;
    this.#code = code;
    this.#seeds = seeds;
    this.#longer = longer;
  }

  /** Every single fix from every seed. */
  get complete(): boolean {
    const singles = this.#bench.arms.filter(({ parts }) => parts.length === 1);
    return (
      this.#bench.present.length >= this.#seeds && singles.every((arm) => this.#bench.runsOf(arm).length >= this.#seeds)
    );
  }

  /** Fixes that more runs, or longer ones, might show to be better. */
  get undecided(): readonly { readonly fix: Fix; readonly waitsFor: NonNullable<Judgement["open"]> }[] {
    return this.#shown().flatMap(({ arm, judgement: { open } }) => (open ? [{ fix: arm.fix, waitsFor: open }] : []));
  }

  async runAll(): Promise<void> {
    for (const arm of this.#bench.arms) await this.#bench.runArm(arm, 1);
    await this.#bench.runPresent(this.#seeds);
    for (const { arm } of this.#judged().sort(promise)) await this.#bench.runArm(arm, this.#seeds);
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
      const open = pending.filter((arm) => this.#judge(arm).open === "pairs");
      if (open.length === 0 || !(await this.#bench.runPresent(n))) return;
      for (const arm of open) await this.#bench.runArm(arm, n);
    }
  }

  /** The best first; of fixes with the same effect the first one, which names the others. */
  verified(): readonly VerifiedFix[] {
    const kept = new Map<string, { readonly judged: Judged; readonly alike: Fix[] }>();
    for (const judged of this.#shown()) {
      const { arm, runs } = judged;
      const key = runs.length < fewestPairs ? arm.fix.id : runs.slice(0, fewestPairs).map(effectKey).join();
      const same = kept.get(key);
      if (same && arm.parts.length === 1 && same.alike.length < maxAlike) same.alike.push(arm.fix);
      if (!same) kept.set(key, { judged, alike: [] });
    }
    return [...kept.values()]
      .sort((a, b) => byRank(a.judged, b.judged))
      .map(({ judged: { arm, judgement, runs }, alike }) => {
        const { verdict, reason, cleared, remaining } = judgement;
        const figures = armFigures(runs);
        const beside = armFigures(this.#bench.present.slice(0, runs.length));
        const measured =
          runs.length === 0
            ? ""
            : measuredText(beside, figures, pairsOf(this.#bench.present, runs).some(weighsOtherwise));
        return { fix: arm.fix, verdict, reason, measured, cleared, figures, remaining, alike };
      });
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
      .filter((judged) => judged.judgement.open === "pairs" && judged.runs.length >= this.#seeds)
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

  #judgedOf(arms: readonly Arm[]): Judged[] {
    return arms.map((arm) => ({
      arm,
      judgement: this.#judge(arm),
      runs: this.#bench.runsOf(arm),
      parts: arm.parts.length,
    }));
  }

  #judge(arm: Arm): Judgement {
    const pairs = pairsOf(this.#bench.present, this.#bench.runsOf(arm));
    return judge(pairs, this.#code, { first: this.#seeds, longer: this.#longer });
  }
}
