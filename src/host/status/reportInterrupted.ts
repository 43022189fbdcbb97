/** Says, once, that a training was interrupted by a reload or a crash, and offers to go on. */

import * as vscode from "vscode";
import * as z from "zod";
import { commands } from "../../contributions.ts";
import { hostWords } from "../../messages/host.ts";
import { warn } from "../notify.ts";
import { byStart } from "../runs/startOrder.ts";
import { isResumable, type ListedRun, type RunList } from "../views/runList.ts";

const key = "gradlens.interrupted.told";
const toldSchema = z.array(z.string());

/** Milliseconds since its beginning or last step after which nobody waits for a training any more. */
const recent = 3_600_000;

/** Number of runs that are remembered as told. */
const remembered = 100;

/** @param uriOf URI of a config's path */
export async function reportInterrupted(
  list: RunList,
  state: vscode.Memento,
  uriOf: (configPath: string) => string,
): Promise<void> {
  const told = toldSchema.safeParse(state.get(key)).data ?? [];
  const fresh = list
    .all()
    .filter((run) => isInterruptedTraining(run) && !told.includes(run.runId))
    .filter(({ startedAt, duration }) => Date.now() - startedAt - (duration ?? 0) < recent)
    .sort((a, b) => byStart(b, a));
  const [run] = fresh;
  if (!run) return;
  await state.update(key, [...told, ...fresh.map(({ runId }) => runId)].slice(-remembered));
  const resume = hostWords().resume;
  const again = hostWords().trainAgain;
  const show = hostWords().show;
  const answer = await warn(
    hostWords().wasInterrupted({ model: run.model, steps: run.steps }),
    isResumable(run) ? resume : again,
    show,
  );
  if (answer === resume) await vscode.commands.executeCommand(commands.resumeRun, run.runId);
  if (answer === again) await vscode.commands.executeCommand(commands.train, uriOf(run.config), run.model);
  if (answer === show) await vscode.commands.executeCommand(commands.selectRun, run.runId, true);
}

function isInterruptedTraining({ interrupted, kind, own }: ListedRun): boolean {
  return interrupted && kind === "train" && own;
}
