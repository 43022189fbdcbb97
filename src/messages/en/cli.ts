/** The command line: commands, options, usage errors, progress, refusals, ends. */

import { count } from "../numberText.ts";

export const cli = {
  about: "See whether the training signal of a recurrent net survives the trip back through time.",
  codes: "Exit codes: 0 fine, 1 check found something, 2 wrong usage or config, 3 the engine failed, 130 interrupted.",
  titles: {
    "Usage:": "Usage:",
    "Arguments:": "Arguments:",
    "Options:": "Options:",
    "Global Options:": "Global Options:",
    "Commands:": "Commands:",
  },
  showHelp: "display help for command",
  showVersion: "output the version number",
  choices: (choices: string) => `choices: ${choices}`,
  usual: (value: string) => `default: ${value}`,
  inBrackets: (text: string) => ` (${text})`,
  commands: {
    probe: "Train each model briefly and show how far its gradient reaches.",
    train: "Train each model as its config says and show the same figures.",
    check: "Probe each model and exit with 1 when a finding reaches --fail-on.",
    verify: "Run each model beside the fixes of its gravest finding, from the same seeds, and say which fixes help.",
    deep: "Analyse one recurrent layer: gradient flow, Lyapunov exponents, singular values.",
    compare: "Show the figures of runs side by side: from folders that --out wrote, or from models run now.",
    export: "Write each model as a training script of PyTorch or Keras, with its data and initial weights.",
    doctor: "Show what the engine runs on, and what is wrong with a config if one is given.",
    mcp: "Serve list_models, get_findings, probe_model, compare_runs and verify_fixes to programs (MCP, stdio).",
  },
  options: {
    language: "language of the output (default: GRADLENS_LANG or the system's)",
    config: "a config, or a folder with one (default: ./gradlens.json)",
    doctorConfig: "a config, or a folder with a gradlens.json",
    comparePaths: "folders of runs, and a config (default: ./gradlens.json)",
    mcpFolder: "folder of all the configs that it may read (default: the working directory)",
    model: "only this model; may be repeated",
    compareModel: "only this model of the config; may be repeated",
    oneModel: "the model, if there are several",
    layer: "the recurrent layer, if there are several",
    steps: "how many steps",
    stepsBefore: "training steps before the analysis (default: none)",
    backend: "backend that computes",
    native: "load the native code of the @tensorflow/tfjs-node in this folder",
    budget: (usual: string) => `time for each model (default: ${usual})`,
    probeBudget: "2, or no limit with --steps",
    checkBudget: (steps: number) => `no limit, but ${steps} steps`,
    compareBudget: "no limit, or 2 with --probe",
    noBudget: "none",
    json: "print one JSON object",
    jsonOfSteps: "print one JSON object with every step's figures",
    sarif: "print the findings as SARIF 2.1.0, for code scanning",
    out: "write each run as CSV, JSON and TensorBoard events into its own folder",
    exportOut: "folder in which each model gets its own (default: the framework's name)",
    resume: "continue from the last checkpoint (training.checkpoint); --out appends to earlier output",
    failOn: "lowest severity that fails the check",
    seeds: "pairs of runs of each fix",
    probe: "probe the models instead of training them",
    to: "framework of the script",
    launch: "what starts the processes of one training (PyTorch only)",
  },
  wholeNumber: "It must be a whole number of at least 1.",
  secondsAbove: "It must be a number of seconds above 0.",
  usage: {
    error: (message: string) => `error: ${message}`,
    missingArgument: (name: string) => `missing required argument '${name}'`,
    missingValue: (option: string) => `option '${option}' argument missing`,
    invalidValue: ({ option, value, why }: { option: string; value: string; why: string }) =>
      `option '${option}' argument '${value}' is invalid. ${why}`,
    allowed: (choices: string) => `Allowed choices are ${choices}.`,
    conflict: ({ option, other }: { option: string; other: string }) =>
      `option '${option}' cannot be used with option '${other}'`,
    unknownOption: (option: string) => `unknown option '${option}'`,
    unknownCommand: (command: string) => `unknown command '${command}'`,
    tooMany: ({ command, expected, got }: { command: string; expected: number; got: number }) =>
      `too many arguments for '${command}'. Expected ${count(expected, "argument")} but got ${got}.`,
    didYouMean: (candidates: string) => `(Did you mean ${candidates}?)`,
    oneOf: (candidates: string) => `one of ${candidates}`,
  },

  tooLarge: ({ file, megabytes }: { file: string; megabytes: number }) =>
    `${file}: has more than ${megabytes} MB, the limit.`,
  notUtf8: (file: string) => `${file}: is not UTF-8 text; save it in UTF-8.`,
  cannotBeRead: ({ file, reason }: { file: string; reason: string }) => `${file}: cannot be read: ${reason}.`,
  givePath: " Give the path of a config, or run this in a folder that contains one.",
  noSuchFile: "there is no such file",
  noPermission: "permission denied",
  isFolder: "it is a folder",
  isSpecial: "it is not a regular file",
  severity: { error: "", warning: "warning: ", information: "note: " },
  atPlace: ({ file, position, text }: { file: string; position: string; text: string }) =>
    `${file}:${position}: ${text}`,
  noModel: ({ file, name, known, n }: { file: string; name: string; known: string; n: number }) =>
    `${file}: no model is named "${name}"; there ${n === 1 ? "is" : "are"} ${known}.`,
  incomplete: ({ folder, reason }: { folder: string; reason: string }) =>
    `${folder}: the output is incomplete: ${reason}`,
  engineFailed: ({ model, reason }: { model: string; reason: string }) => `${model}: the engine failed: ${reason}`,
  deepFailed: ({ model, reason }: { model: string; reason: string }) => `${model}: the deep probe failed: ${reason}`,
  oneConfig: (paths: string) =>
    `${paths}: only one path can be a config; write the runs of the others with --out and name their folders.`,
  oneRun: "There is only one run, but a comparison needs two: name more models, or folders that --out wrote.",
  nameOne: ({ file, names }: { file: string; names: string }) =>
    `${file}: has several models; name one with --model: ${names}.`,
  waitOrName: ({ folder, reason }: { folder: string; reason: string }) =>
    `${folder}: ${reason}. Wait until it ends, or name another folder with --out.`,
  cannotWrite: ({ folder, reason }: { folder: string; reason: string }) => `${folder}: cannot be written to: ${reason}`,
  summaryUnread: (file: string) => `${file}: cannot be read`,
  otherVersion: (file: string) =>
    `${file}: was not written by this version of gradlens; write the run again with --out`,
  launchesPytorch: "--launch is for PyTorch only: leave it out, or export with --to pytorch.",
  argumentNotExported: ({ argument, type }: { argument: string; type: string }) =>
    `"${argument}" of the layer "${type}" cannot be exported yet.`,

  defect: (stack: string) => `gradlens failed because of a defect in itself: ${stack}`,
  cannotOutput: (reason: string) => `gradlens: cannot write its output: ${reason}`,
  notStarted: (reason: string) => `gradlens could not be started: ${reason}`,
  ended: (how: string) => `gradlens: ${how}`,
  outOfMemory:
    "memory ran out: the models, their data or the printed output are too large. Use smaller ones, fewer at a time, or let Node have more: NODE_OPTIONS=--max-old-space-size=8192 (megabytes).",
  killed: "its working process was killed (SIGKILL), by hand or by the system because memory ran out.",
  aborted: (words: string | null) => `its working process aborted${words === null ? "" : `: ${words}`}.`,
  onCode: (code: string) => `its working process ended on code ${code}.`,
  onSignal: (signal: string) => `its working process ended on signal ${signal}.`,
  interruptedEarly: "interrupted before the first report",

  barStep: ({ step, planned, loss, pace }: { step: number; planned: number | null; loss: string; pace: string }) =>
    `step ${step}${planned === null ? "" : ` of ${planned}`} · loss ${loss} · ${pace} ms a step`,
  runs: ({
    model,
    isProbe,
    backend,
    planned,
  }: {
    model: string;
    isProbe: boolean;
    backend: string;
    planned: number | null;
  }) =>
    `${model}: ${isProbe ? "probing" : "training"} on ${backend}${planned === null ? "" : `, ${count(planned, "step")}`}`,
  atStep: ({ model, step, planned, loss }: { model: string; step: number; planned: number | null; loss: string }) =>
    `${model}: step ${step}${planned === null ? "" : ` of ${planned}`}, loss ${loss}`,
  took: ({ model, took }: { model: string; took: string }) => `${model}: ${took}`,
  verifyingRun: ({ model, run, total, what }: { model: string; run: number; total: number; what: string }) =>
    `${model}: run ${run} of ${total}: ${what}`,
  stage: ({ model, stage }: { model: string; stage: string }) => `${model}: ${stage}`,
};
