/** What a list says of a run. Cards are kept in an index, so that a list of thousands need not read the runs. */

import * as z from "zod";
import { modelSummary } from "../../diagnosis/text/summary.ts";
import { runEndSchema } from "../../protocol/engineMessages.ts";
import { type Finding, severities } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { anyNumber } from "../../protocol/numbers.ts";
import { runKinds } from "../../protocol/run.ts";
import { labelSchema, type RunLabel } from "../../tensorboard/storedRun.ts";
import type { Run } from "../runs/run.ts";
import type { ReadRun } from "./reading/messages.ts";

/** Characters of a text on a card. */
const longest = 300;

export const runCardSchema = z.object({
  runId: z.string(),
  kind: z.enum(runKinds),
  model: z.string(),
  /** Path of its config or, for a run of another program, of that; empty if unknown. */
  config: z.string(),
  /** Whether it says what it ran: its config is one of ours, or its program describes it. */
  own: z.boolean(),
  /** A program of the user's wrote it. */
  external: z.boolean(),
  /** Whether its training keeps checkpoints. */
  checkpoints: z.boolean(),
  backend: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  /** Milliseconds; null while it goes. */
  duration: z.number().nullable(),
  steps: z.number(),
  /** NaN if it has none. */
  loss: anyNumber,
  /** In a few words: `gradient reaches 34 of 99 timesteps`. */
  verdict: z.string(),
  severity: z.enum(severities).nullable(),
  /** Messages of its findings above information, the gravest first. */
  findings: z.array(z.string()),
  /** Null: it goes on, perhaps in another process, or its process is gone. */
  end: runEndSchema.nullable(),
  interrupted: z.boolean(),
  label: labelSchema,
});
export type RunCard = Readonly<z.infer<typeof runCardSchema>>;

/** The card of a run that the window knows. */
export function cardOfRun(run: Run, label: RunLabel): RunCard {
  const { runId, kind, startedAt, endedAt, history, findings } = run;
  return {
    runId,
    kind,
    model: run.name,
    config: run.configPath,
    own: run.program?.described !== false,
    external: run.program !== null,
    checkpoints: kind === "train" && (run.model?.training.checkpoint ?? null) !== null,
    backend: history?.info.backend.label ?? "",
    startedAt,
    duration: endedAt === null ? null : endedAt - startedAt,
    ...measured(history, findings),
    end: shortEnd(run.end),
    interrupted: run.interrupted,
    label,
  };
}

/** The card of a run of another program, or of a config that this version does not understand. */
export function cardOfStored({ history, started, last, findings, end, label, config }: ReadRun): RunCard {
  const { info } = history;
  return {
    runId: info.runId,
    kind: info.kind,
    model: info.model,
    config: config?.path ?? info.config,
    own: false,
    external: true,
    checkpoints: false,
    backend: info.backend.label,
    startedAt: 1000 * started,
    duration: 1000 * (last - started),
    ...measured(history, findings),
    end: shortEnd(end),
    interrupted: end === null,
    label,
  };
}

type Measured = Pick<RunCard, "steps" | "loss" | "verdict" | "severity" | "findings">;

function measured(history: RunHistory | null, findings: readonly Finding[]): Measured {
  if (!history || history.lastStep === 0)
    return { steps: 0, loss: Number.NaN, verdict: "", severity: null, findings: [] };
  const { reach, severity, loss } = modelSummary(history, findings);
  const grave = findings.filter((finding) => finding.severity !== "information");
  return {
    steps: history.lastStep,
    loss: Number.isFinite(loss) ? loss : (history.latest("loss") ?? Number.NaN),
    // Without a recurrent layer the gravest finding says more than that there is none.
    verdict: (history.info.layers.some(({ recurrent }) => recurrent) ? reach : (grave[0]?.message ?? "")).slice(
      0,
      longest,
    ),
    severity,
    findings: grave.slice(0, 10).map(({ message }) => message.slice(0, longest)),
  };
}

function shortEnd(end: RunCard["end"] | Run["end"]): RunCard["end"] {
  if (end?.kind === "refused")
    return {
      kind: "failed",
      message: end.problems
        .map(({ message }) => message)
        .join(" ")
        .slice(0, longest),
    };
  if (end?.kind === "failed") return { kind: "failed", message: end.message.slice(0, longest) };
  return end === null ? null : { ...end };
}
