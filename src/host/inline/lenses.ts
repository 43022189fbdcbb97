/**
 * The lenses of a config and their texts. Their number and places depend only on the text and on ended runs, never on
 * the progress of a run.
 */

import { shorten } from "../../config/shorten.ts";
import { commands } from "../../contributions.ts";
import { provisional } from "../../diagnosis/provisional.ts";
import { countsText, modelSummary } from "../../diagnosis/text/summary.ts";
import { inlineWords } from "../../messages/inline.ts";
import { listWords } from "../../messages/lists.ts";
import { programWords } from "../../messages/programs.ts";
import { type Finding, severities } from "../../protocol/finding.ts";
import { conclusionText, verifyingText } from "../../protocol/verification.ts";
import type { ConfigView, ModelView } from "../findings/configView.ts";
import { isOf, type LensLayer } from "../findings/lensLayers.ts";
import { plainLabel } from "../plainLabel.ts";
import { describeEnd } from "../runs/describeEnd.ts";
import type { Run } from "../runs/run.ts";
import { verificationOf } from "../verify/verifiedFixes.ts";
import type { LineNote } from "./sparklineNotes.ts";

export interface LensItem {
  /** An offset in the line that it stands above. */
  readonly offset: number;
  readonly title: string;
  readonly tooltip: string;
  readonly command: string;
  readonly args: readonly unknown[];
}

/** Stands in the place of a stop button until the engine has finished its step. */
const stopping = (): string => inlineWords().stopping;

/** Characters of a lens's title that are shown, icons included; the hover has the rest. */
export const longestTitle = 120;

/**
 * One lens per action and one for the verdict above each model, then one above each recurrent layer. Models that share
 * a layer share its lens.
 *
 * @param notes the sparklines that have no place at the end of their line
 */
export function lensesOf(view: ConfigView, trusted: boolean, notes: readonly LineNote[] = []): readonly LensItem[] {
  const lenses = trusted
    ? [...view.models.flatMap((model) => modelLenses(view.uri, model)), ...layerLenses(view, notes)]
    : view.models.filter(({ program }) => !program).map(({ range }) => restricted(range.offset));
  return lenses.map((lens) => ({ ...lens, title: shorten(lens.title, longestTitle) }));
}

function restricted(offset: number): LensItem {
  return {
    offset,
    title: inlineWords().restrictedMode,
    tooltip: inlineWords().trustWorkspace,
    command: "workbench.trust.manage",
    args: [],
  };
}

function modelLenses(uri: string, model: ModelView): readonly LensItem[] {
  if (model.program) return programLenses(model);
  const offset = model.range.offset;
  const run = model.shown ?? model.going;
  return [
    runLens(uri, model, offset, "probe", inlineWords().probe, inlineWords().probeWhy),
    runLens(uri, model, offset, "train", inlineWords().train, inlineWords().trainWhy),
    verifyLens(uri, model, offset),
    {
      offset,
      title: modelTitle(model),
      tooltip: whyProvisional(run) ?? inlineWords().showInThePanel,
      command: run ? commands.selectRun : commands.openPanel,
      args: run ? [run.runId, true] : [],
    },
  ];
}

/** The verdict of a program's run, above the call that begins it: nothing runs a program from here. */
function programLenses(model: ModelView): readonly LensItem[] {
  const begun = model.program?.begun;
  const run = model.shown;
  if (!begun || !run) return [];
  return [
    {
      offset: begun.offset,
      title: programWords().named({ name: shorten(model.name), title: modelTitle(model) }),
      tooltip: programWords().showThisRun,
      command: commands.selectRun,
      args: [run.runId, true],
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
  const going = model.goingByKind[kind];
  if (going?.state === "stopping")
    return { offset, title: stopping(), tooltip: "", command: commands.openPanel, args: [] };
  if (going)
    return {
      offset,
      title: inlineWords().stop(kind === "probe"),
      tooltip: inlineWords().stopThisRun,
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

/** Starts, stops or shows a verification, whichever comes next. */
function verifyLens(uri: string, model: ModelView, offset: number): LensItem {
  const args = [uri, model.name];
  const job = model.verification;
  const verification = verificationOf(model);
  if (job?.stopping && job.outcome === null)
    return { offset, title: stopping(), tooltip: "", command: commands.openPanel, args: [] };
  if (job && job.outcome === null)
    return {
      offset,
      title: inlineWords().stopVerifying({ run: Math.min(job.done + 1, job.total), total: job.total }),
      tooltip: verifyingText(job),
      command: commands.stopVerifying,
      args,
    };
  if (verification && verification.fixes.length > 0) {
    const [best] = verification.fixes;
    const { conclusion } = verification;
    return {
      offset,
      title: verification.complete
        ? conclusion.headline
        : `${conclusion.headline} · ${job?.continuable ? inlineWords().continueIt : inlineWords().verifyAgain}`,
      tooltip:
        conclusion.kind === "helps" && best
          ? listWords().named({ name: best.fix.title, text: best.measured })
          : conclusionText(conclusion),
      command: verification.complete ? commands.showVerified : commands.verify,
      args: verification.complete ? args : [...args, job?.findingId],
    };
  }
  return {
    offset,
    title: inlineWords().verifyFixes,
    tooltip: inlineWords().verifyFixesWhy,
    command: commands.verify,
    args,
  };
}

/** The last lens of a model, its summary; the status bar and the tree use the same words. */
export function modelTitle(model: ModelView): string {
  const { going, shown } = model;
  if (going?.state === "starting" && !shown) return inlineWords().waitingForEngine;
  if (!shown) return going ? inlineWords().measuring : notRun(model);
  // The figures are those of `shown`: the step of another run would make one sentence of two runs.
  const running = shown.state === "running" ? inlineWords().step(shown.history?.lastStep ?? 0) : "";
  return `${running}${edited(model)}${outcome(shown)}`;
}

function notRun(model: ModelView): string {
  if (!model.isRead) return "…";
  return model.model ? inlineWords().notProbed : inlineWords().hasErrors;
}

function outcome(run: Run): string {
  if (run.end?.kind === "refused") return inlineWords().cannotRun;
  if (run.end?.kind === "failed")
    return inlineWords().runEnded({ isProbe: run.kind === "probe", how: firstSentence(describeEnd(run.end)) });
  if (!run.history) return inlineWords().stoppedBefore;
  const counts = countsText(run.findings);
  const { headline, provisional: why } = modelSummary(run.history, run.findings);
  const open = run.end !== null && why !== null ? inlineWords().provisional : "";
  return `${headline}${counts === "" ? "" : ` · ${counts}`}${open}`;
}

/** What the lens has no place for: why the verdict of a probe may still change. */
function whyProvisional(run: Run | undefined): string | undefined {
  if (!run?.history || run.end === null) return undefined;
  const why = provisional(run.history, run.findings);
  return why === null ? undefined : inlineWords().whyProvisional(why);
}

function firstSentence(text: string): string {
  return /^.*?\.(?=\s[A-Z]|$)/.exec(text)?.[0] ?? text;
}

interface LayerVerdict {
  readonly model: ModelView;
  readonly worst: Finding | undefined;
  /** The verdict in words, without the mark of an edit; null if the layer is not measured. */
  readonly text: string | null;
}

function layerLenses(view: ConfigView, notes: readonly LineNote[]): readonly LensItem[] {
  const byOffset = new Map<number, LayerVerdict[]>();
  for (const model of view.models)
    for (const entry of model.lensLayers) {
      const { offset } = entry.range;
      byOffset.set(offset, [...(byOffset.get(offset) ?? []), layerVerdict(model, entry)]);
    }
  return [...byOffset].map(([offset, verdicts]) => {
    const note = notes.find((n) => n.offset === offset);
    return layerLens(view.uri, offset, verdicts, note);
  });
}

function layerVerdict(model: ModelView, entry: LensLayer): LayerVerdict {
  // All findings of the run: an edit may have removed the place of one.
  const findings = (model.shown?.findings ?? []).filter(({ layer }) => isOf(entry, layer));
  const [worst] = findings;
  if (!worst) {
    const measured = model.layers.some(({ info }) => isOf(entry, info.name));
    if (!measured) return { model, worst, text: null };
    return { model, worst, text: isOpen(model) ? inlineWords().nothingYet : inlineWords().nothingFound };
  }
  const more = findings.length > 1 ? inlineWords().more(findings.length - 1) : "";
  return { model, worst, text: `${icon(worst.severity)} ${worst.message}${more}` };
}

/** @param measured the verdicts on the layer's `all` models that are known, and `first`, the gravest of them */
function layerTitle(first: LayerVerdict, measured: readonly LayerVerdict[], all: number): string {
  const { model, text } = first;
  if (all === 1) return `${edited(model)}${text}`;
  const found = measured.filter(({ worst }) => worst).length;
  if (found === 0) {
    const stale = measured.some((verdict) => verdict.model.stale);
    return `${edited({ stale })}${listWords().aside({ text: text ?? "", aside: inlineWords().models(measured.length) })}`;
  }
  return listWords().named({
    name: plainLabel(shorten(model.name)),
    text: `${edited(model)}${text}${found > 1 ? inlineWords().ofModels({ found, all }) : ""}`,
  });
}

/** The mark of what was measured before an edit. It comes first, where no long text can push it out of the title. */
function edited({ stale }: Pick<ModelView, "stale">): string {
  return stale ? inlineWords().beforeYourEdit : "";
}

/** One lens for all models that have this layer: the gravest verdict, and in how many models there is one. */
function layerLens(
  uri: string,
  offset: number,
  verdicts: readonly LayerVerdict[],
  note: LineNote | undefined,
): LensItem {
  const measured = verdicts.filter(({ text }) => text !== null);
  const [first] = [...measured].sort((a, b) => rank(a) - rank(b));
  if (!first) {
    const name = verdicts[0]?.model.name;
    return { offset, title: "…", tooltip: inlineWords().probeIt, command: commands.probe, args: [uri, name] };
  }
  const { model, worst } = first;
  const title = layerTitle(first, measured, verdicts.length);
  // Without a finding, the figures say more than that there is none. They may be another model's.
  const figures = note?.figures == null ? null : `${edited({ stale: note.tone === "stale" })}${note.figures}`;
  const drawn = note ? `${note.picture}\u00a0 ${worst || figures === null ? title : figures}` : title;
  return {
    offset,
    title: drawn,
    tooltip: worst?.explanation ?? inlineWords().showInThePanel,
    command: worst ? commands.explain : commands.selectRun,
    args: worst ? [worst.code] : [model.shown?.runId, true],
  };
}

function rank({ worst }: LayerVerdict): number {
  return worst ? severities.indexOf(worst.severity) : severities.length;
}

/** Whether the verdict of the model's newest run may still change. */
function isOpen({ shown }: ModelView): boolean {
  return shown?.history != null && provisional(shown.history, shown.findings) !== null;
}

function icon(severity: "error" | "warning" | "information"): string {
  return `$(${severity === "information" ? "info" : severity})`;
}
