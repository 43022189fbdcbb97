/** The command `Deep Probe`: chooses the model and the layer, and opens the panel that shows the result. */

import * as vscode from "vscode";
import type { ResolvedModel } from "../../config/resolved.ts";
import { hostWords } from "../../messages/host.ts";
import type { CheckpointKind } from "../../protocol/deep.ts";
import type { DeepProbes } from "../deep/deepProbes.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { chooseName } from "../notify.ts";
import { recurrentNames } from "../runs/recurrentNames.ts";
import type { RunStore } from "../store/runStore.ts";
import { keptCheckpoints } from "../views/panelContent.ts";
import type { PanelHost } from "../views/panelHost.ts";
import { chooseTargets, runIdOf, trusted } from "./target.ts";

interface Services {
  readonly store: FindingsStore;
  readonly deep: DeepProbes;
  readonly panel: PanelHost;
}

/**
 * Arguments after `services` may come from a link, from the panel, or be missing; the user is asked for missing ones.
 */
export async function deepProbe(
  { store, deep, panel }: Services,
  uri: unknown,
  model: unknown,
  layer: unknown,
  steps: unknown,
): Promise<void> {
  if (!(await trusted())) return;
  const targets = await chooseTargets(store, uri, model, "one");
  const [target] = targets ?? [];
  if (!target) return;
  const name = typeof layer === "string" ? layer : await chooseLayer(target.model);
  if (name === undefined) return;
  deep.start(target, name, typeof steps === "number" && Number.isSafeInteger(steps) && steps > 0 ? steps : 0);
  if (!panel.visible) await panel.showView();
}

/** Probes the weights that a training run has kept; the arguments come from the runs view or from the panel. */
export async function deepProbeCheckpoint(
  { kept, deep, panel }: Pick<Services, "deep" | "panel"> & { readonly kept: RunStore },
  asked: unknown,
  layer: unknown,
  kind: unknown,
): Promise<void> {
  const runId = runIdOf(asked);
  if (runId === undefined || !(await trusted())) return;
  const run = await kept.load(runId);
  if (!run?.model) return;
  const kinds = keptCheckpoints(run);
  const chosen = kinds.find((one) => one === kind) ?? (await chooseKind(kinds));
  if (chosen === undefined) return;
  const name = typeof layer === "string" ? layer : await chooseLayer(run.model);
  if (name === undefined) return;
  const { uri, configPath, configText, model } = run;
  panel.select(runId);
  deep.start({ uri, configPath, configText, model }, name, 0, { kind: chosen, runId });
  if (!panel.visible) await panel.showView();
}

async function chooseKind(kinds: readonly CheckpointKind[]): Promise<CheckpointKind | undefined> {
  if (kinds.length < 2) return kinds[0];
  const items = kinds.map((one) => ({ one, label: hostWords().checkpoint[one] }));
  return (await vscode.window.showQuickPick(items, { placeHolder: hostWords().whichCheckpoint }))?.one;
}

/** Null if there is nothing to choose: the engine then takes the only layer, or reports that there is none. */
async function chooseLayer(model: ResolvedModel): Promise<string | null | undefined> {
  const names = recurrentNames(model);
  if (names.length < 2) return null;
  const picked = await chooseName(names, hostWords().whichLayer);
  return picked === undefined ? undefined : names[picked];
}
