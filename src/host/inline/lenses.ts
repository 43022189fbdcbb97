/**
 * The lenses of a config and their texts. Their number and places depend only on the text and on ended runs, never on
 * the progress of a run.
 */

import { shorten } from "../../config/shorten.ts";
import { commands } from "../../contributions.ts";
import { provisional } from "../../diagnosis/provisional.ts";
import { countsText, modelSummary } from "../../diagnosis/text/summary.ts";
import { conclusionText, verifyingText } from "../../protocol/verification.ts";
import type { ConfigView, LayerView, ModelView } from "../findings/configView.ts";
import { describeEnd } from "../runs/describeEnd.ts";
import type { Run } from "../runs/run.ts";
import { verificationOf } from "../verify/verifiedFixes.ts";
import { plainLabel } from "./markdown.ts";
import { sharedLines } from "./sharedLines.ts";

export interface LensItem {
  /** An offset in the line that it stands above. */
  readonly offset: number;
  readonly title: string;
  readonly tooltip: string;
  readonly command: string;
  readonly args: readonly unknown[];
}

export function lensesOf(view: ConfigView, trusted: boolean): readonly LensItem[] {
  const shared = sharedLines(view);
  return view.models.flatMap((model) => [
    ...modelLenses(view.uri, model, trusted),
    ...model.layers
      .filter((layer) => layer.flagged)
      .map((layer) => layerLens(model, layer, shared.has(layer.range.offset))),
  ]);
}

function modelLenses(uri: string, model: ModelView, trusted: boolean): readonly LensItem[] {
  const offset = model.range.offset;
  const title = modelTitle(model);
  if (!trusted)
    return [
      {
        offset,
        title: "$(shield) Restricted Mode: nothing runs",
        tooltip: "Trust this workspace to probe and train",
        command: "workbench.trust.manage",
        args: [],
      },
    ];
  return [
    runLens(
      uri,
      model,
      offset,
      "probe",
      "Probe",
      "Train a fresh copy for a few seconds and see how far its gradient reaches",
    ),
    runLens(uri, model, offset, "train", "Train", "Run the whole training, shown live in the panel"),
    ...(model.fixable ? [verifyLens(uri, model, offset)] : []),
    ...(model.comparable ? [compareLens(model.comparable, offset)] : []),
    {
      offset,
      title,
      tooltip: "Show in the panel",
      command: model.shown || model.going ? commands.selectRun : commands.openPanel,
      args: model.shown || model.going ? [(model.going ?? model.shown)?.runId, true] : [],
    },
  ];
}

function runLens(
  uri: string,
  model: ModelView,
  offset: number,
  kind: Run["kind"],
  title: string,
  tooltip: string,
): LensItem {
  const going = model.going;
  if (going?.kind === kind)
    return {
      offset,
      title: `$(debug-stop) Stop ${kind === "probe" ? "probe" : "training"}`,
      tooltip: "Stop this run",
      command: commands.stop,
      args: [going.runId],
    };
  return {
    offset,
    title,
    tooltip,
    command: kind === "probe" ? commands.probe : commands.train,
    args: [uri, model.name],
  };
}

function compareLens(run: Run, offset: number): LensItem {
  return {
    offset,
    title: "Compare",
    tooltip: "Draw other runs over this model's newest one and compare their figures",
    command: commands.compareRuns,
    args: [run.runId],
  };
}

/** Starts, stops or shows a verification, whichever comes next. */
function verifyLens(uri: string, model: ModelView, offset: number): LensItem {
  const args = [uri, model.name];
  const job = model.verification;
  const verification = verificationOf(model);
  if (job && job.outcome === null)
    return {
      offset,
      title: `$(debug-stop) Stop verifying, run ${Math.min(job.done + 1, job.total)} of ${job.total}`,
      tooltip: verifyingText(job),
      command: commands.stopVerifying,
      args,
    };
  if (verification && verification.fixes.length > 0) {
    const [best] = verification.fixes;
    const { conclusion } = verification;
    return {
      offset,
      title: conclusion.headline,
      tooltip: conclusion.kind === "helps" && best ? `${best.fix.title}: ${best.measured}` : conclusionText(conclusion),
      command: commands.showVerified,
      args,
    };
  }
  return {
    offset,
    title: "Verify fixes",
    tooltip: "Run each fix beside the present model, from the same seeds, and see which fixes help",
    command: commands.verify,
    args,
  };
}

/** The last lens of a model, its summary; the status bar and the tree use the same words. */
export function modelTitle(model: ModelView): string {
  const { going, shown, stale } = model;
  if (going?.state === "starting" && !shown) return "$(sync~spin) waiting for the engine";
  const running = going?.state === "running" ? `$(sync~spin) step ${going.history?.lastStep ?? 0} · ` : "";
  if (!shown) return running === "" ? notRun(model) : `${running}measuring`;
  return `${running}${stale ? "before your edit: " : ""}${outcome(shown)}`;
}

function notRun(model: ModelView): string {
  return model.model ? "not probed yet" : "has errors";
}

function outcome(run: Run): string {
  if (run.end?.kind === "refused") return "$(error) cannot run: see its problems";
  if (run.end?.kind === "failed")
    return `$(error) ${run.kind === "probe" ? "probe" : "training"} ${firstSentence(describeEnd(run.end))}`;
  if (!run.history) return "stopped before the first step";
  const counts = countsText(run.findings);
  const { headline, provisional } = modelSummary(run.history, run.findings);
  const open = run.end !== null && provisional !== null ? ` · provisional, ${provisional}` : "";
  return `${headline}${counts === "" ? "" : ` · ${counts}`}${open}`;
}

function firstSentence(text: string): string {
  return /^.*?\.(?=\s[A-Z]|$)/.exec(text)?.[0] ?? text;
}

function layerLens(model: ModelView, layer: LayerView, shared: boolean): LensItem {
  const worst = layer.findings[0];
  const title = worst
    ? `${layer.findings.map((f) => `${icon(f.finding.severity)} ${f.finding.message}`).join(" · ")}${model.stale ? " (before your edit)" : ""}`
    : isOpen(model)
      ? "$(pulse) nothing found yet"
      : "$(pass) nothing found in this run";
  return {
    offset: layer.range.offset,
    title: shared ? `${plainLabel(shorten(model.name))}: ${title}` : title,
    tooltip: worst?.finding.explanation ?? "",
    command: worst ? commands.explain : commands.selectRun,
    args: worst ? [worst.finding.code] : [model.shown?.runId, true],
  };
}

/** Whether the verdict of the model's newest run may still change. */
function isOpen({ shown }: ModelView): boolean {
  return shown?.history != null && provisional(shown.history, shown.findings) !== null;
}

function icon(severity: "error" | "warning" | "information"): string {
  return `$(${severity === "information" ? "info" : severity})`;
}
