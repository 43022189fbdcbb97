/** The window is reloaded at random moments: no engine stays, nothing that was recorded is lost, each end is told once. */

import fs from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRun } from "../../../src/tensorboard/readRun.ts";
import type { StoredRun } from "../../../src/tensorboard/storedRun.ts";
import {
  type ExampleInVsCode,
  lenses,
  openExample,
  panel,
  runCommand,
  showInSideBar,
} from "../../../tools/vscode/exampleInVsCode.ts";
import { enginesOf, extensionHosts, isEngine } from "../../../tools/vscode/extensionHosts.ts";
import { long } from "../../tier.mts";

const seed = 16;

const text = JSON.stringify(
  {
    data: { task: "addingProblem", length: 100, samples: 2000, seed: 1 },
    training: { batchSize: 32, steps: 1_000_000, seed: 7, checkpoint: { folder: "checkpoints", every: 1 } },
    models: {
      sigmoid: {
        layers: [
          { type: "simpleRNN", units: 64, activation: "sigmoid" },
          { type: "dense", units: 1 },
        ],
      },
    },
  },
  null,
  2,
);

/** What a window does when it is reloaded. A training writes a checkpoint after each step. */
const moments = ["probe", "train", "verify", "checkpoint", "start"] as const;
type Moment = (typeof moments)[number];

/** Each moment in turn, with a random time in it, in milliseconds. */
const reloads = fc
  .sample(fc.nat(1500), { seed, numRuns: 50 })
  .map((delay, i) => ({ moment: moments[i % moments.length] ?? "probe", delay }));

// In CI `runs.test.ts` reloads the window in a training and in a verification.
describe("a window that is reloaded at random moments", { tags: "long" }, () => {
  let example: ExampleInVsCode;
  let page: Page;
  let store = "";
  /** Steps of each run that was found in the store. */
  const kept = new Map<string, number>();
  const slowest = { end: 0 };

  beforeAll(async () => {
    example = await openExample("vanishing-sigmoid", {
      text,
      viewport: { width: 1500, height: 1800 },
      reconnectionSeconds: 1,
      settings: { "gradlens.runs.location": "project" },
    });
    ({ page } = example);
    store = path.join(path.dirname(example.config), ".gradlens/runs");
    await lenses(page, /gradient reaches/)
      .first()
      .waitFor();
    await showInSideBar(page, "Gradient Lens");
    await rows(page, /^sigmoid\s*1 run/).waitFor();
    await look(store, kept);
  });
  afterAll(async () => {
    if (long) console.log(`An engine was there for at most ${slowest.end} ms after its extension host.`);
    await example.close();
  });

  it.each(reloads)("keeps what it has shown: $moment, $delay ms", async ({ moment, delay }) => {
    const seen = await begun(page, moment, delay, kept.size);
    const hosts = extensionHosts();
    const engines = hosts.flatMap(enginesOf);
    expect(engines.length, "engines").toBeGreaterThan(0);
    await page.reload();
    slowest.end = Math.max(slowest.end, await endOf(hosts, engines));
    await lenses(page, /Probe/).first().waitFor();
    const fresh = await look(store, kept);
    if (moment === "verify") {
      expect(fresh).toEqual([]);
      const undecided = lenses(page, /undecided: \d+ of/).first();
      if (seen > 0) expect(numberIn(/undecided: (\d+)/, await undecided.textContent())).toBeGreaterThanOrEqual(seen);
    } else if (seen > 0) {
      expect(fresh).toHaveLength(1);
      expect(fresh[0]?.steps).toBeGreaterThanOrEqual(seen);
    }
    await rows(page, new RegExp(`^sigmoid\\s*${kept.size} runs?`)).waitFor();
    await rows(page, /running elsewhere/).waitFor({ state: "detached" });
    const [run] = fresh;
    const told = run?.kind === "train" ? [`The training of sigmoid was interrupted at step ${run.steps}.`] : [];
    // The driver of the tests keeps notifications from popping up.
    await runCommand(page, "Notifications: Show Notifications");
    await expect.poll(() => notifications(page)).toEqual(told);
  });
});

/** Brings the window to a moment. @returns the last step, or the number of finished runs, that it has shown. */
async function begun(page: Page, moment: Moment, delay: number, runs: number): Promise<number> {
  if (moment === "verify") {
    await runCommand(page, "Gradient Lens: Verify Fixes");
    const progress = page.locator(".statusbar-item", { hasText: /verifying sigmoid: \d+ of/ });
    await progress.waitFor();
    await pause(delay);
    return numberIn(/verifying sigmoid: (\d+)/, await progress.textContent()) - 1;
  }
  await runCommand(page, `Gradient Lens: ${moment === "probe" ? "Probe" : "Train"} Model`);
  const progress = page.locator(".statusbar-item", { hasText: /sigmoid \d+/ });
  // On a busy machine a probe of two seconds can be over before its progress is seen, but its run stays in the list.
  const listed = rows(page, new RegExp(`^sigmoid\\s*${runs + 1} runs`));
  if (moment === "probe") await progress.or(listed).first().waitFor();
  else if (moment !== "start") await progress.waitFor();
  await pause(delay);
  const inPanel = (await panel(page, "sidebar"))
    .locator(".header", { has: page.locator(".dot.active") })
    .locator(".facts");
  const texts = await Promise.all([progress, inPanel].map((where) => where.allTextContents()));
  return Math.max(0, ...texts.flat().map((text) => numberIn(/(?:sigmoid|step) ([\d,]+)/, text)));
}

/** 0 if the text has no such number. */
function numberIn(form: RegExp, text: string | null): number {
  return Number((form.exec((text ?? "").replaceAll("\u00a0", " "))?.[1] ?? "0").replaceAll(",", ""));
}

/** Milliseconds from the end of the extension hosts to that of their engines. */
async function endOf(hosts: readonly number[], engines: readonly number[]): Promise<number> {
  await expect.poll(() => extensionHosts().filter((pid) => hosts.includes(pid)), { interval: 20 }).toEqual([]);
  const from = performance.now();
  await expect.poll(() => engines.filter(isEngine), { interval: 20 }).toEqual([]);
  return Math.round(performance.now() - from);
}

interface Kept {
  readonly kind: string;
  readonly steps: number;
}

/** Reads the store, in which every known run must be as it was. @returns the runs that were not there before. */
async function look(store: string, kept: Map<string, number>): Promise<readonly Kept[]> {
  const fresh: Kept[] = [];
  const entries = fs.readdirSync(store, { withFileTypes: true });
  const names = entries.filter((e) => e.isDirectory() && !e.name.startsWith(".")).map((e) => e.name);
  for (const name of new Set([...kept.keys(), ...names])) {
    const run = await stored(path.join(store, name));
    const steps = run?.history.lastStep ?? 0;
    const before = kept.get(name);
    expect(run?.damaged, `damaged records of ${name}`).toBe(0);
    if (before !== undefined) expect(steps, `steps of ${name}`).toBe(before);
    else if (run) fresh.push({ kind: run.history.info.kind, steps });
    kept.set(name, steps);
  }
  return fresh;
}

/** Null if nothing was recorded. */
async function stored(folder: string): Promise<StoredRun | null> {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.includes("tfevents")) : [];
  const file = async function* (name: string) {
    yield new Uint8Array(fs.readFileSync(path.join(folder, name)));
  };
  return await readRun(
    names.map((name) => ({ name, open: () => file(name) })),
    path.basename(folder),
    "",
  );
}

/** What the notification center lists of ours; it must be open. */
async function notifications(page: Page): Promise<readonly string[]> {
  const texts = await page.locator(".notifications-center .notification-list-item-message").allTextContents();
  // The server of the tests lacks one of VS Code's own extensions.
  return texts.filter((text) => !text.startsWith("Activating extension 'vscode."));
}

/** Rows of the runs view. */
function rows(page: Page, hasText: RegExp): Locator {
  return page.locator(".part.sidebar .monaco-list-row", { hasText });
}
