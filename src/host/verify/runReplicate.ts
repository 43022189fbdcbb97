/** Makes one run of a comparison in an engine. */

import type { ReplicateRequest } from "../../diagnosis/verify/bench.ts";
import type { Ran } from "../../diagnosis/verify/replicate.ts";
import { RunRecorder } from "../../protocol/history/runRecorder.ts";
import type { RunRequestMessage } from "../runs/engineJob.ts";
import type { EngineSupervisor } from "../runs/engineSupervisor.ts";

/** @param of the run's id, the path of its config, and where it is written */
export function runReplicate(
  engine: EngineSupervisor,
  of: Pick<RunRequestMessage, "runId" | "configPath" | "keep">,
  { configText, model, seed, steps }: ReplicateRequest,
  signal: AbortSignal,
): Promise<Ran> {
  return new Promise((resolve) => {
    const recorder = new RunRecorder();
    const job = engine.run(
      { type: "run", ...of, kind: "train", configText, model: model.name, steps, budget: null, seed },
      {
        started: (info) => recorder.started(info),
        frame: (frame) => recorder.frame(frame),
        ended: (end) => {
          signal.removeEventListener("abort", cancel);
          resolve({ end, history: recorder.history });
        },
      },
    );
    const cancel = (): void => job.cancel();
    signal.addEventListener("abort", cancel);
  });
}
