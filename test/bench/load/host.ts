/**
 * The host's side of the load, in a process of its own: runs, findings, what the editor and the panel's page get. The
 * last line that it prints has the figures as JSON.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import v8 from "node:v8";
import { parseConfig } from "../../../src/config/parse.ts";
import { FindingsStore } from "../../../src/host/findings/findingsStore.ts";
import { hoverText } from "../../../src/host/inline/hoverText.ts";
import { lensesOf } from "../../../src/host/inline/lenses.ts";
import { notesOf } from "../../../src/host/inline/sparklineNotes.ts";
import { RenderLoop } from "../../../src/host/renderLoop.ts";
import { noInspection } from "../../../src/host/runs/inspection.ts";
import { RunService } from "../../../src/host/runs/runService.ts";
import { statusOf } from "../../../src/host/status/statusText.ts";
import { Comparison } from "../../../src/host/views/comparison.ts";
import { MapSlices } from "../../../src/host/views/mapSlices.ts";
import { ownBuffers } from "../../../src/host/views/ownBuffers.ts";
import { findingsOf, historyOf, summariesOf } from "../../../src/host/views/panelContent.ts";
import { PanelTiles } from "../../../src/host/views/panelTiles.ts";
import { panelProtocolVersion, type ToPanel } from "../../../src/protocol/panelMessages.ts";
import { Turns } from "../turns.ts";
import type { LoadFigures } from "./figures.ts";
import { loadConfig } from "./run.ts";

const megabyte = 2 ** 20;
const uri = "file:///project/gradlens.json";
const [enginePath = "", stepsText = "200000"] = process.argv.slice(2);
const steps = Number(stepsText);

/** Frames after which code is compiled and stores have their first size: growth counts from there. */
const warm = 200;

/** How often the panel's page is shown anew, in steps: each time it gets everything. */
const shownEvery = 30_000;

function main(): void {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-load-"));
  process.on("exit", () => fs.rmSync(root, { recursive: true, force: true }));
  let engineMegabytes = Number.NaN;
  const runs = new RunService({
    engine: {
      enginePath,
      env: () => ({}),
      idleTimeout: () => 60_000,
      responseTimeout: () => 120_000,
      cancelGrace: 3000,
      hearGrace: 500,
      inspect: noInspection,
      log: (level, message) => {
        const found = /load: (\d+) MB/.exec(message);
        if (found) engineMegabytes = Number(found[1]);
        else if (level === "error") console.error(message);
      },
    },
    probeBudget: () => 600_000,
    keep: () => 20,
    keepAt: (_, runId) => ({ root, folder: runId, bound: 32 * megabyte }),
  });
  const store = new FindingsStore(runs, { of: () => undefined, onChange: () => ({ dispose: () => {} }) });
  const text = loadConfig(steps);
  const model = parseConfig(text).config?.models[0];
  if (!model) throw new Error("the config has no model");
  store.open(uri, text);

  /** What VS Code does with a message to a page, as far as this process does it. */
  let posted = 0;
  const post = (message: unknown): void => {
    posted += v8.serialize(ownBuffers(message)).length;
  };
  const run = runs.start("train", { uri, configPath: "/project/gradlens.json", configText: text, model }, "user");
  const shown = { runs, selected: () => run, visible: () => true, post };
  const comparison = new Comparison(shown);
  const views = [comparison, new PanelTiles(shown)];
  const maps = new MapSlices({ history: () => run.history, post });
  const show = (): void => {
    const message: ToPanel = {
      type: "snapshot",
      version: panelProtocolVersion,
      viewer: false,
      runs: summariesOf(runs.runs),
      selected: run.runId,
      history: historyOf(run),
      figures: comparison.figures(),
      compared: comparison.runs(),
      findings: findingsOf(store, run),
      trusted: true,
      pinned: false,
      notes: [],
      hasConfig: true,
    };
    post(message);
    maps.follow(message);
  };
  const loop = new RenderLoop(store);
  loop.onRender(() => render(store));

  const delays = monitorEventLoopDelay({ resolution: 1 });
  const turns = new Turns();
  let frames = 0;
  let lastStep = 0;
  let shownAt = shownEvery;
  let before = measured();
  let largest = 0;
  runs.onFrame(({ frame }) => {
    frames++;
    lastStep = frame.steps.at(-1) ?? lastStep;
    post({ type: "frame", frame });
    if (frames === warm) {
      before = measured();
      largest = before.resident;
      delays.enable();
      turns.start();
    }
    if (lastStep >= shownAt) {
      shownAt += shownEvery;
      setImmediate(show);
    }
    if (frames % 100 === 0) largest = Math.max(largest, process.memoryUsage.rss() / megabyte);
  });
  runs.onChange(() => {
    if (run.end === null) return;
    delays.disable();
    turns.stop();
    const after = measured();
    const figures: LoadFigures = {
      steps: lastStep,
      frames,
      end: run.end.kind,
      engineMegabytes,
      hostGrowth: largest - before.resident,
      heapGrowth: after.heap - before.heap,
      longestDelay: delays.max / 1e6,
      longestTurn: turns.longest,
      delay99: delays.percentile(99) / 1e6,
      sentMegabytes: posted / megabyte,
    };
    console.log(JSON.stringify(figures));
    for (const one of [loop, ...views, store, runs]) one.dispose();
    process.exit(0);
  });
}

/** Everything that the editor shows of the config. */
function render(store: FindingsStore): void {
  const view = store.view(uri);
  if (!view) return;
  lensesOf(view, true);
  statusOf(view, [], [], true);
  notesOf(view);
  // The mouse is at one place.
  const [model] = view.models;
  const [layer] = model?.layers ?? [];
  if (model && layer) hoverText(uri, model, layer);
}

/** Megabytes that are in use, after a collection. */
function measured(): { readonly heap: number; readonly resident: number } {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / megabyte, resident: rss / megabyte };
}

main();
