/**
 * Progress of runs: a notification with a cancel button for a training run that the user started, a spinner in the
 * status bar for probes. A failure of something that the user started is reported once, with a way to find out more.
 */

import * as vscode from "vscode";
import { commands } from "../../contributions.ts";
import { DisposableStore } from "../disposableStore.ts";
import { plainLabel } from "../inline/markdown.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";

/** Notifications are updated at most this often, in milliseconds. */
const reportInterval = 250;

export class Progress {
  readonly #runs: RunService;
  readonly #subscription: { dispose(): void };

  constructor(runs: RunService) {
    this.#runs = runs;
    this.#subscription = runs.onChange((run) => {
      if (run.state === "starting") this.#follow(run);
      if (run.state === "ended" && run.askedBy === "user") void tell(run);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #follow(run: Run): void {
    const training = run.kind === "train";
    const name = plainLabel(run.model.name);
    void vscode.window.withProgress(
      {
        location: training ? vscode.ProgressLocation.Notification : vscode.ProgressLocation.Window,
        title: training ? vscode.l10n.t("Training {0}", name) : vscode.l10n.t("Probing {0}", name),
        cancellable: training,
      },
      (progress, token) =>
        new Promise<void>((resolve) => {
          let reported = 0;
          let percent = 0;
          const subscriptions = new DisposableStore(
            token.onCancellationRequested(() => this.#runs.stop(run.runId)),
            this.#runs.onFrame((event) => {
              if (event.run !== run || Date.now() - reported < reportInterval) return;
              reported = Date.now();
              const step = run.history?.lastStep ?? 0;
              const planned = run.history?.info.plannedSteps ?? null;
              const now = planned === null ? 0 : (100 * step) / planned;
              progress.report({
                message:
                  planned === null ? vscode.l10n.t("step {0}", step) : vscode.l10n.t("step {0} of {1}", step, planned),
                ...(planned === null ? {} : { increment: now - percent }),
              });
              percent = now;
            }),
            this.#runs.onChange((changed) => {
              if (changed === run && changed.state === "ended") done();
            }),
          );
          const done = (): void => {
            subscriptions.dispose();
            resolve();
          };
          if (run.state === "ended") done();
        }),
    );
  }
}

async function tell(run: Run): Promise<void> {
  const name = plainLabel(run.model.name);
  if (run.end?.kind === "refused") {
    const first = plainLabel(run.end.problems[0]?.message ?? "");
    const show = vscode.l10n.t("Show Problems");
    const answer = await vscode.window.showErrorMessage(vscode.l10n.t("{0} cannot run. {1}", name, first), show);
    if (answer === show) await vscode.commands.executeCommand("workbench.actions.view.problems");
    return;
  }
  if (run.end?.kind !== "failed") return;
  const log = vscode.l10n.t("Show Log");
  const doctor = vscode.l10n.t("Run Doctor");
  const answer = await vscode.window.showErrorMessage(`${name}: ${plainLabel(run.end.message)}`, log, doctor);
  if (answer === log) await vscode.commands.executeCommand(commands.showLog);
  if (answer === doctor) await vscode.commands.executeCommand(commands.doctor);
}
