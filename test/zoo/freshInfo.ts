/** What the present engine knows about a run before its first step, determined without taking that step. */

import { reseeded } from "../../src/diagnosis/verify/arms.ts";
import { runModel } from "../../src/engine/training/runModel.ts";
import type { RunEnd } from "../../src/protocol/engineMessages.ts";
import type { BackendInfo, RunInfo, RunKind } from "../../src/protocol/run.ts";
import { configPathOf } from "./dataFolder.ts";
import type { ZooEntry } from "./entry.ts";
import { modelOf } from "./runEntry.ts";

export type Beginning =
  | { readonly info: RunInfo; readonly refused?: never }
  | { readonly info?: never; readonly refused: Extract<RunEnd, { kind: "refused" }> };

export async function freshInfo(
  entry: Pick<ZooEntry, "name" | "config" | "files">,
  kind: RunKind,
  seed: number,
  backend: BackendInfo,
): Promise<Beginning> {
  const begun: RunInfo[] = [];
  const stop = new AbortController();
  const end = await runModel(
    {
      runId: entry.name,
      kind,
      model: reseeded(modelOf(entry), seed),
      configPath: configPathOf(entry),
      steps: null,
      budget: null,
    },
    {
      started: (info) => {
        begun.push(info);
        stop.abort();
      },
      step: () => {},
    },
    stop.signal,
    { backend },
  );
  const [info] = begun;
  if (info) return { info };
  if (end.kind === "refused") return { refused: end };
  throw new Error(`${entry.name}: ${JSON.stringify(end)}`);
}
