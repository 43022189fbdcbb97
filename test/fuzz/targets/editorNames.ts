/** Names of models and layers in everything that the editor shows of a run, in both languages. */

import fc from "fast-check";
import { type ParsedConfig, parseConfig } from "../../../src/config/parse.ts";
import { defaultRules } from "../../../src/config/resolveDiagnosis.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { FindingsStore } from "../../../src/host/findings/findingsStore.ts";
import { briefHoverText, hoverText } from "../../../src/host/inline/hoverText.ts";
import { lensesOf } from "../../../src/host/inline/lenses.ts";
import { notesOf } from "../../../src/host/inline/sparklineNotes.ts";
import { noInspection } from "../../../src/host/runs/inspection.ts";
import type { Run } from "../../../src/host/runs/run.ts";
import { RunService } from "../../../src/host/runs/runService.ts";
import { statusOf } from "../../../src/host/status/statusText.ts";
import { languages, speak } from "../../../src/messages/language.ts";
import { createHistory } from "../../../src/protocol/history/store.ts";
import type { RunHistory } from "../../../src/protocol/history.ts";
import type { RunInfo } from "../../../src/protocol/run.ts";
import { Fault, type Target, target } from "../target.ts";
import { ruling, strangeName } from "./names.ts";

const uri = "file:///p/gradlens.json";

function configOf(model: string, layer: string): string {
  return JSON.stringify(
    {
      data: { task: "addingProblem", length: 4, samples: 8 },
      training: { loss: "meanSquaredError", batchSize: 2, steps: 5 },
      models: {
        [model]: {
          layers: [
            { type: "simpleRNN", units: 2, name: layer },
            { type: "dense", units: 1 },
          ],
        },
      },
    },
    null,
    1,
  );
}

function infoOf(model: string, layer: string): RunInfo {
  return {
    runId: "probe-1-1",
    kind: "probe",
    config: "/p/gradlens.json",
    model,
    modelPath: ["models", model],
    layers: [
      {
        name: layer,
        type: "simpleRNN",
        path: ["models", model, "layers", 0],
        weights: ["kernel"],
        activation: null,
        gateActivation: null,
        width: null,
        symmetry: null,
        recurrent: { timesteps: 4, units: 2, states: ["h"], gates: [], reversed: false, method: "taps", floor: -45 },
      },
    ],
    columns: [
      { quantity: "loss", layer: null, name: null },
      { quantity: "horizon", layer: 0, name: "h" },
    ],
    plannedSteps: null,
    batchSize: 2,
    parameters: 8,
    backend: { name: "cpu", label: "plain JavaScript", rejected: [] },
    dataWarnings: [],
    fromLogits: false,
    baselineLoss: 1,
    requiredLag: 3,
    requiredLagSource: "task",
    data: null,
    diagnosis: {
      requiredLag: null,
      rules: {
        ...defaultRules,
        "vanishing-through-time": { ...defaultRules["vanishing-through-time"], minSteps: 1 },
      },
    },
    clip: { value: null, norm: null, globalNorm: null },
    trainingPath: ["training"],
  };
}

/** A run whose gradient vanishes, so that lenses, hovers and fixes have something to say. */
function vanishing(info: RunInfo): RunHistory {
  const history = createHistory(info);
  const values = Float64Array.of(-9, -6, -3, 0);
  for (const seq of [1, 2, 3])
    history.append({
      runId: info.runId,
      seq,
      steps: Float64Array.of(seq),
      rows: Float64Array.of(1 / seq, 0),
      profiles: [{ layer: 0, channel: "h.logNorm", values, max: values }],
    });
  return history;
}

interface Said {
  /** Texts in which VS Code turns `$(name)` into icons. */
  readonly labels: readonly string[];
  readonly markdown: readonly string[];
  /** All of them, and those that are shown as they are. */
  readonly all: readonly string[];
}

function said(parsed: ParsedConfig, text: string, model: string, layer: string): Said | null {
  const resolved = parsed.config?.models[0];
  if (!resolved) return null;
  const history = vanishing(infoOf(model, layer));
  const run: Run = {
    runId: "probe-1-1",
    kind: "probe",
    uri,
    configPath: "/p/gradlens.json",
    configText: text,
    name: resolved.name,
    model: resolved,
    program: null,
    askedBy: "user",
    startedAt: 1,
    endedAt: 2,
    state: "ended",
    end: { kind: "budget" },
    interrupted: false,
    history,
    findings: diagnose(history, resolved),
  };
  const runs = new RunService({ engine: noEngine, probeBudget: () => 1, keep: () => 5 });
  const store = new FindingsStore(runs, { of: () => undefined, onChange: () => ({ dispose: () => {} }) });
  try {
    store.open(uri, text);
    runs.restore([run]);
    const view = store.view(uri);
    const shown = view?.models[0];
    if (!view || !shown || shown.layers.length === 0) throw new Fault("nothing is shown of a run");
    const lenses = lensesOf(view, true);
    const status = statusOf(view, [], [], true);
    const hovers = shown.layers.flatMap((one) => [hoverText(uri, shown, one), briefHoverText(shown, one)]);
    const markdown = hovers.flatMap((one) => one ?? []);
    const labels = [...lenses.map(({ title }) => title), status?.text ?? ""];
    const plain = [
      ...lenses.map(({ tooltip }) => tooltip),
      ...(status?.tooltip ?? []),
      ...notesOf(view).map((note) => note.text),
    ];
    return { labels, markdown, all: [...labels, ...markdown, ...plain] };
  } finally {
    store.dispose();
    runs.dispose();
  }
}

const noEngine = {
  enginePath: "/nowhere",
  env: () => ({}),
  idleTimeout: () => 0,
  responseTimeout: () => 1000,
  cancelGrace: 1,
  hearGrace: 1,
  inspect: noInspection,
  log: () => {},
};

/** Icons, links, pictures and elements, in order: what a name must not add to. */
function structureOf({ labels, markdown }: Said): string {
  const icons = labels.map((label) => [...label.matchAll(/\$\([\w~-]+\)/g)].join(" "));
  const marks = markdown.map((text) =>
    [...text.matchAll(/(?<!\\)(?:\]\((?:command:[\w.]+|[^\s)]{0,20})|<[A-Za-z/!]|(?<!\\)\$\([\w~-]+\))/g)].join(" "),
  );
  return JSON.stringify([icons, marks]);
}

export const editorNames: Target = target<{ readonly model: string; readonly layer: string }>({
  name: "names in the editor",
  share: 6,
  quick: 120,
  accepted: 0.3,
  inputs: () => fc.record({ model: strangeName, layer: strangeName }),
  open: () => {
    const plainText = configOf("plain", "plain");
    const usual = new Map(
      languages.map((language) => {
        speak(language);
        const told = said(parseConfig(plainText), plainText, "plain", "plain");
        if (told === null) throw new Error("the plain config has no model");
        return [language, structureOf(told)];
      }),
    );
    speak("en");
    return {
      one: ({ model, layer }) => {
        const text = configOf(model, layer);
        const parsed = parseConfig(text);
        try {
          for (const language of languages) {
            speak(language);
            const told = said(parsed, text, model, layer);
            if (told === null) return "refused";
            const ruled = told.all.find((one) => ruling.test(one.replaceAll("\n", "")));
            if (ruled !== undefined) throw new Fault(`a name rules the text ${JSON.stringify(ruled.slice(0, 300))}`);
            const found = structureOf(told);
            if (found !== usual.get(language)) throw new Fault(`a name changes what is shown: ${found.slice(0, 600)}`);
          }
        } finally {
          speak("en");
        }
        return "accepted";
      },
    };
  },
  shown: (input) => JSON.stringify(input),
});
