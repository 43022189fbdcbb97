/** What stands in the editor: lenses, hovers, diagnostics, quick fixes, and how runs ended. */

import { count } from "../numberText.ts";

export const inline = {
  continueIt: "Continue",
  horizonMark: "horizon",
  verdicts: {
    better: "better",
    inconclusive: "inconclusive",
    "no difference": "no difference",
    worse: "worse",
  },
  stopping: "$(loading~spin) Stopping…",
  restrictedMode: "$(shield) Restricted Mode: nothing runs",
  trustWorkspace: "Trust this workspace to probe and train",
  probe: "Probe",
  probeWhy: "Train a fresh copy for a few seconds and see how far its gradient reaches",
  train: "Train",
  trainWhy: "Run the whole training, shown live in the panel",
  showInThePanel: "Show in the panel",
  stop: (isProbe: boolean) => `$(debug-stop) Stop ${isProbe ? "probe" : "training"}`,
  stopThisRun: "Stop this run",
  stopVerifying: ({ run, total }: { run: number; total: number }) =>
    `$(debug-stop) Stop verifying, run ${run} of ${total}`,
  verifyAgain: "Verify again",
  verifyFixes: "Verify fixes",
  verifyFixesWhy: "Run each fix beside the present model, from the same seeds, and see which fixes help",
  waitingForEngine: "$(sync~spin) waiting for the engine",
  measuring: "$(sync~spin) measuring",
  step: (lastStep: number) => `$(sync~spin) step ${lastStep} · `,
  beforeYourEdit: "before your edit: ",
  notProbed: "not probed yet",
  hasErrors: "has errors",
  cannotRun: "$(error) cannot run: see its problems",
  runEnded: ({ isProbe, how }: { isProbe: boolean; how: string }) =>
    `$(error) ${isProbe ? "probe" : "training"} ${how}`,
  stoppedBefore: "stopped before the first step",
  provisional: " · provisional",
  whyProvisional: (why: string) => `Provisional, ${why}: show in the panel`,
  nothingYet: "$(pulse) nothing found yet",
  nothingFound: "$(pass) nothing found in this run",
  more: (n: number) => ` · ${n} more`,
  probeIt: "Not measured yet: probe it",
  models: (n: number) => `${count(n, "model")}`,
  ofModels: ({ found, all }: { found: number; all: number }) => ` · ${found} of ${all} models`,
  title: ({
    model,
    layer,
    isProbe,
    step,
    stale,
  }: {
    model: string;
    layer: string;
    isProbe: boolean;
    step: number;
    stale: boolean;
  }) =>
    `**${model} / ${layer}** · ${isProbe ? "probe" : "training"}, step ${step}${stale ? " · *measured before your edit*" : ""}`,
  editsOnly: "Edits the config without saving it",
  verifyTheseFixes: "Verify these fixes",
  verifyTheseWhy: "Runs each fix beside the present model and measures which of them help",
  explains: "Explains this finding, with formula and source",
  showInPanel: "Show in panel",
  deepProbe: "Deep probe",
  deepProbeWhy: "Analyses this layer: gradient flow, Lyapunov exponents, singular values",
  settings: "Settings",
  switchOff: "Switch Gradient Lens off",
  reachesOf: ({ horizon, required }: { horizon: number; required: number }) =>
    `reaches ${horizon} of ${required} timesteps`,
  noHorizon: "has no finite horizon",
  pictureAlt: (reached: string) => `State gradient over the timesteps, last timestep left: ${reached}`,
  perTimestep: (gain: string) => `${gain} per timestep`,
  toTimestep1: (decades: string) => `${decades} decades to timestep 1`,
  notFinite: (n: string) => `${n} not finite`,
  gates: (shares: string) => `gates below 0.1 / above 0.9: ${shares}`,
  andOthers: (others: number) => ` (and ${count(others, "other model")})`,
  measuredBefore: " (measured before your edit)",
  wholeSequence: "the whole sequence",
  hasToReach: ({ requiredLag, why }: { requiredLag: number; why: string }) =>
    `The gradient has to reach ${requiredLag} timesteps back (${why}).`,
  measuredBeforeMark: " · *measured before your edit*",
  dataOf: ({ names, stale, text }: { names: string; stale: string; text: string }) => `**data** of ${names}${stale}

${text}`,
  ruleOff: (code: string) => `Switch the rule ${code} off for this model`,
  inModel: (model: string) => ` in model "${model}"`,
  verifyThese: (which: string) => `Verify these fixes: run each beside the present model${which}`,
  oneOfModels: ({ model, text, models }: { model: string; text: string; models: number }) =>
    `${model}: ${text} · 1 of ${models} models`,
  requiredMark: "required",
  pictureAxis: "log₁₀ ‖∂L/∂state‖ · backward in time →",
  readLater: (characters: string) =>
    `This config has ${characters} characters: it is read when you pause or save, not with each edit.`,
  completed: "completed",
  completedEarly: (reason: string) => `completed early: ${reason}`,
  endedWithBudget: "ended with its time budget",
  stopped: "stopped",
  divergedAt: (step: number) => `diverged at step ${step}`,
  refused: (problems: string) => `refused: ${problems}`,
  failed: (message: string) => `failed: ${message}`,
  stoppedSentence: "Stopped.",
  noResult: "It ended without a result.",
  measured: ({ verdict, measured }: { verdict: string; measured: string }) => `measured ${verdict}: ${measured}`,
  verifying: ({ what, seed, seeds }: { what: string; seed: number; seeds: number }) =>
    `${what}, seed ${seed} of ${seeds}`,
  whatKeepsIt: "what keeps it from being trained",
  remains: ({ text, causes }: { text: string; causes: string }) => `${text} What remains possible: ${causes}.`,
};
