/** The Markdown of a layer's hover: picture, figures, gates, findings with their fixes, and how to switch it off. */

import { shorten } from "../../config/shorten.ts";
import { commands } from "../../contributions.ts";
import { torchSnippets } from "../../diagnosis/snippets/torchSnippets.ts";
import { modelSummary } from "../../diagnosis/text/summary.ts";
import { inlineWords } from "../../messages/inline.ts";
import { listWords } from "../../messages/lists.ts";
import { programWords } from "../../messages/programs.ts";
import type { Finding } from "../../protocol/finding.ts";
import { known } from "../../protocol/history/median.ts";
import { type Reach, reachOf, recent } from "../../protocol/history/reach.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatDecades, formatGain, formatNumber, formatPercent } from "../../protocol/numberText.ts";
import type { RecurrentInfo } from "../../protocol/run.ts";
import { stateGradientText, stateSymbol } from "../../protocol/stateText.ts";
import type { LayerView, ModelView } from "../findings/configView.ts";
import { measuredLabel, verifiedFix } from "../verify/verifiedFixes.ts";
import { gradientPicture } from "./gradientPicture.ts";
import { layerNotes } from "./lensNotes.ts";
import { commandLink, escapeMarkdown, svgImage } from "./markdown.ts";

/** Commands that a hover may run. */
export const hoverCommands: readonly string[] = [
  commands.applyFix,
  commands.insertSnippet,
  commands.deepProbe,
  commands.explain,
  commands.verify,
  commands.selectRun,
  commands.openSettings,
  commands.toggle,
];

// VS Code shows 250 pixels of a hover before it scrolls: squiggles, picture, figures and the first fixes.
const pictureHeight = 96;

/**
 * Undefined for a layer without measurements.
 *
 * @param shown sentences that the reader sees already; those of this text are added, so that each appears once.
 */
export function hoverText(
  uri: string,
  model: ModelView,
  layer: LayerView,
  shown = new Set<string>(),
): string | undefined {
  const run = model.shown;
  const history = run?.history;
  if (!history || (!layer.info.recurrent && layer.findings.length === 0)) return undefined;
  const head = [
    inlineWords().title({
      model: escapeMarkdown(shorten(model.name)),
      layer: escapeMarkdown(shorten(layer.info.name)),
      isProbe: run.kind === "probe",
      step: history.lastStep,
      stale: layer.stale,
    }),
  ];
  if (layer.info.recurrent) head.push(...recurrentParts(history, layer, layer.info.recurrent));
  // Lines of one paragraph, without the space between paragraphs.
  const parts = [head.join("  \n"), ...layerNotes(model, layer.info.name)];
  for (const { finding } of layer.findings) {
    // The measurements of another text are no reason to edit this one.
    const links = (model.stale ? [] : finding.fixes).map((fix) => {
      const verified = verifiedFix(model, fix);
      const link = commandLink(
        escapeMarkdown(fix.title),
        commands.applyFix,
        [uri, model.name, finding.id, fix.id],
        inlineWords().editsOnly,
      );
      return verified ? `${link} · ${escapeMarkdown(measuredLabel(verified.fix))}` : link;
    });
    if (links.length > 0 && !model.stale)
      links.push(
        commandLink(
          inlineWords().verifyTheseFixes,
          commands.verify,
          [uri, model.name, finding.id],
          inlineWords().verifyTheseWhy,
        ),
      );
    if (run.program && !layer.stale) links.push(...snippetTexts(uri, model, layer, finding));
    const isNew = (text: string): boolean => !shown.has(text) && shown.add(text).size > 0;
    const code = commandLink(finding.code, commands.explain, [finding.code], inlineWords().explains);
    const message = isNew(finding.message)
      ? listWords().aside({ text: `**${escapeMarkdown(finding.message)}**`, aside: code })
      : "";
    const explanation = isNew(finding.explanation) ? escapeMarkdown(finding.explanation) : "";
    parts.push(
      [message, links.map((link) => (link.startsWith("```") ? link : `- ${link}`)).join("\n"), explanation]
        .filter((p) => p !== "")
        .join("\n\n"),
    );
  }
  parts.push(
    [
      commandLink(inlineWords().showInPanel, commands.selectRun, [run.runId, true]),
      ...(layer.info.recurrent && !run.program
        ? [
            commandLink(
              inlineWords().deepProbe,
              commands.deepProbe,
              [uri, model.name, layer.info.name],
              inlineWords().deepProbeWhy,
            ),
          ]
        : []),
      commandLink(inlineWords().settings, commands.openSettings),
      commandLink(inlineWords().switchOff, commands.toggle),
    ].join(" · "),
  );
  return parts.join("\n\n");
}

/** Suggestions for the program: shown as code, and inserted only when asked. */
function snippetTexts(uri: string, model: ModelView, layer: LayerView, finding: Finding): readonly string[] {
  const history = model.shown?.history;
  if (!history) return [];
  return torchSnippets(finding, history, layer.index).flatMap((snippet) => [
    commandLink(
      programWords().insert(escapeMarkdown(snippet.title)),
      commands.insertSnippet,
      [uri, model.name, finding.id, snippet.id],
      programWords().editsOnly,
    ),
    `\`\`\`python\n${snippet.code("module").join("\n")}\n\`\`\``,
  ]);
}

/** One line about a layer that another model has, too, after that one's whole text. */
export function briefHoverText(model: ModelView, layer: LayerView): string | undefined {
  const run = model.shown;
  if (!run?.history) return undefined;
  const summary = modelSummary(run.history, run.findings).layers.find((s) => s.layer === layer.index);
  const [worst] = layer.findings;
  const what = worst?.finding.message ?? summary?.short;
  if (what === undefined) return undefined;
  const show = commandLink(inlineWords().showInPanel, commands.selectRun, [run.runId, true]);
  return `**${escapeMarkdown(shorten(model.name))}** · ${escapeMarkdown(what)} · ${show}`;
}

function recurrentParts(history: RunHistory, layer: LayerView, recurrent: RecurrentInfo): string[] {
  const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
  const states = recurrent.states.flatMap((name) => {
    const logNorm = history.profile(layer.index, `${name}.logNorm`);
    return logNorm ? [{ name: stateSymbol(name), logNorm }] : [];
  });
  const reach = reachOf(history, layer.index);
  const picture = gradientPicture({
    states,
    epsilon,
    horizon: reach?.horizon ?? null,
    requiredLag: history.info.requiredLag,
    height: pictureHeight,
  });
  const reached = reach
    ? inlineWords().reachesOf({ horizon: reach.horizon, required: reach.required })
    : inlineWords().noHorizon;
  const parts: string[] = [];
  if (picture) parts.push(svgImage(picture, inlineWords().pictureAlt(reached)));
  // Lines instead of tables: a table of one row takes the height of two.
  parts.push(...stateLines(history, layer, recurrent, reach));
  const gates = gateLine(history, layer, recurrent);
  if (gates) parts.push(gates);
  return parts;
}

/** Figures of the same steps as the lens and the note at the line's end, so that they agree. */
function stateLines(
  history: RunHistory,
  layer: LayerView,
  recurrent: RecurrentInfo,
  reach: Reach | undefined,
): readonly string[] {
  const required = reach?.required ?? history.info.requiredLag ?? recurrent.timesteps - 1;
  return recurrent.states.map((state) => {
    const horizon = recent(history, "horizon", layer.index, state);
    const nonFinite = known(history.series("stateNonFinite", layer.index, state) ?? new Float64Array(0)).at(-1) ?? 0;
    const reached = Number.isNaN(horizon)
      ? inlineWords().noHorizon
      : inlineWords().reachesOf({ horizon: Math.min(horizon, required), required });
    const gain = recent(history, "meanGain", layer.index, state);
    const attenuation = recent(history, "attenuation", layer.index, state);
    return [
      `**${stateGradientText(state)}** ${reached}`,
      ...(Number.isNaN(gain) ? [] : [inlineWords().perTimestep(formatGain(gain))]),
      ...(Number.isNaN(attenuation) ? [] : [inlineWords().toTimestep1(formatDecades(attenuation))]),
      ...(nonFinite > 0 ? [inlineWords().notFinite(formatNumber(nonFinite))] : []),
    ].join(" · ");
  });
}

function gateLine(history: RunHistory, layer: LayerView, recurrent: RecurrentInfo): string | undefined {
  const gates = recurrent.gates.flatMap((gate) => {
    const low = history.profile(layer.index, `gate.${gate}.low`);
    const high = history.profile(layer.index, `gate.${gate}.high`);
    return low && high ? [`**${gate}** ${formatPercent(mean(low))} / ${formatPercent(mean(high))}`] : [];
  });
  return gates.length === 0 ? undefined : inlineWords().gates(gates.join(" · "));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
