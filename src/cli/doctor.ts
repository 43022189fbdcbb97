/** `doctor`: what the engine runs on here, and why. */

import type { LossName } from "../config/resolved.ts";
import { dataLines } from "../diagnosis/text/dataText.ts";
import { doctorReport, modelFacts, type RecurrentMethod } from "../engine/process/doctor.ts";
import type { DataFacts } from "../protocol/dataFacts.ts";
import type { DoctorReport } from "../protocol/engineMessages.ts";
import { problemText, readConfigFile } from "./configFile.ts";
import { type ExitCode, exitCodes, gravest } from "./exitCodes.ts";
import type { Io } from "./io.ts";
import { text as jsonText, jsonVersion } from "./json.ts";
import type { BackendChoice } from "./options.ts";
import { type Style, styleFor } from "./report/style.ts";
import { startBackend } from "./startBackend.ts";

export interface DoctorCommand {
  readonly config: string | undefined;
  readonly backend: BackendChoice;
  /** See BackendRequest. */
  readonly allowNative: string | null;
  readonly json: boolean;
}

/** By the models' names: what they make of their targets. */
type Losses = ReadonlyMap<string, LossName>;

interface Facts {
  /** Null when no backend could be started. */
  readonly engine: DoctorReport | null;
  readonly failure: string | null;
  readonly config: string | null;
  readonly problems: readonly string[];
  readonly models: readonly string[];
  /** Of each recurrent layer of each sound model. */
  readonly recurrent: readonly (RecurrentMethod & { readonly model: string })[];
  /** Of each sound model, by its name. */
  readonly data: { readonly [model: string]: DataFacts };
}

export async function doctor(command: DoctorCommand, io: Io): Promise<ExitCode> {
  const { facts, losses, code } = await examine(command, io.cwd);
  await io.out.write(
    command.json
      ? `${jsonText({ version: jsonVersion, ...facts.engine, ...facts, engine: undefined })}\n`
      : text(facts, losses, styleFor(io.out)),
  );
  return code;
}

async function examine(
  command: DoctorCommand,
  cwd: string,
): Promise<{ readonly facts: Facts; readonly losses: Losses; readonly code: ExitCode }> {
  const codes: ExitCode[] = [];
  let engine: DoctorReport | null = null;
  let failure: string | null = null;
  const backend = await startBackend(command, cwd);
  if (typeof backend === "string") {
    failure = backend;
    codes.push(exitCodes.engine);
  } else engine = await doctorReport(backend);
  let problems: readonly string[] = [];
  let models: readonly string[] = [];
  const recurrent: (RecurrentMethod & { readonly model: string })[] = [];
  const data = new Map<string, DataFacts>();
  const losses = new Map<string, LossName>();
  let config: string | null = null;
  if (command.config !== undefined) {
    const read = readConfigFile(command.config, cwd);
    if ("message" in read) problems = [read.message];
    else {
      const { file } = read;
      config = file.path;
      problems = file.parsed.problems.map((p) => problemText(file, p));
      const sound = file.parsed.config?.models ?? [];
      models = sound.map((m) => m.name);
      for (const model of engine ? sound : []) {
        const known = await modelFacts(model, file.path);
        if (!known) continue;
        recurrent.push(...known.recurrent.map((method) => ({ model: model.name, ...method })));
        data.set(model.name, known.data);
        losses.set(model.name, model.training.loss);
      }
    }
    if ("message" in read || read.file.parsed.problems.some((p) => p.severity === "error")) codes.push(exitCodes.usage);
  }
  const facts: Facts = {
    engine,
    failure,
    config,
    problems,
    models,
    recurrent,
    data: Object.fromEntries(data),
  };
  return { facts, losses, code: gravest(codes) };
}

function text(facts: Facts, losses: Losses, style: Style): string {
  const { engine } = facts;
  const names = engine?.facts.map((f) => f.name.length) ?? [];
  const width = Math.max(8, ...names) + 2;
  const row = (name: string, value: string) => `${style.dim(name.padEnd(width))}${value}`;
  const lines = engine
    ? [
        row("node", engine.node),
        row("platform", engine.platform),
        row("backend", style.good(engine.backend.label)),
        ...engine.backend.rejected.map((r) => row("", `not ${r.name}: ${r.reason}`)),
        ...engine.facts.map((f) => row(f.name, f.value)),
      ]
    : [row("node", process.version), row("backend", style.severity.error(facts.failure ?? "none"))];
  if (facts.config !== null)
    lines.push(row("config", facts.config), row("models", facts.models.join(", ") || "none is sound"));
  for (const { model, layer, method, reason } of facts.recurrent)
    lines.push(row("", `${model}/${layer}: ${methodText(method, reason)}`));
  for (const [model, known] of Object.entries(facts.data))
    lines.push(
      ...dataLines(known, losses.get(model) ?? "meanSquaredError").map((line, i) =>
        row(i === 0 ? "data" : "", `${model}: ${line}`),
      ),
    );
  lines.push(...facts.problems.map((p) => row("", style.severity.error(p))));
  return `${lines.join("\n")}\n`;
}

function methodText(method: RecurrentMethod["method"], reason: string | null): string {
  if (method === "taps") return `tfjs's own loop with taps, as ${reason}`;
  return method === "own" ? "code of its own" : "kernels";
}
