/** What a report says of a run: its figures, pictures, findings with their fixes, verified fixes and config. */

import { modelSummary } from "../../diagnosis/text/summary.ts";
import { evidenceText } from "../../protocol/evidenceText.ts";
import { reachOf } from "../../protocol/history/reach.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { count, formatGain, formatNumber } from "../../protocol/numberText.ts";
import { stateSymbol } from "../../protocol/stateText.ts";
import { conclusionText, type Verification } from "../../protocol/verification.ts";
import { gradientPicture } from "../inline/gradientPicture.ts";
import { configName } from "../runs/configName.ts";
import { describeEnd } from "../runs/describeEnd.ts";
import type { Run } from "../runs/run.ts";
import { lossPicture } from "./lossPicture.ts";
import type { Part } from "./part.ts";

/** @param verification the newest one of the run's model, if there is one */
export function runReport(run: Run, verification: Verification | undefined): readonly Part[] {
  const { history } = run;
  return [
    { kind: "heading", level: 1, text: reportTitle(run) },
    ...summary(run),
    ...(history ? measured(history) : []),
    ...findings(run),
    ...(verification ? verified(verification) : []),
    ...(run.program
      ? []
      : ([
          { kind: "heading", level: 2, text: "Config" },
          { kind: "code", text: run.configText },
        ] as const)),
  ];
}

export function reportTitle({ configPath, name }: Pick<Run, "configPath" | "name">): string {
  return `${configName(configPath)} / ${name}`;
}

function summary(run: Run): readonly Part[] {
  const { history, kind, startedAt, end } = run;
  const items = [
    `${kind === "probe" ? "Probe" : "Training"}, started ${new Date(startedAt).toISOString()}`,
    ...(history
      ? [
          count(history.lastStep, "step"),
          `batch size ${history.info.batchSize}, ${count(history.info.parameters, "parameter")}`,
          `computed by ${history.info.backend.label}`,
        ]
      : []),
    ...(end ? [describeEnd(end)] : []),
  ];
  const headline = history ? modelSummary(history, run.findings).headline : "nothing was measured";
  return [
    { kind: "paragraph", text: `${headline}.` },
    { kind: "list", items },
  ];
}

function measured(history: RunHistory): readonly Part[] {
  const loss = lossPicture(history);
  const rows = history.info.layers.map((info, layer) => {
    const reach = reachOf(history, layer);
    return [
      info.name,
      info.type,
      reach ? `${Math.min(reach.horizon, reach.required)} of ${reach.required} timesteps` : "–",
      reach && !Number.isNaN(reach.gain) ? `${formatGain(reach.gain)} per timestep` : "–",
    ];
  });
  return [
    ...(loss
      ? ([
          { kind: "heading", level: 2, text: "Loss" },
          { kind: "picture", svg: loss, text: `Loss over ${history.lastStep} steps` },
        ] as const)
      : []),
    { kind: "heading", level: 2, text: "Layers" },
    { kind: "table", head: ["layer", "type", "gradient reaches", "gain"], rows },
    ...history.info.layers.flatMap((_, layer) => pictureOf(history, layer)),
  ];
}

function pictureOf(history: RunHistory, layer: number): readonly Part[] {
  const info = history.info.layers[layer];
  if (!info?.recurrent) return [];
  const states = info.recurrent.states.flatMap((name) => {
    const logNorm = history.profile(layer, `${name}.logNorm`);
    return logNorm ? [{ name: stateSymbol(name), logNorm }] : [];
  });
  const svg = gradientPicture({
    states,
    epsilon: history.info.diagnosis.rules["vanishing-through-time"].epsilon,
    horizon: reachOf(history, layer)?.horizon ?? null,
    requiredLag: history.info.requiredLag,
  });
  if (svg === null) return [];
  return [
    { kind: "heading", level: 3, text: info.name },
    { kind: "picture", svg, text: `State gradient of ${info.name} over the timesteps, last timestep left` },
  ];
}

function findings(run: Run): readonly Part[] {
  const parts = run.findings.flatMap((finding): readonly Part[] => {
    const evidence = Object.entries(finding.evidence).map(([key, value]) => {
      const { name, text } = evidenceText(key, value);
      return `${name}: ${text}`;
    });
    return [
      { kind: "heading", level: 3, text: `${finding.severity}: ${finding.code}` },
      { kind: "paragraph", text: finding.message },
      { kind: "paragraph", text: finding.explanation },
      ...(evidence.length > 0 ? [{ kind: "list", items: evidence } as const] : []),
      ...(finding.fixes.length > 0
        ? ([
            { kind: "paragraph", text: "Fixes:" },
            { kind: "list", items: finding.fixes.map(({ title }) => title) },
          ] as const)
        : []),
    ];
  });
  const none: readonly Part[] = [{ kind: "paragraph", text: "Nothing found." }];
  return [{ kind: "heading", level: 2, text: "Findings" }, ...(parts.length > 0 ? parts : none)];
}

function verified(verification: Verification): readonly Part[] {
  const { present, fixes, steps, seeds } = verification;
  const rows = fixes.map(({ fix, verdict, measured: figures, reason }) => [fix.title, verdict, figures, reason]);
  return [
    { kind: "heading", level: 2, text: "Verified fixes" },
    { kind: "paragraph", text: conclusionText(verification.conclusion) },
    {
      kind: "paragraph",
      text: `${count(seeds.length, "seed")}, ${steps} steps each; the present model's loss is ${formatNumber(present.loss.median)}.`,
    },
    ...(rows.length > 0 ? [{ kind: "table", head: ["fix", "verdict", "measured", "reason"], rows } as const] : []),
  ];
}
