/** `export`: writes models as scripts of another framework. */

import path from "node:path";
import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { shorten } from "../../config/shorten.ts";
import { prepare } from "../../engine/training/prepare.ts";
import type { Refusal } from "../../export/exportedModel.ts";
import { kerasScript } from "../../export/keras/script.ts";
import { scriptFiles } from "../../export/loop.ts";
import type { Launch } from "../../export/pytorch/launch.ts";
import { pytorchScript } from "../../export/pytorch/script.ts";
import { writeWhole } from "../../files/writeSafely.ts";
import { cliWords } from "../../messages/cli.ts";
import { problemLines, readConfigFile, selectModels } from "../configFile.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import type { Io } from "../io.ts";
import {
  folderNames,
  makeOutFolders,
  type OutFolder,
  releaseOutFolders,
  removeEmptyFolders,
} from "../out/outFolder.ts";
import { refuse } from "../refuse.ts";
import { type BackendRequest, startBackend } from "../startBackend.ts";
import { exportable } from "./exportedModel.ts";
import { npz } from "./npz.ts";

export const frameworks = ["pytorch", "keras"] as const;
export type Framework = (typeof frameworks)[number];

export interface ExportCommand extends BackendRequest {
  readonly config: string | undefined;
  /** Names of the models; empty for all. */
  readonly models: readonly string[];
  readonly framework: Framework;
  readonly launch: Launch;
  readonly out: string;
}

/** Writes a folder for each model; a model that has no equivalent is refused by place, and the others are written. */
export async function exportModels(command: ExportCommand, io: Io, signal: AbortSignal): Promise<ExitCode> {
  if (command.framework === "keras" && command.launch !== "none") return await refuse([cliWords().launchesPytorch], io);
  const read = readConfigFile(command.config, io.cwd);
  if ("message" in read) return await refuse([read.message], io);
  const { file } = read;
  const selection = selectModels(file, command.models);
  if ("message" in selection) return await refuse([selection.message], io);
  const faults = "problems" in selection ? selection.problems : selection.faults;
  if ("problems" in selection)
    return await refuse(
      faults.map((problem) => problemLines(file, problem)),
      io,
    );
  const backend = await startBackend(command, io.cwd);
  if (typeof backend === "string") return await refuse([backend], io, exitCodes.engine);
  const out = path.resolve(io.cwd, command.out);
  const names = selection.models.map(({ name }) => name);
  const folders = await makeOutFolders(out, names, [io.cwd, path.dirname(file.path)]);
  if ("message" in folders) return await refuse([folders.message], io);
  const shown = folderNames(names);
  let written = 0;
  try {
    for (const [i, model] of selection.models.entries()) {
      const problems = await exportOne(model, file.path, command, folders[i]!, signal);
      if (problems.length === 0) {
        written++;
        const script = path.join(out, shown[i]!, scriptFiles.script);
        await io.out.write(`${cliWords().took({ model: shorten(model.name), took: path.relative(io.cwd, script) })}\n`);
      }
      for (const problem of problems) await io.err.write(`${problemLines(file, problem)}\n`);
    }
  } finally {
    releaseOutFolders(folders);
    removeEmptyFolders(folders);
  }
  return written === selection.models.length && faults.length === 0 ? exitCodes.fine : exitCodes.usage;
}

/** The problems that keep the model from being written; [] if it is. */
async function exportOne(
  model: ResolvedModel,
  configPath: string,
  { framework, launch }: ExportCommand,
  { folder }: OutFolder,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const prepared = await prepare({ model, configPath }, signal);
  if (!("built" in prepared)) return prepared;
  try {
    const found = exportable(model, prepared);
    if (!("exported" in found)) return found.map(problemOf);
    const script = framework === "keras" ? kerasScript(found.exported) : pytorchScript(found.exported, launch);
    if (!("text" in script)) return script.map(problemOf);
    writeWhole(folder, scriptFiles.data, npz(found.arrays));
    writeWhole(folder, scriptFiles.weights, npz(script.state));
    writeWhole(folder, scriptFiles.script, Buffer.from(script.text));
    return [];
  } finally {
    prepared.dispose();
  }
}

function problemOf({ path: at, message }: Refusal): Problem {
  return { severity: "error", path: at, on: "value", message };
}
