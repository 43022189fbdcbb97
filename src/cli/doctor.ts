/** `doctor`: reports what the engine runs on here, and why. */

import type { Problem } from "../config/problem.ts";
import type { LossName } from "../config/resolved.ts";
import { shorten, shortMessage } from "../config/shorten.ts";
import { dataLines } from "../diagnosis/text/dataText.ts";
import { doctorReport, examineModel, type RecurrentMethod } from "../engine/process/doctor.ts";
import { cliWords } from "../messages/cli.ts";
import { reportWords } from "../messages/report.ts";
import type { DataFacts } from "../protocol/dataFacts.ts";
import type { DoctorReport } from "../protocol/engineMessages.ts";
import { fixLine, problemText, readConfigFile } from "./configFile.ts";
import { type ExitCode, exitCodes, gravest } from "./exitCodes.ts";
import type { Io } from "./io.ts";
import { text as jsonText, jsonVersion, type PlacedError, unplaced } from "./json.ts";
import type { BackendChoice } from "./options.ts";
import { displayWidth, padded } from "./report/layout.ts";
import { type Style, styleFor } from "./report/style.ts";
import { startBackend } from "./startBackend.ts";
import { problemPlace } from "./textPlace.ts";

export interface DoctorCommand {
  readonly config: string | undefined;
  readonly backend: BackendChoice;
  /** See BackendRequest. */
  readonly allowNative: string | null;
  readonly json: boolean;
}

/** Losses by model name: they decide how the targets are read. */
type Losses = ReadonlyMap<string, LossName>;

interface ToldProblem extends PlacedError {
  readonly severity: Problem["severity"];
}

interface Facts {
  /** Null if no backend could be started. */
  readonly engine: DoctorReport | null;
  readonly failure: string | null;
  readonly config: string | null;
  /** Problems of the config, what `train` would refuse or warn about, how files are read, and failures. */
  readonly problems: readonly ToldProblem[];
  /** Models that `train` would not refuse. */
  readonly models: readonly string[];
  /** Computation method of each recurrent layer of each sound model. */
  readonly recurrent: readonly (RecurrentMethod & { readonly model: string })[];
  /** Data facts of each sound model, by its name. */
  readonly data: { readonly [model: string]: DataFacts };
}

export async function doctor(command: DoctorCommand, io: Io): Promise<ExitCode> {
  const { facts, losses, code } = await examine(command, io.cwd);
  await io.out.write(command.json ? jsonOf(facts) : text(facts, losses, styleFor(io.out)));
  return code;
}

function jsonOf({ engine, ...facts }: Facts): string {
  return `${jsonText({ version: jsonVersion, ...engine, ...facts, problems: facts.problems.map((p) => p.message) })}\n`;
}

async function examine(
  command: DoctorCommand,
  cwd: string,
): Promise<{ readonly facts: Facts; readonly losses: Losses; readonly code: ExitCode }> {
  const backend = await startBackend(command, cwd);
  const failure = typeof backend === "string" ? backend : null;
  const engine = typeof backend === "string" ? null : await doctorReport(backend);
  const config = command.config === undefined ? nothing : await examineConfig(command.config, cwd, engine !== null);
  const code = gravest([...config.codes, ...(failure === null ? [] : [exitCodes.engine])]);
  return { facts: { engine, failure, ...config.facts }, losses: config.losses, code };
}

interface ExaminedConfig {
  readonly facts: Omit<Facts, "engine" | "failure">;
  readonly losses: Losses;
  readonly codes: readonly ExitCode[];
}

const nothing: ExaminedConfig = {
  facts: { config: null, problems: [], models: [], recurrent: [], data: {} },
  losses: new Map(),
  codes: [],
};

/** @param builds whether an engine is available to build the models */
async function examineConfig(argument: string, cwd: string, builds: boolean): Promise<ExaminedConfig> {
  const read = readConfigFile(argument, cwd);
  if ("message" in read)
    return {
      ...nothing,
      facts: { ...nothing.facts, problems: [{ ...unplaced(read.message), severity: "error" }] },
      codes: [exitCodes.usage],
    };
  const { file } = read;
  const problems = [...file.parsed.problems];
  const failures: string[] = [];
  const models: string[] = [];
  const recurrent: (RecurrentMethod & { readonly model: string })[] = [];
  const data = new Map<string, DataFacts>();
  const losses = new Map<string, LossName>();
  for (const model of file.parsed.config?.models ?? []) {
    try {
      const examined = builds ? await examineModel(model, file.path) : null;
      problems.push(...(examined?.problems ?? []));
      if (examined && !examined.facts) continue;
      models.push(model.name);
      if (!examined?.facts) continue;
      recurrent.push(...examined.facts.recurrent.map((method) => ({ model: model.name, ...method })));
      data.set(model.name, examined.facts.data);
      losses.set(model.name, model.training.loss);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push(cliWords().engineFailed({ model: shorten(model.name), reason: shortMessage(message) }));
    }
  }
  // Models that share a section share its problems.
  const told = new Map<string, ToldProblem>();
  for (const p of problems) {
    const message = problemText(file, p);
    told.set(message, { message, place: problemPlace(file, p), fixes: p.fixes ?? [], severity: p.severity });
  }
  for (const failure of failures) told.set(failure, { ...unplaced(failure), severity: "error" });
  return {
    facts: {
      config: file.path,
      problems: [...told.values()],
      models,
      recurrent,
      data: Object.fromEntries(data),
    },
    losses,
    codes: [
      ...(problems.some((p) => p.severity === "error") ? [exitCodes.usage] : []),
      ...(failures.length > 0 ? [exitCodes.engine] : []),
    ],
  };
}

function text(facts: Facts, losses: Losses, style: Style): string {
  const { engine } = facts;
  const names = engine?.facts.map((f) => displayWidth(f.name)) ?? [];
  const width = Math.max(8, ...names) + 2;
  const row = (name: string, value: string) => `${style.dim(padded(name, width))}${value}`;
  const lines = engine
    ? [
        row(reportWords().node, engine.node),
        row(reportWords().platform, engine.platform),
        row(reportWords().backend, style.good(engine.backend.label)),
        ...engine.backend.rejected.map((r) => row("", reportWords().notBackend(r))),
        ...engine.facts.map((f) => row(f.name, f.value)),
      ]
    : [
        row(reportWords().node, process.version),
        row(reportWords().backend, style.severity.error(facts.failure ?? reportWords().none)),
      ];
  if (facts.config !== null)
    lines.push(
      row(reportWords().config, facts.config),
      row(reportWords().models, facts.models.join(", ") || reportWords().noneSound),
    );
  for (const { model, layer, method, reason } of facts.recurrent)
    lines.push(row("", reportWords().ofModel({ model: `${model}/${layer}`, text: methodText(method, reason) })));
  for (const [model, known] of Object.entries(facts.data))
    lines.push(
      ...dataLines(known, losses.get(model) ?? "meanSquaredError").map((line, i) =>
        row(i === 0 ? reportWords().data : "", reportWords().ofModel({ model, text: line })),
      ),
    );
  for (const problem of facts.problems)
    lines.push(
      row("", style.severity[problem.severity](problem.message)),
      ...problem.fixes.map((fix) => row("", fixLine(fix))),
    );
  return `${lines.join("\n")}\n`;
}

function methodText(method: RecurrentMethod["method"], reason: string | null): string {
  if (method === "taps") return reportWords().taps(reason ?? "");
  return method === "own" ? reportWords().ownCode(reason ?? "") : reportWords().kernels;
}
