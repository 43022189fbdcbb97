/** `doctor`: what the engine runs on here, and why. */

import os from "node:os";
import { initBackend } from "../engine/backend/ladder.ts";
import type { BackendInfo } from "../protocol/run.ts";
import { problemText, readConfigFile } from "./configFile.ts";
import { type ExitCode, exitCodes, gravest } from "./exitCodes.ts";
import type { Io } from "./io.ts";
import type { BackendChoice } from "./options.ts";
import { type Style, styleFor } from "./report/style.ts";

export interface DoctorCommand {
  readonly config: string | undefined;
  readonly backend: BackendChoice;
  readonly json: boolean;
}

interface Facts {
  readonly node: string;
  readonly platform: string;
  readonly processors: number;
  readonly backend: BackendInfo | null;
  readonly failure: string | null;
  readonly config: string | null;
  readonly problems: readonly string[];
  readonly models: readonly string[];
}

export async function doctor(command: DoctorCommand, io: Io): Promise<ExitCode> {
  const { facts, code } = await examine(command, io.cwd);
  await io.out.write(command.json ? `${JSON.stringify({ version: 1, ...facts })}\n` : text(facts, styleFor(io.out)));
  return code;
}

async function examine(
  command: DoctorCommand,
  cwd: string,
): Promise<{ readonly facts: Facts; readonly code: ExitCode }> {
  const codes: ExitCode[] = [];
  let backend: BackendInfo | null = null;
  let failure: string | null = null;
  try {
    backend = await initBackend(command.backend);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    codes.push(exitCodes.engine);
  }
  let problems: readonly string[] = [];
  let models: readonly string[] = [];
  let config: string | null = null;
  if (command.config !== undefined) {
    const read = readConfigFile(command.config, cwd);
    if ("message" in read) problems = [read.message];
    else {
      const { file } = read;
      config = file.path;
      problems = file.parsed.problems.map((p) => problemText(file, p));
      models = (file.parsed.config?.models ?? []).map((m) => m.name);
    }
    if ("message" in read || read.file.parsed.problems.some((p) => p.severity === "error")) codes.push(exitCodes.usage);
  }
  const facts: Facts = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processors: os.availableParallelism(),
    backend,
    failure,
    config,
    problems,
    models,
  };
  return { facts, code: gravest(codes) };
}

function text(facts: Facts, style: Style): string {
  const width = 12;
  const row = (name: string, value: string) => `${style.dim(name.padEnd(width))}${value}`;
  const lines = [
    row("node", facts.node),
    row("platform", `${facts.platform}, ${facts.processors} ${facts.processors === 1 ? "processor" : "processors"}`),
    facts.backend
      ? row("backend", style.good(facts.backend.label))
      : row("backend", style.severity.error(facts.failure ?? "none")),
    ...(facts.backend?.rejected ?? []).map((r) => row("", `not ${r.name}: ${r.reason}`)),
  ];
  if (facts.config !== null)
    lines.push(row("config", facts.config), row("models", facts.models.join(", ") || "none is sound"));
  lines.push(...facts.problems.map((p) => row("", style.severity.error(p))));
  return `${lines.join("\n")}\n`;
}
