/** The command `Deep Probe`: chooses the model and the layer, and opens the panel that shows the result. */

import * as vscode from "vscode";
import type { ResolvedModel } from "../../config/resolved.ts";
import { hostWords } from "../../messages/host.ts";
import type { DeepProbes } from "../deep/deepProbes.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { recurrentNames } from "../runs/recurrentNames.ts";
import type { PanelHost } from "../views/panelHost.ts";
import { chooseTargets, trusted } from "./target.ts";

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

/** Null if there is nothing to choose: the engine then takes the only layer, or reports that there is none. */
async function chooseLayer(model: ResolvedModel): Promise<string | null | undefined> {
  const names = recurrentNames(model);
  if (names.length < 2) return null;
  return await vscode.window.showQuickPick([...names], { placeHolder: hostWords().whichLayer });
}
