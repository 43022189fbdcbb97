/**
 * Each model of each config as a test of VS Code's Test Explorer: it passes if a probe finds nothing above information.
 * So “is every net healthy?” is one green bar.
 */

import * as vscode from "vscode";
import { type ParsedConfig, parseConfig } from "../../config/parse.ts";
import { visible } from "../../config/visible.ts";
import { configPattern, isConfigPath } from "../../contributions.ts";
import { hostWords } from "../../messages/host.ts";
import { toRange } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { plainLabel } from "../plainLabel.ts";
import type { Run, RunTarget } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import { type Health, type HealthProblem, healthOf } from "./health.ts";

const controllerId = "gradlens.health";

/** Most configs of a workspace that are listed. */
const maxConfigs = 200;

interface ReadConfig {
  readonly document: vscode.TextDocument;
  readonly parsed: ParsedConfig;
}

export function healthTests(runs: RunService, store: FindingsStore): vscode.Disposable {
  const controller = vscode.tests.createTestController(controllerId, "Gradient Lens");
  controller.resolveHandler = async (item) => {
    if (item) await listModels(controller, item, store);
    else await listConfigs(controller);
  };
  controller.refreshHandler = () => listConfigs(controller);
  controller.createRunProfile(
    hostWords().probe,
    vscode.TestRunProfileKind.Run,
    (request, token) => runTests(controller, { runs, store }, request, token),
    true,
  );
  const read = (document: vscode.TextDocument): void => {
    if (document.uri.scheme !== "file" || !isConfigPath(document.uri.path)) return;
    void listModels(controller, configItem(controller, document.uri), store);
  };
  for (const document of vscode.workspace.textDocuments) read(document);
  return vscode.Disposable.from(
    controller,
    vscode.workspace.onDidOpenTextDocument(read),
    vscode.workspace.onDidSaveTextDocument(read),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const file of files) controller.items.delete(file.toString());
    }),
  );
}

async function listConfigs(controller: vscode.TestController): Promise<void> {
  const files = await vscode.workspace.findFiles(configPattern, "**/node_modules/**", maxConfigs);
  const ids = new Set(files.map(String));
  for (const [id] of controller.items) if (!ids.has(id)) controller.items.delete(id);
  for (const file of files) configItem(controller, file);
}

function configItem(controller: vscode.TestController, uri: vscode.Uri): vscode.TestItem {
  const known = controller.items.get(uri.toString());
  if (known) return known;
  const item = controller.createTestItem(uri.toString(), plainLabel(vscode.workspace.asRelativePath(uri)), uri);
  item.canResolveChildren = true;
  controller.items.add(item);
  return item;
}

/** What tells a model's test from others: its label is plain, and two names may look alike there. */
function idOf(config: string, name: string): string {
  return `${config}#${name}`;
}

/** Makes the sound models of a config its children; undefined if it cannot be read. */
async function listModels(
  controller: vscode.TestController,
  item: vscode.TestItem,
  store: FindingsStore,
): Promise<vscode.TextDocument | undefined> {
  if (!item.uri) return undefined;
  try {
    // The store reads each document that is opened.
    const document = await vscode.workspace.openTextDocument(item.uri);
    item.children.replace(
      (store.view(item.id)?.models ?? []).flatMap(({ name, range, model }) => {
        if (!model) return [];
        const child = controller.createTestItem(idOf(item.id, name), plainLabel(name), item.uri);
        child.range = toRange(document, range);
        return [child];
      }),
    );
    return document;
  } catch {
    // It was deleted, or is no text.
    controller.items.delete(item.id);
    return undefined;
  }
}

async function runTests(
  controller: vscode.TestController,
  { runs, store }: { readonly runs: RunService; readonly store: FindingsStore },
  request: vscode.TestRunRequest,
  token: vscode.CancellationToken,
): Promise<void> {
  if (!request.include && controller.items.size === 0) await listConfigs(controller);
  const asked = request.include ?? [...controller.items].map(([, item]) => item);
  const configs = new Map<string, vscode.TestItem>();
  for (const item of asked) configs.set((item.parent ?? item).id, item.parent ?? item);
  const run = controller.createTestRun(request);
  for (const config of configs.values()) {
    const document = await listModels(controller, config, store);
    if (!document) continue;
    const read: ReadConfig = { document, parsed: parseConfig(document.getText()) };
    // Reading the config has made its children anew.
    const wanted = [...config.children].filter(
      ([id]) =>
        asked.some((item) => item.id === config.id || item.id === id) &&
        !request.exclude?.some((item) => item.id === id),
    );
    for (const [, item] of wanted) run.enqueued(item);
    for (const [, item] of wanted) {
      if (token.isCancellationRequested) run.skipped(item);
      else await probe(run, item, read, runs, token);
    }
  }
  run.end();
}

async function probe(
  test: vscode.TestRun,
  item: vscode.TestItem,
  { document, parsed }: ReadConfig,
  runs: RunService,
  token: vscode.CancellationToken,
): Promise<void> {
  const model = parsed.config?.models.find(({ name }) => item.id === idOf(document.uri.toString(), name));
  if (!model) return test.skipped(item);
  const target: RunTarget = {
    uri: document.uri.toString(),
    configPath: document.uri.fsPath,
    configText: document.getText(),
    model,
  };
  test.started(item);
  const started = runs.start("probe", target, "user");
  const stopping = token.onCancellationRequested(() => runs.stop(started.runId));
  const run = await ended(runs, started);
  stopping.dispose();
  const milliseconds = (run.endedAt ?? run.startedAt) - run.startedAt;
  report(test, item, healthOf(run), milliseconds, (problem) => {
    const message = new vscode.TestMessage(problem.message.split("\n").map(visible).join("\n"));
    message.location = new vscode.Location(document.uri, toRange(document, parsed.rangeOf(problem.place)));
    return message;
  });
}

function report(
  test: vscode.TestRun,
  item: vscode.TestItem,
  health: Health,
  milliseconds: number,
  messageOf: (problem: HealthProblem) => vscode.TestMessage,
): void {
  switch (health.kind) {
    case "passed":
      test.appendOutput(`${visible(health.summary)}\r\n`, undefined, item);
      test.passed(item, milliseconds);
      break;
    case "failed":
      test.failed(item, health.problems.map(messageOf), milliseconds);
      break;
    case "errored":
      test.errored(item, health.problems.map(messageOf), milliseconds);
      break;
    case "skipped":
      test.skipped(item);
  }
}

function ended(runs: RunService, run: Run): Promise<Run> {
  if (run.state === "ended") return Promise.resolve(run);
  return new Promise((resolve) => {
    const subscription = runs.onChange((changed) => {
      if (changed.runId !== run.runId || changed.state !== "ended") return;
      subscription.dispose();
      resolve(changed);
    });
  });
}
