/** What the tools do: read configs below one folder, and run their models one after the other. */

import fs from "node:fs";
import path from "node:path";
import { namedFiles } from "../../config/namedFiles.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { shorten } from "../../config/shorten.ts";
import type { BackendInfo } from "../../protocol/run.ts";
import { type ConfigFile, readConfigFile, selectModels } from "../configFile.ts";
import type { Output } from "../io.ts";
import { measure } from "../measure.ts";
import type { Measured } from "../measured.ts";
import { progressOn } from "../progress.ts";
import { comparedRun } from "../report/report.ts";
import { type BackendRequest, startBackend } from "../startBackend.ts";
import { verifyOne } from "../verify.ts";
import { type Answer, findingAnswer, measuredAnswer, modelAnswer, problemAnswers, verifiedAnswer } from "./answers.ts";
import { within } from "./within.ts";

/** A reason why a tool cannot answer, for the model that asked. */
export class Refusal extends Error {}

/** An output that drops the progress of a tool's run, which nobody reads. */
const silent: Output = { write: () => Promise.resolve(), tty: false, colour: false, columns: 80 };

export interface RunLimits {
  readonly steps: number | null;
  /** Milliseconds for each model. */
  readonly budget: number;
}

export interface ProbeRequest extends RunLimits {
  readonly config: string | undefined;
  /** Names of models; empty for all. */
  readonly models: readonly string[];
}

export class Workbench {
  readonly #root: string;
  readonly #request: BackendRequest;
  /** The newest run of each model, by config and model. */
  readonly #newest = new Map<string, Measured>();
  #backend: Promise<BackendInfo | string> | null = null;
  /** The end of the job that was asked for last: a job waits for it. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param root folder of all the configs that may be read */
  constructor(root: string, request: BackendRequest) {
    this.#root = fs.realpathSync(root);
    this.#request = request;
  }

  list(config: string | undefined): Answer {
    const file = this.#read(config);
    const { config: parsed, problems } = file.parsed;
    return {
      config: file.path,
      models: (parsed?.models ?? []).map((model) => modelAnswer(file, model)),
      problems: problemAnswers(file, problems),
    };
  }

  /** Findings of the newest runs, without running anything. */
  findings(config: string | undefined, model: string | undefined): Answer {
    const file = this.#read(config);
    const models = this.#select(file, model === undefined ? [] : [model]);
    return {
      config: file.path,
      models: models.map(({ name }) => {
        const measured = this.#newest.get(keyOf(file, name));
        return measured
          ? { model: name, findings: measured.findings.map((finding) => findingAnswer(file, finding)) }
          : { model: name, findings: null, note: "not measured yet: call probe_model" };
      }),
    };
  }

  probe(asked: ProbeRequest, signal: AbortSignal): Promise<Answer> {
    return this.#inTurn(async () => {
      const { file, measured } = await this.#measured(asked, signal);
      return { config: file.path, models: measured.map((one) => measuredAnswer(file, one)) };
    });
  }

  /** The same figures of several models, probed one after the other from their seeds. */
  compare(asked: ProbeRequest, signal: AbortSignal): Promise<Answer> {
    return this.#inTurn(async () => {
      const { file, measured } = await this.#measured(asked, signal);
      if (measured.length < 2) throw new Refusal("A comparison needs two models; name more, or none for all.");
      return {
        config: file.path,
        runs: measured.map((one) => {
          const { name, base, figures, end } = comparedRun(one);
          return { model: name, extends: base, figures, end, worst: one.findings[0]?.message ?? "no findings" };
        }),
      };
    });
  }

  verify(
    config: string | undefined,
    model: string,
    { seeds, ...limits }: RunLimits & { readonly seeds: number },
    signal: AbortSignal,
  ): Promise<Answer> {
    return this.#inTurn(async () => {
      const file = this.#read(config);
      const backend = await this.#started();
      const [only] = this.#select(file, [model]);
      if (!only) throw new Refusal(`There is no sound model "${model}".`);
      const outcome = await verifyOne(only, file, { ...limits, seeds }, backend, silent, signal);
      return { config: file.path, ...verifiedAnswer(file, only.name, outcome) };
    });
  }

  async #measured(
    { config, models: names, ...limits }: ProbeRequest,
    signal: AbortSignal,
  ): Promise<{ readonly file: ConfigFile; readonly measured: readonly Measured[] }> {
    const file = this.#read(config);
    const models = this.#select(file, names);
    const backend = await this.#started();
    const options = { kind: "probe", backend, configPath: file.path, keepFrames: false, writer: null } as const;
    const measured: Measured[] = [];
    for (const model of models) {
      if (signal.aborted) break;
      const one = await measure(model, { ...options, ...limits }, progressOn(silent), signal);
      if (one.outcome.kind === "failed") throw new Refusal(`${model.name}: the engine failed: ${one.outcome.message}`);
      this.#newest.set(keyOf(file, model.name), one);
      measured.push(one);
    }
    return { file, measured };
  }

  #read(config: string | undefined): ConfigFile {
    const real = within(this.#root, path.resolve(this.#root, config ?? "."));
    if (real === null) throw new Refusal("The config is outside of the folder that this server was started for.");
    const read = readConfigFile(real, this.#root, { pipes: false });
    if ("message" in read) throw new Refusal(read.message);
    return read.file;
  }

  #select(file: ConfigFile, names: readonly string[]): readonly ResolvedModel[] {
    const selection = selectModels(file, names);
    if ("message" in selection) throw new Refusal(selection.message);
    if ("problems" in selection) throw new Refusal(problemAnswers(file, selection.problems).join("\n"));
    for (const model of selection.models) this.#checkFiles(file, model);
    return selection.models;
  }

  /** Messages quote what files hold: a config must not show its reader files from elsewhere. */
  #checkFiles(file: ConfigFile, model: ResolvedModel): void {
    const folder = path.dirname(file.path);
    const outside = namedFiles(model).find((name) => within(this.#root, path.resolve(folder, name)) === null);
    if (outside === undefined) return;
    throw new Refusal(
      `${shorten(model.name)} names "${shorten(outside)}", which is outside of the folder that this server was started for. Start it for a folder with both.`,
    );
  }

  async #started(): Promise<BackendInfo> {
    this.#backend ??= startBackend(this.#request, this.#root);
    const backend = await this.#backend;
    if (typeof backend === "string") throw new Refusal(backend);
    return backend;
  }

  /** One after the other: two at a time would share the processors, and each verdict would take longer. */
  #inTurn(job: () => Promise<Answer>): Promise<Answer> {
    const mine = this.#last.then(job, job);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

function keyOf(file: ConfigFile, model: string): string {
  return JSON.stringify([file.path, model]);
}
