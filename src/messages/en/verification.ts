/** The verdicts on fixes, and what a verification concludes. */

import { count } from "../numberText.ts";

export const verification = {
  fixes: (n: number) => `${n} ${n === 1 ? "fix" : "fixes"}`,
  inBrackets: ({ text, remark }: { text: string; remark: string }) => `${text} (${remark})`,
  diverged: "diverged",
  losses: ({ shares, before, after }: { shares: boolean; before: string; after: string }) =>
    `${shares ? "loss/baseline" : "loss"} ${before} → ${after}`,
  withPower: ({ reason, power }: { reason: string; power: string }) => `${reason}; ${power}`,
  trainableAnd: ({ trains, good, text }: { trains: string; good: boolean; text: string }) =>
    `${trains}, ${good ? "and" : "but"} ${text}`,
  noSuchModel: "the edited config has no such model",
  onlyAsks: "it changes only what the diagnosis asks for, not the net",
  onlyLength: "it changes only the length of training, so only full training can show it",
  presentModel: "the present model",
  engineRefuses: "the engine refuses it",
  didNotRun: "it did not run",
  afterSteps: ({ median, steps }: { median: string; steps: number }) => `; ${median} after ${steps}`,
  steps: (steps: number) => `${count(steps, "step")}`,
  undecided: (ran: string) => `undecided: ${ran} runs`,
  undecidedWhy: (ran: string) =>
    `Undecided: ${ran} runs were done when time ran out or the verification was cancelled.`,
  noneRun: "no fix could be run",
  noneRunSentence: "No fix could be run.",
  tooFewSteps: ({ steps, planned }: { steps: number; planned: null | number }) =>
    `${steps} of ${planned} steps are too few to tell whether the loss leaves its baseline`,
  spreadExceedsEffects: "the spread between seeds exceeds the effects",
  undecidedAfter: (done: number) => `undecided after ${count(done, "run")}`,
  undecidedMayBe: ({ done, why, fixes }: { done: number; why: string; fixes: string }) =>
    `Undecided after ${count(done, "run")}: ${why}. It may still be ${fixes}.`,
  undecidedClears: ({ done, fixes, one, steps }: { done: number; fixes: string; one: boolean; steps: number }) =>
    `Undecided after ${count(done, "run")}: ${fixes} ${one ? "clears" : "clear"} the finding, but no loss leaves its baseline in ${count(steps, "step")}. Train for longer, or look for a second cause.`,
  oneDoesNotHelp: "the fix does not help",
  noneHelps: (fixes: number) => `none of ${fixes} fixes helps`,
  causeElsewhere: (one: boolean) => `${one ? "It does not help" : "None of these helps"}; the cause lies elsewhere.`,
  thenFix: (remaining: string) => ` Then: ${remaining}.`,
  helps: ({ better, all, one }: { better: number; all: string; one: boolean }) =>
    `${better} of ${all} ${one ? "helps" : "help"}`,
  soFar: (ran: string) => ` so far, after ${ran} runs`,
  best: ({ helps, sofar, title, then }: { helps: string; sofar: string; title: string; then: string }) =>
    `${helps}${sofar}. The best: ${title}.${then}`,
  of: ({ done, all }: { done: number; all: number }) => `${done} of ${all}`,
  orMore: (more: number) => ` or ${more} more`,
  horizon: ({ before, after, lag }: { before: number; after: number; lag: number | string }) =>
    `horizon ${before} → ${after} of ${lag}`,
  decades: ({ before, after }: { before: string; after: string }) => `${before} → ${after} decades`,
  besideBaselines: ({
    before,
    baseline,
    after,
    baselineAfter,
  }: {
    before: string;
    baseline: string;
    after: string;
    baselineAfter: string;
  }) =>
    `loss ${before} of a baseline of ${baseline} → ${after} of ${baselineAfter}; the class weights change the baseline`,
  theHorizon: "the horizon",
  theGrowth: "the growth through time",
  theLargestGradient: "the largest update's gradient",
  clears: "clears the finding",
  improves: (name: string) => `${name} improves`,
  lossLower: "the loss is lower",
  diverges: "the run diverges",
  brings: (brought: string) => `brings ${brought}`,
  worsens: (name: string) => `${name} gets worse`,
  lossHigher: "the loss is higher",
  but: ({ gains, harms }: { gains: string; harms: string }) => `${gains}, but ${harms}`,
  findingStays: "the finding stays",
  findingIsRare: ({ flagged, n }: { flagged: number; n: number }) =>
    `only ${flagged} of ${n} seeds have the finding without the fix`,
  clearsWith: (seeds: string) => `clears the finding with ${seeds}`,
  notComparable: (text: string) => `${text}; the two losses are not comparable, because the class weights differ`,
  spreadExceedsEffect: "the spread between seeds exceeds the effect",
  nothingMoves: "neither the finding's figure nor the loss moves",
  lossStays: "the loss does not move",
  seeds: ({ cleared, all, one }: { cleared: number; all: number; one: boolean }) =>
    `${cleared} of ${all} ${one ? "seed" : "seeds"}`,
  seedsThatHaveIt: ({ cleared, flagged, one, all }: { cleared: number; flagged: number; one: boolean; all: number }) =>
    `${cleared} of the ${flagged} ${one ? "seed" : "seeds"} of ${all} that ${one ? "has" : "have"} it`,
  notRun: "not run: time ran out, or the verification was cancelled",
  pairsEnded: ({ pairs, needed }: { pairs: number; needed: number }) =>
    `${pairs} of the ${needed} pairs of runs that are needed have ended`,
  notSurelyLower: "the loss is not surely lower",
  lossDiverges: "the loss diverges",
  timesBaseline: (share: string) => `the loss is ${share} times its baseline`,
  hasNotLeft: (share: string) => `the loss, ${share} of its baseline, has not left it`,
  below: ({ onItsWay, there, n }: { onItsWay: boolean; there: number; n: number }) =>
    `the loss is ${onItsWay ? "on its way to" : "below"} its baseline with ${there} of ${n} seeds`,
  andOnItsWay: ({ way, there }: { way: string; there: number }) => `${way}, on its way there with ${there}`,
  /** Titles of fixes that are applied together. */
  together: (titles: readonly string[]) =>
    titles.length < 2 ? titles.join() : `${titles.slice(0, -1).join(", ")} and ${titles.at(-1)}`,
  canBeTrained: "it can be trained",
  trainableEnded: ({ trains, ended, needed }: { trains: string; ended: number; needed: number }) =>
    `${trains}; ${ended} of the ${needed} runs that are needed have ended`,
  baselineUnknown: "the baseline of its loss is not known",
  baseline: (baseline: string) => ` (baseline ${baseline})`,
  trainableNow: ({ after, beside }: { after: string; beside: string }) => `cannot be trained → loss ${after}${beside}`,
  noneTrainable: "no fix lets it train",
  noneTrainableSentence: "None of these edits makes it trainable.",
  theFixLets: "The fix lets",
  fixesLet: (fixes: number) => `${fixes} fixes let`,
  trainableNotLearning: ({ many, steps }: { many: string; steps: number }) =>
    `${many} it be trained; ${count(steps, "step")} do not show that it learns.`,
  ofLayer: (layer: string) => ` of ${layer}`,
  causeDataScale: "data-scale: inputs or targets far from unit scale",
  causeScaleOf: ({ part, min, max, deviation }: { part: string; min: string; max: string; deviation: string }) =>
    `data-scale: ${part} from ${min} to ${max}, standard deviation ${deviation}`,
  causePadding: (share: string) => `padding: ${share} of all timesteps are padding that no mask skips`,
  causeUnmasked: "padding: rows of zeros at the end of sequences, without a mask",
  causeOutput: "output-mismatch: an output or a loss that does not fit the targets",
  causeRange: ({
    activation,
    low,
    high,
    min,
    max,
  }: {
    activation: null | string;
    low: string;
    high: string;
    min: string;
    max: string;
  }) => `output-mismatch: ${activation} gives ${low} to ${high}, the targets are ${min} to ${max}`,
  causeLoneBatch: (layer: string) =>
    `batches of one sample: ${layer} takes the mean of each sample away, and with it the level that tells samples apart`,
  causeRate: "the learning rate: a tenth of it, or ten times as much",
  causeNothing: "nothing-to-learn: inputs that say nothing about the targets",
  onePair: "one pair of runs says nothing about the spread between seeds",
  timesLower: (factor: string) => `${factor} times lower`,
  percentLower: (percent: number) => `lower by ${percent} % or more`,
  wouldHaveShown: ({ pairs, text }: { pairs: number; text: string }) =>
    `with ${pairs} seeds a loss ${text} would have shown`,
  noTimeForStep: "time ran out before its first step",
};
