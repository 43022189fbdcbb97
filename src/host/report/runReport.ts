/** What a report says of a run: its figures, pictures, findings with their fixes, verified fixes and config. */

import { modelSummary } from "../../diagnosis/text/summary.ts";
import { documentWords } from "../../messages/documents.ts";
import { inlineWords } from "../../messages/inline.ts";
import { evidenceText } from "../../protocol/evidenceText.ts";
import { reachOf } from "../../protocol/history/reach.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatGain, formatNumber } from "../../protocol/numberText.ts";
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
          { kind: "heading", level: 2, text: documentWords().config },
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
    documentWords().started({ isProbe: kind === "probe", at: new Date(startedAt).toISOString() }),
    ...(history
      ? [
          documentWords().steps(history.lastStep),
          documentWords().sizes({ batch: history.info.batchSize, parameters: history.info.parameters }),
          documentWords().computedBy(history.info.backend.label),
        ]
      : []),
    ...(end ? [describeEnd(end)] : []),
  ];
  const headline = history ? modelSummary(history, run.findings).headline : documentWords().nothingMeasured;
  return [
    { kind: "paragraph", text: documentWords().sentence(headline) },
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
      reach
        ? documentWords().reaches({ horizon: Math.min(reach.horizon, reach.required), required: reach.required })
        : "–",
      reach && !Number.isNaN(reach.gain) ? documentWords().perTimestep(formatGain(reach.gain)) : "–",
    ];
  });
  return [
    ...(loss
      ? ([
          { kind: "heading", level: 2, text: documentWords().loss },
          { kind: "picture", svg: loss, text: documentWords().lossPicture(history.lastStep) },
        ] as const)
      : []),
    { kind: "heading", level: 2, text: documentWords().layers },
    { kind: "table", head: documentWords().layerHeads, rows },
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
    { kind: "picture", svg, text: documentWords().gradientPicture(info.name) },
  ];
}

function findings(run: Run): readonly Part[] {
  const parts = run.findings.flatMap((finding): readonly Part[] => {
    const evidence = Object.entries(finding.evidence).map(([key, value]) => {
      return documentWords().named(evidenceText(key, value));
    });
    return [
      {
        kind: "heading",
        level: 3,
        text: documentWords().named({ name: documentWords().severities[finding.severity], text: finding.code }),
      },
      { kind: "paragraph", text: finding.message },
      { kind: "paragraph", text: finding.explanation },
      ...(evidence.length > 0 ? [{ kind: "list", items: evidence } as const] : []),
      ...(finding.fixes.length > 0
        ? ([
            { kind: "paragraph", text: documentWords().fixes },
            { kind: "list", items: finding.fixes.map(({ title }) => title) },
          ] as const)
        : []),
    ];
  });
  const none: readonly Part[] = [{ kind: "paragraph", text: documentWords().nothingFound }];
  return [{ kind: "heading", level: 2, text: documentWords().findings }, ...(parts.length > 0 ? parts : none)];
}

function verified(verification: Verification): readonly Part[] {
  const { present, fixes, steps, seeds } = verification;
  const rows = fixes.map(({ fix, verdict, measured: figures, reason }) => [
    fix.title,
    inlineWords().verdicts[verdict],
    figures,
    reason,
  ]);
  return [
    { kind: "heading", level: 2, text: documentWords().verifiedFixes },
    { kind: "paragraph", text: conclusionText(verification.conclusion) },
    {
      kind: "paragraph",
      text: documentWords().verifiedRuns({ seeds: seeds.length, steps, loss: formatNumber(present.loss.median) }),
    },
    ...(rows.length > 0 ? [{ kind: "table", head: documentWords().fixHeads, rows } as const] : []),
  ];
}
