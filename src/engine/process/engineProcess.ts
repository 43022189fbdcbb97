/** The engine as the host sees it: messages in, messages out; one run at a time, the others wait in order. */

import { parseConfig } from "../../config/parse.ts";
import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { reseeded } from "../../diagnosis/verify/arms.ts";
import { nowRuns } from "../../kernels/stop.ts";
import { buildingWords } from "../../messages/building.ts";
import { engineWords } from "../../messages/engine.ts";
import {
  type FromEngine,
  protocolVersion,
  type RunEnd,
  type ToEngine,
  toEngineSchema,
} from "../../protocol/engineMessages.ts";
import type { BackendInfo } from "../../protocol/run.ts";
import { stopNumber } from "../../protocol/stopChannel.ts";
import { Coalescer, type CoalescerOptions } from "./coalescer.ts";
import type { EngineSettings } from "./environment.ts";
import { RunFile } from "./runFile.ts";

type RunMessage = Extract<ToEngine, { type: "run" }>;
type DeepMessage = Extract<ToEngine, { type: "deepProbe" }>;
type Training = typeof import("./tfjsPart.ts");

export interface EngineLinks {
  readonly send: (message: FromEngine) => void;
  readonly exit: () => void;
  /** Sets how many milliseconds the process may go on without its host. */
  readonly mayOutlive: (milliseconds: number) => void;
  readonly settings: EngineSettings;
  /** Loads tfjs and everything that depends on it; called once. */
  readonly loadTraining: () => Promise<Training>;
  /** The timing of frames; the engine itself sends them. */
  readonly pacing: Omit<CoalescerOptions, "send">;
}

/** Milliseconds in which a training whose host is gone writes its last checkpoint. */
const lastCheckpoint = 10_000;

interface Waiting {
  /** null: a doctor's report. */
  readonly run: RunMessage | DeepMessage | null;
  readonly cancel: AbortController;
}

interface Warm {
  readonly training: Training;
  readonly backend: BackendInfo;
}

export class EngineProcess {
  readonly #links: EngineLinks;
  #queue: Waiting[] = [];
  #current: Waiting | null = null;
  #working: Promise<void> = Promise.resolve();
  /** The current run keeps checkpoints. */
  #resumable = false;
  #alone = false;
  #warm: Promise<Warm> | null = null;

  constructor(links: EngineLinks) {
    this.#links = links;
  }

  /** Sends `ready`, then warms up while there are no requests. */
  start(): void {
    this.#links.send({ type: "ready", version: protocolVersion, pid: process.pid });
    setImmediate(() => {
      this.#warmUp().catch((error: unknown) => this.#log("error", `tfjs cannot be loaded: ${messageOf(error)}`));
    });
  }

  /** Handles a raw message. A malformed one is answered but never obeyed. */
  receive(raw: unknown): void {
    const parsed = toEngineSchema.safeParse(raw);
    if (!parsed.success) {
      this.#log("error", `A message to the engine was not understood: ${parsed.error.issues[0]?.message ?? "unknown"}`);
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case "run":
      case "deepProbe":
        if (this.#find(message.runId)) this.#log("error", `Run ${message.runId} was asked for twice.`);
        else this.#enqueue(message);
        return;
      case "doctor":
        this.#enqueue(null);
        return;
      case "cancel":
        this.#cancel(message.runId);
        return;
      case "shutdown":
        this.#links.exit();
        return;
    }
  }

  /** Ends the current run because of an uncaught error; the process should end after it. */
  fail(error: unknown): void {
    const message = engineWords().failed(messageOf(error));
    this.#log("error", error instanceof Error && error.stack ? error.stack : message);
    const run = this.#current?.run;
    if (run) this.#links.send({ type: "ended", runId: run.runId, outcome: { kind: "failed", message } });
  }

  /** The host is gone: a training writes its last checkpoint, from which it can go on. Resolves when that is done. */
  async abandoned(): Promise<void> {
    this.#alone = true;
    this.#queue = [];
    if (!this.#resumable) return;
    this.#current?.cancel.abort();
    await this.#working;
  }

  #find(runId: string): Waiting | undefined {
    return [...(this.#current ? [this.#current] : []), ...this.#queue].find((w) => w.run?.runId === runId);
  }

  #cancel(runId: string): void {
    const waiting = this.#find(runId);
    waiting?.cancel.abort();
    if (!waiting) return;
    if (waiting === this.#current) {
      this.#links.send({ type: "stopping", runId });
      return;
    }
    this.#queue = this.#queue.filter((w) => w !== waiting);
    this.#links.send({ type: "ended", runId, outcome: { kind: "cancelled" } });
  }

  #enqueue(run: RunMessage | DeepMessage | null): void {
    this.#queue.push({ run, cancel: new AbortController() });
    if (!this.#current) this.#working = this.#work();
  }

  async #work(): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      this.#current = next;
      const { run, cancel } = next;
      if (run) {
        nowRuns(stopNumber(run.runId));
        const outcome = await (run.type === "run" ? this.#run(run, cancel.signal) : this.#deep(run, cancel.signal));
        nowRuns(0);
        this.#links.send({ type: "ended", runId: run.runId, outcome });
      } else await this.#report();
      this.#current = null;
    }
  }

  async #run(message: RunMessage, signal: AbortSignal): Promise<RunEnd> {
    const found = findModel(message);
    if (Array.isArray(found)) return { kind: "refused", problems: found };
    const model = message.seed === null ? found : reseeded(found, message.seed);
    const frames = new Coalescer({
      ...this.#links.pacing,
      send: (frame) => this.#links.send({ type: "frame", frame }),
    });
    const { runId, kind, configPath, configText, steps, budget, keep, resume } = message;
    const checkpoints = resume ? "resume" : "write";
    const file = keep && new RunFile(keep, { configPath, configText, model }, (text) => this.#log("warning", text));
    // A run that lost its host was interrupted, however it ends.
    const close = (end: RunEnd): void => (this.#alone ? file?.interrupted() : file?.ended(end));
    this.#resumable = kind === "train" && model.training.checkpoint !== null;
    this.#links.mayOutlive(this.#resumable ? lastCheckpoint : 0);
    try {
      const { training, backend } = await this.#warmUp();
      const outcome = await training.runModel(
        { runId, kind, model, configPath, steps, budget, ...(kind === "train" && { checkpoints }) },
        {
          started: (info) => {
            file?.started(info);
            this.#links.send({ type: "started", info });
          },
          step: (frame) => {
            file?.step(frame);
            frames.push(frame);
          },
          needed: (need) => {
            file?.needed(need);
            this.#links.send({ type: "need", runId, need });
          },
        },
        signal,
        // A run with another seed serves a comparison, which does not need the measured need.
        { backend, need: message.seed === null },
      );
      close(outcome);
      return outcome;
    } catch (error) {
      const end = { kind: "failed", message: messageOf(error) } as const;
      close(end);
      return end;
    } finally {
      frames.finish();
      this.#resumable = false;
    }
  }

  async #deep(message: DeepMessage, signal: AbortSignal): Promise<RunEnd> {
    const model = findModel(message);
    if (Array.isArray(model)) return { kind: "refused", problems: model };
    try {
      const { training } = await this.#warmUp();
      const { runId, configPath, layer, steps, checkpoint } = message;
      const outcome = await training.deepProbe(
        { model, configPath, layer, steps, checkpoint },
        (stage, share) => this.#links.send({ type: "deepProgress", runId, stage, share }),
        signal,
      );
      if ("end" in outcome) return outcome.end;
      this.#links.send({ type: "deepResult", runId, result: outcome.result });
      return { kind: "completed" };
    } catch (error) {
      return { kind: "failed", message: messageOf(error) };
    }
  }

  async #report(): Promise<void> {
    try {
      const { training, backend } = await this.#warmUp();
      this.#links.send({ type: "doctor", report: await training.doctorReport(backend) });
    } catch (error) {
      this.#log("error", `There is no report: ${messageOf(error)}`);
    }
  }

  #warmUp(): Promise<Warm> {
    const { loadTraining, settings } = this.#links;
    this.#warm ??= loadTraining().then(async (training) => {
      const { backend: choice, workspace, native } = settings;
      const options = { ...(workspace !== null && { workspace }), ...(native !== undefined && { native: [native] }) };
      return { training, backend: await training.initBackend(choice, options) };
    });
    return this.#warm;
  }

  #log(level: "info" | "warning" | "error", message: string): void {
    this.#links.send({ type: "log", level, message });
  }
}

/** The model to run, or why there is none: its own problems, otherwise those of the whole config. */
function findModel({ configText, model: name }: RunMessage | DeepMessage): ResolvedModel | Problem[] {
  const { config, problems } = parseConfig(configText);
  const model = config?.models.find((m) => m.name === name);
  if (model) return model;
  const errors = problems.filter((p) => p.severity === "error");
  const own = errors.filter(({ path: at }) => at[0] !== "models" || at.length < 2 || at[1] === name);
  if (own.length > 0) return own;
  return [{ severity: "error", message: buildingWords().noModel(name), path: ["models"], on: "key" }];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
