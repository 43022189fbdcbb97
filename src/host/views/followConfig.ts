/**
 * Lets the panel follow the config that the user looks at. It changes only when another config becomes active, so that a
 * run of any config can be chosen beside the editor. Independent of VS Code.
 */

import { saysSomething } from "../runs/oldestRuns.ts";
import type { Run } from "../runs/run.ts";

export class FollowConfig {
  #followed: string | undefined;
  pinned: boolean;

  constructor(pinned = false) {
    this.pinned = pinned;
  }

  /**
   * The config in this document became active.
   *
   * @returns the run to show: the newest of that config with something to say; undefined to keep the present one
   */
  became(uri: string, runs: readonly Run[], selected: Run | undefined): Run | undefined {
    if (this.#followed === uri) return undefined;
    this.#followed = uri;
    if (this.pinned || selected?.uri === uri) return undefined;
    return runs.findLast((run) => run.uri === uri && saysSomething(run));
  }

  /** Whether a run that just started takes the panel over from the selected one. */
  takesOver(run: Run, selected: Run | undefined): boolean {
    if (run.program) return run.state === "running" && (!selected || isLaterOf(run, selected));
    if (run.state !== "starting") return false;
    if (!selected) return true;
    const same = selected.uri === run.uri && selected.name === run.name;
    if (same) return run.askedBy === "user" || selected.state === "ended";
    return run.askedBy === "user" && !this.pinned;
  }
}

/** Whether a program's run follows an earlier one of the same program. */
function isLaterOf(run: Run, selected: Run): boolean {
  return selected.uri === run.uri && selected.state === "ended" && selected.startedAt < run.startedAt;
}
