/** What differs between runs: their configs in VS Code's diff editor. */

import * as vscode from "vscode";
import { hostWords } from "../../messages/host.ts";
import { listWords } from "../../messages/lists.ts";
import { inform } from "../notify.ts";
import { byStart } from "../runs/startOrder.ts";
import { configTextUri } from "../views/configTexts.ts";
import type { ListedRun } from "../views/runList.ts";
import { configWords, runTitle } from "../views/runWords.ts";
import type { RunCommandServices } from "./runServices.ts";

/** @param ids the run, and the one to compare it with; a single one is compared with its config as it is now. */
export async function diffConfigs({ list }: Pick<RunCommandServices, "list">, ids: readonly string[]): Promise<void> {
  const [first, second] = ids.flatMap((id) => list.get(id) ?? []).filter(({ own }) => own);
  if (!first) {
    void inform(hostWords().chooseWithConfig);
    return;
  }
  const title = (run: ListedRun): string =>
    listWords().aside({ text: run.model, aside: runTitle(run, Date.now(), vscode.env.language) });
  if (!second) {
    const now = vscode.Uri.file(first.config);
    const name = hostWords().againstNow({ run: title(first), config: configWords(first.config) });
    await vscode.commands.executeCommand("vscode.diff", configTextUri(first), now, name);
    return;
  }
  const [older, newer] = byStart(first, second) <= 0 ? [first, second] : [second, first];
  const name = `${title(older)} ↔ ${title(newer)}`;
  await vscode.commands.executeCommand("vscode.diff", configTextUri(older), configTextUri(newer), name);
}
