/**
 * How fast the panel draws while a large run streams in: 4 recurrent layers, T = 200, 5,000 steps behind it, 30 messages a
 * second from another thread, without and with the pointer moving over the heat map.
 *
 *   npm run bench:ui [-- [seconds] [--profile]]
 */

import { parseArgs } from "node:util";
import type { CDPSession } from "playwright-core";
import type { Measured } from "../ui/panel/harness/fakeHost.ts";
import { PanelBrowser, type PanelPage } from "../ui/panel/panelPage.ts";

const limit = 60;
/** Lowest mean of frames a second. */
const lowest = 59.5;
/** Most frames dropped one after the other: a stop of 50 ms, half of what people notice (RAIL's limit for a response). */
const mostDropped = 2;
/** Milliseconds from one frame to the next above which one was dropped. */
const late = 17;
/** Functions that a profile lists. */
const listed = 25;

const { values, positionals } = parseArgs({
  options: { profile: { type: "boolean", default: false } },
  allowPositionals: true,
});
const seconds = Number(positionals[0] ?? 5);

function quantile(of: readonly number[], share: number): number {
  return [...of].sort((a, b) => a - b)[Math.floor((of.length - 1) * share)] ?? Number.NaN;
}

/** Milliseconds that the page's thread has worked, which other processes do not lengthen. */
async function worked(chrome: CDPSession): Promise<number> {
  const { metrics } = await chrome.send("Performance.getMetrics");
  return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
}

/** Moves the pointer over the heat map until the work is done. */
async function pointing<T>(panel: PanelPage, work: Promise<T>): Promise<T> {
  let going = true;
  const done = work.finally(() => {
    going = false;
  });
  const box = await panel.page.locator(".heat canvas").first().boundingBox();
  for (let i = 0; going && box; i++) {
    await panel.page.mouse.move(box.x + 60 + ((i * 7) % (box.width - 80)), box.y + 20 + ((i * 3) % 100));
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  return done;
}

/** Where the page's thread is while the work is done: milliseconds per function, without those that it calls. */
async function profiled<T>(chrome: CDPSession, work: () => Promise<T>): Promise<T> {
  await chrome.send("Profiler.enable");
  await chrome.send("Profiler.start");
  const result = await work();
  const { profile } = await chrome.send("Profiler.stop");
  const names = new Map(
    profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || "(anonymous)"} ${url.split("/").at(-1)}:${lineNumber + 1}`,
    ]),
  );
  const own = new Map<string, number>();
  profile.samples?.forEach((id, i) => {
    const name = names.get(id) ?? "";
    own.set(name, (own.get(name) ?? 0) + (profile.timeDeltas?.[i] ?? 0) / 1000);
  });
  const first = [...own].filter(([name]) => !name.startsWith("(idle)")).sort((a, b) => b[1] - a[1]);
  for (const [name, time] of first.slice(0, listed)) console.log(`    ${time.toFixed(0).padStart(6)} ms  ${name}`);
  return result;
}

function report({ gaps, busy }: Measured, thread: number): void {
  const rate = (1000 * gaps.length) / gaps.reduce((a, b) => a + b, 0);
  const dropped = gaps.map((gap) => Math.max(0, Math.round((gap * limit) / 1000) - 1));
  const share = gaps.filter((gap) => gap > late).length / gaps.length;
  const [half, most] = [quantile(busy, 0.5), quantile(busy, 0.95)];
  console.log(`  drawn             ${rate.toFixed(1)} frames/s (limit: ${lowest} of ${limit})`);
  console.log(`  over ${late} ms        ${(100 * share).toFixed(1)} % of the frames`);
  console.log(`  dropped at once   ${Math.max(...dropped)} frames at most (limit: ${mostDropped})`);
  // By the clock, so a pause of the machine counts, too: no limit of its own, the frames above have one.
  console.log(
    `  script per frame  ${half.toFixed(1)} ms median, ${most.toFixed(1)} ms 95th percentile, ${Math.max(...busy).toFixed(1)} ms at most`,
  );
  console.log(`  thread per frame  ${(thread / gaps.length).toFixed(1)} ms of the processor`);
  if (rate < lowest || Math.max(...dropped) > mostDropped) process.exitCode = 1;
}

async function main(): Promise<void> {
  const browser = await PanelBrowser.start();
  try {
    const panel = await browser.open({
      width: 1400,
      height: 1000,
      threads: true,
      before: "host.begin({ recurrent: 4, timesteps: 200, plannedSteps: null }, 5000, 8);",
    });
    const chrome = await panel.page.context().newCDPSession(panel.page);
    await chrome.send("Performance.enable", { timeDomain: "threadTicks" });
    for (const still of [true, false]) {
      console.log(
        `\n4 recurrent layers, T = 200, after 5,000 steps, 30 messages a second${still ? "" : ", pointer over the heat map"}`,
      );
      const measure = async (): Promise<Measured> => {
        const measuring = panel.host<Measured>(`host.measure(${seconds})`);
        return still ? measuring : pointing(panel, measuring);
      };
      await panel.host(`host.prepare(${seconds}, 8)`);
      await chrome.send("HeapProfiler.collectGarbage");
      const before = await worked(chrome);
      const measured = values.profile ? await profiled(chrome, measure) : await measure();
      report(measured, (await worked(chrome)) - before);
    }
    if (panel.errors.length > 0) throw new Error(panel.errors.join("\n"));
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
