/** The parts of the panel's content that are made from runs and findings alone. */

import { shorten } from "../../config/shorten.ts";
import { torchSnippets } from "../../diagnosis/snippets/torchSnippets.ts";
import { type CheckpointKind, checkpointKinds } from "../../protocol/deep.ts";
import type { HistorySnapshot } from "../../protocol/history.ts";
import type { DeepView, PanelFinding, PanelNote, RunSummary } from "../../protocol/panelMessages.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { configName } from "../runs/configName.ts";
import { lensNotesOf } from "../runs/lensNotes.ts";
import type { Run } from "../runs/run.ts";
import { sliceBytes } from "./mapSlices.ts";

export function summariesOf(runs: readonly Run[]): readonly RunSummary[] {
  return runs.map((run) => ({
    runId: run.runId,
    kind: run.kind,
    model: run.name,
    base: run.model?.base ?? null,
    external: run.program !== null,
    config: run.configPath,
    configName: configName(run.configPath),
    state: run.state,
    end: run.end,
    startedAt: run.startedAt,
    checkpoints: keptCheckpoints(run),
  }));
}

/**
 * A run's history for the page, with its first heat maps. That of a program is read anew when there is more, and never appended to: it is sent
 * without a copy, which would take long for a net of many layers.
 */
export function historyOf(run: Run | undefined): HistorySnapshot | null {
  return run?.history?.snapshot({ share: run.program !== null, mapBytes: sliceBytes }) ?? null;
}

/** The checkpoints that a run keeps by its config. */
export function keptCheckpoints({ kind, model }: Pick<Run, "kind" | "model">): readonly CheckpointKind[] {
  const checkpoint = model?.training.checkpoint;
  if (kind !== "train" || !checkpoint) return [];
  return checkpointKinds.filter((one) => checkpoint.keep === "both" || checkpoint.keep === one);
}

/** A run's findings with their lines in the present text. */
export function findingsOf(store: FindingsStore, run: Run | undefined): readonly PanelFinding[] {
  if (!run) return [];
  if (run.program)
    return run.findings.map((finding) => {
      const found = store.programs.placeOf(run, finding.layer);
      const layer = run.history?.info.layers.findIndex(({ name }) => name === finding.layer) ?? -1;
      const snippets = run.history ? torchSnippets(finding, run.history, layer) : [];
      return {
        finding,
        line: found?.place.line ?? null,
        stale: found?.stale ?? false,
        snippets: snippets.map(({ title, code }) => ({ title, code: code("module").join("\n") })),
      };
    });
  const text = store.view(run.uri)?.text ?? "";
  return store.findingsOf(run).map(({ finding, range, stale }) => ({
    finding,
    line: range ? text.slice(0, range.offset).split("\n").length : null,
    stale,
    snippets: [],
  }));
}

/** What is said about a run: by the rules, and by the lens of its program. */
export function saidOf(
  store: FindingsStore,
  run: Run | undefined,
): { readonly findings: readonly PanelFinding[]; readonly notes: readonly PanelNote[] } {
  return { findings: findingsOf(store, run), notes: lensNotesOf(run) };
}

/** `adding-problem / tanh`; empty without a run. */
export function titleOf(run: Run | undefined): string {
  if (!run) return "";
  return run.configPath === "" ? shorten(run.name) : `${configName(run.configPath)} / ${shorten(run.name)}`;
}

/** What a picture shows: of the deep probe, or of the run. */
export function pictureSubject(
  run: Run | undefined,
  deep: DeepView | null,
): { readonly config: string; readonly name: string } | undefined {
  if (deep) return { config: deep.config, name: deep.model };
  return run && { config: run.configPath, name: `${run.name}-${run.runId}` };
}
