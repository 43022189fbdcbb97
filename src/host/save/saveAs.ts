/** Writes results of a run into a file that the user chooses. */

import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { hostWords } from "../../messages/host.ts";
import { inform } from "../notify.ts";
import { configName } from "../runs/configName.ts";
import type { Run } from "../runs/run.ts";
import { exportCsv, exportJson } from "./exportRun.ts";
import { isPng } from "./png.ts";
import { writeUri } from "./writeUri.ts";

export async function saveRun(run: Run, format: "csv" | "json"): Promise<void> {
  const text = format === "csv" ? exportCsv(run) : exportJson(run);
  await saveAs(run.configPath, `${run.name}-${run.runId}`, format, new TextEncoder().encode(text));
}

/**
 * @param of subject of the picture, as a part of a file name
 * @param png in base64
 * @returns whether it is a valid picture
 */
export async function savePicture(configPath: string, of: string, png: string): Promise<boolean> {
  const bytes = Buffer.from(png, "base64");
  if (!isPng(bytes)) return false;
  await saveAs(configPath, of, "png", bytes);
  return true;
}

/** Says that a file was saved, and offers to open it. */
export async function confirmSaved(target: vscode.Uri): Promise<void> {
  const open = hostWords().open;
  const saved = hostWords().saved(vscode.workspace.asRelativePath(target));
  if ((await inform(saved, open)) === open) await vscode.commands.executeCommand("vscode.open", target);
}

async function saveAs(
  configPath: string,
  of: string,
  format: "csv" | "json" | "png",
  bytes: Uint8Array,
): Promise<void> {
  const name = fileName(`${basename(configName(configPath), ".json")}-${of}`);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(dirname(configPath), `${name}.${format}`)),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (target && (await writeUri(target, bytes, "replace"))) void confirmSaved(target);
}

/** Replaces what some file systems do not allow in names. */
export function fileName(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, "_");
}
