/** Facts about data, and how far back a task depends on its inputs. */

import { count } from "../numberText.ts";

export const dataTexts = {
  comma: ", ",
  side: (side: "inputs" | "targets"): string => side,
  columns: ({ one, names, more }: { one: boolean; names: string; more: string }) =>
    `${one ? "column" : "columns"} ${names}${more}`,
  spread: ({ mean, deviation }: { mean: string; deviation: string }) => `mean ${mean}, deviation ${deviation}`,
  samples: ({
    samples,
    indices,
    range,
    spread,
  }: {
    samples: number;
    indices: boolean;
    range: string;
    spread: string;
  }) => `${count(samples, "sample")} to learn from; inputs ${indices ? "are indices " : ""}${range}${spread}`,
  onlySamples: (samples: number) => `${count(samples, "sample")} to learn from`,
  inputArray: ({ name, indices, range, spread }: { name: string; indices: boolean; range: string; spread: string }) =>
    `inputs "${name}" ${indices ? "are indices " : ""}${range}${spread}`,
  targetArray: ({ name, text }: { name: string; text: string }) => `targets "${name}" ${text}`,
  targets: ({ range, spread }: { range: string; spread: string }) => `targets ${range}, ${spread}`,
  classTargets: (classes: string) => `targets ${classes}`,
  normalized: "a layer of the net normalizes the inputs before their first weights",
  rescaled: (rescaled: string) => `a layer of the net rescales the inputs to ${rescaled}`,
  offScale: (sides: string) => `${sides} far from unit scale`,
  padding: ({ share, at, masked, longest }: { share: string; at: string; masked: boolean; longest: number }) =>
    `${share} of the timesteps are padding (zeros at the ${at}), ${masked ? "masked" : "not masked"}; the longest sample has ${count(longest, "timestep")} without it`,
  fromTo: ({ min, max }: { min: string; max: string }) => `from ${min} to ${max}`,
  to: ({ low, high }: { low: string; high: string }) => `${low} to ${high}`,
  classes: ({ n, shown, more }: { n: number; shown: string; more: boolean }) =>
    `are classes: ${n} occur, ${shown}${more ? ", …" : ""}`,
  constant: ({ noun, columns }: { noun: string; columns: string }) => `constant ${noun} ${columns}`,
  sameAs: ({ column, other }: { column: string; other: string }) => `${column} (same as ${other})`,
  duplicate: ({ noun, columns }: { noun: string; columns: string }) => `duplicate ${noun} ${columns}`,
  outliers: ({ noun, columns }: { noun: string; columns: string }) => `outliers in ${noun} ${columns}`,
  andMore: (more: number) => ` and ${more} more`,
  ofMillion: (share: string) => `${share} of a million values`,
  ofValues: (share: string) => `${share} of the values`,
  partialAutocorrelation: "partial autocorrelation",
  mutualInformation: "mutual information of each token and the target",
  measuredNeed: "what the trained net uses",
  configSays: "as the config says",
  programSays: "as the program says",
  nothingStates: "because nothing states what is needed",
  taskKnown: "as the task is known to",
  estimatedBy: (estimate: string) => `estimated from the data (${estimate})`,
  estimated: "estimated from the data",
  assumed: (whyAssumed: string) => `assumed: the whole sequence, ${whyAssumed}`,
  methodAndConfidence: ({ method, confidence }: { method: string; confidence: string }) =>
    `${method}, confidence ${confidence}`,
  dataDoNotTell: "because the data do not tell",
  searchFindsNothing: "because a quick search of the data finds nothing",
  shortDependence: ({ lag, confidence }: { lag: number; confidence: string }) =>
    `because the data show a dependence over ${count(lag, "timestep")} only, with confidence ${confidence}`,
  nothingPredicts: ({ method, sure }: { method: string; sure: string }) =>
    `A quick search of single inputs and pairs finds nothing that predicts the targets (${method}, confidence ${sure}); a dependence on three or more inputs together would look the same.`,
  quickModel: (achievable: string) => `; a quick model gets to ${achievable} of the baseline`,
  dependOn: ({ last, how, explained, best }: { last: string; how: string; explained: string; best: string }) =>
    `The targets depend on ${last} (${how}): these explain ${explained} of their variance${best}.`,
};
