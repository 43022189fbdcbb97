/** Reports a failure of something that the user started, once, with a way to find out more. */

import * as vscode from "vscode";
import { commands } from "../../contributions.ts";
import { hostWords } from "../../messages/host.ts";
import { listWords } from "../../messages/lists.ts";
import type { Subscription } from "../emitter.ts";
import { complain } from "../notify.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";

/**
 * Says how what the user started failed. Its progress stands in the status bar, above the model and in the panel, so no
 * notification covers the panel meanwhile.
 */
export function reportFailures(runs: RunService): Subscription {
  return runs.onChange((run) => {
    if (run.state === "ended" && run.askedBy === "user") void tell(run);
  });
}

async function tell(run: Run): Promise<void> {
  const { name } = run;
  if (run.end?.kind === "refused") {
    const first = run.end.problems[0]?.message ?? "";
    const show = hostWords().showProblems;
    const answer = await complain(hostWords().cannotRun({ name, why: first }), show);
    if (answer === show) await vscode.commands.executeCommand("workbench.actions.view.problems");
    return;
  }
  if (run.end?.kind !== "failed") return;
  const log = hostWords().showLog;
  const doctor = hostWords().runDoctor;
  const again = run.kind === "train" ? hostWords().trainAgain : hostWords().probeAgain;
  const answer = await complain(listWords().named({ name, text: run.end.message }), again, log, doctor);
  if (answer === again)
    await vscode.commands.executeCommand(run.kind === "train" ? commands.train : commands.probe, run.uri, run.name);
  if (answer === log) await vscode.commands.executeCommand(commands.showLog);
  if (answer === doctor) await vscode.commands.executeCommand(commands.doctor);
}
