/** What the lens of a program says of its run, by the names of layers. */

import type { PanelNote } from "../../protocol/panelMessages.ts";
import type { Run } from "./run.ts";

export function lensNotesOf(run: Pick<Run, "program" | "history"> | undefined): readonly PanelNote[] {
  const layers = run?.history?.info.layers ?? [];
  return (run?.program?.notes ?? []).map(({ layer, text }) => ({
    layer: layer === null ? null : (layers[layer]?.name ?? null),
    text,
  }));
}
