/** What two runs were made of, where it differs. Runs of programs tell less than a config does. */

import { type Difference, differencesOf } from "../config/differences.ts";
import type { ResolvedModel } from "../config/resolved.ts";
import { shorten } from "../config/shorten.ts";
import type { RunInfo } from "../protocol/run.ts";

export interface RunMade {
  /** Null if no config describes the run. */
  readonly model: ResolvedModel | null;
  readonly info: RunInfo;
  /** Hyperparameters that its program stated, by their names. */
  readonly settings: ReadonlyMap<string, string>;
}

/** Most differences between two runs without configs. */
const most = 20;

const none = "–";

export function runDifferences(here: RunMade, there: RunMade): readonly Difference[] {
  if (here.model && there.model) return differencesOf(here.model, there.model);
  const [mine, theirs] = [factsOf(here.info), factsOf(there.info)];
  const facts = [...mine].flatMap(([key, a]): readonly Difference[] => {
    // What one of the two does not tell is no difference.
    const b = theirs.get(key);
    return b === undefined || a === b ? [] : [{ key, here: shorten(a), there: shorten(b) }];
  });
  const names = new Set([...here.settings.keys(), ...there.settings.keys()]);
  const stated = [...names].flatMap((name): readonly Difference[] => {
    const [a, b] = [here.settings.get(name) ?? none, there.settings.get(name) ?? none];
    return a === b ? [] : [{ key: shorten(name), here: shorten(a), there: shorten(b) }];
  });
  return [...stated, ...facts].slice(0, most);
}

/** What a run's description tells, by the keys that a config has for it. */
function factsOf(info: RunInfo): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  const known = (key: string, value: number): void => {
    // 0: the program that wrote the run does not say it.
    if (value > 0) facts.set(key, String(value));
  };
  for (const [i, { type, recurrent }] of info.layers.entries()) {
    facts.set(`layers[${i}].type`, type);
    if (recurrent) known(`layers[${i}].units`, recurrent.units);
    if (recurrent) known(`layers[${i}].timesteps`, recurrent.timesteps);
  }
  known("training.batchSize", info.batchSize);
  known("parameters", info.parameters);
  return facts;
}
