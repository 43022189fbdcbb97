/**
 * A long run of a large net, streamed: 4 LSTM layers, T = 200, 200,000 steps. They go through the host at the engine's own
 * pace, and then into the panel's page, a frame for each step.
 */

import { execFileSync, fork } from "node:child_process";
import { createInterface } from "node:readline";
import * as esbuild from "esbuild";
import { readOptions } from "../../../tools/options.ts";
import { PanelBrowser } from "../../ui/panel/panelPage.ts";
import { type LoadFigures, loadFiguresSchema } from "./figures.ts";
import { loadRun } from "./run.ts";

const usage = `
npm run bench:load                                 both parts, 200,000 steps
npm run bench:load -- --steps <n>
npm run bench:load -- --rate <steps a second>      the pace into the page
npm run bench:load -- --only host|page
`;

const values = readOptions(
  {
    steps: { type: "string", default: "200000" },
    rate: { type: "string", default: "500" },
    only: { type: "string", default: "" },
  },
  usage,
);
const steps = Number(values.steps);

function line(name: string, value: number, limit: number, unit: string): void {
  console.log(`  ${name.padEnd(34)} ${value.toFixed(0).padStart(6)} ${unit}   (limit: ${limit})`);
  if (!(value < limit)) process.exitCode = 1;
}

async function bundle(name: string): Promise<string> {
  const outfile = `out/load/${name}.cjs`;
  await esbuild.build({
    entryPoints: [`test/bench/load/${name}.ts`],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // As in esbuild.mjs: its `main` is a UMD module that no bundler can follow.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    logLevel: "warning",
  });
  return outfile;
}

async function throughHost(): Promise<void> {
  const [engine, host] = await Promise.all([bundle("engine"), bundle("host")]);
  const child = fork(host, [engine, values.steps], {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...process.env, LOAD_RATE: values.rate, LOAD_STEPS: values.steps },
  });
  let figures: LoadFigures | null = null;
  if (child.stdout)
    for await (const text of createInterface({ input: child.stdout }))
      figures = loadFiguresSchema.parse(JSON.parse(text));
  if (figures === null) throw new Error("the host's process gave no figures");
  console.log(
    `\nHost: ${figures.steps} steps in ${figures.frames} frames, ${figures.sentMegabytes.toFixed(0)} MB to the page, ${figures.end}`,
  );
  if (figures.steps !== steps) process.exitCode = 1;
  line("engine, largest", figures.engineMegabytes, 600, "MB");
  line("host, growth of resident memory", figures.hostGrowth, 150, "MB");
  line("host, growth in use", figures.heapGrowth, 150, "MB");
  line("event loop late, at most", figures.longestDelay, 50, "ms");
  if (figures.longestTurn !== null) line("longest turn, of the processor", figures.longestTurn, 50, "ms");
  console.log(`  ${"event loop late, 99 %".padEnd(34)} ${figures.delay99.toFixed(1).padStart(6)} ms`);
}

/** Frames that the page gets before it may draw. */
const atOnce = 25;

/** Proportional set size of a process and those below it, in megabytes (Linux: proc(5)). */
function residentBelow(pid: number): number {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,rss=,args="], { encoding: "utf8", maxBuffer: 2 ** 26 });
  const rows = [...table.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, own, parent, size, args]) => ({
    own: Number(own),
    parent: Number(parent),
    megabytes: Number(size) / 1024,
    args: args ?? "",
  }));
  const below = (one: number): readonly number[] => [
    one,
    ...rows.filter(({ parent }) => parent === one).flatMap(({ own }) => below(own)),
  ];
  const ids = new Set(below(pid));
  const renderers = rows.filter(({ own, args }) => ids.has(own) && args.includes("--type=renderer"));
  return Math.max(0, ...renderers.map(({ megabytes }) => megabytes));
}

async function throughPage(): Promise<void> {
  const browser = await PanelBrowser.start();
  try {
    const options = JSON.stringify({ ...loadRun, runId: "load" });
    const panel = await browser.open({ width: 1400, height: 1000, before: `host.begin(${options}, 1);` });
    const chrome = await panel.page.context().newCDPSession(panel.page);
    const used = async (): Promise<number> => {
      await chrome.send("HeapProfiler.collectGarbage");
      const { usedSize, backingStorageSize } = await chrome.send("Runtime.getHeapUsage");
      return (usedSize + (backingStorageSize ?? 0)) / 2 ** 20;
    };
    const before = residentBelow(process.pid);
    let largest = 0;
    let resident = before;
    for (let sent = 1; sent < steps; ) {
      const some = Math.min(20_000, steps - sent);
      await panel.host(`(async () => {
        for (let i = 0; i < ${some}; i += ${atOnce}) {
          host.stream(Math.min(${atOnce}, ${some} - i));
          await new Promise(requestAnimationFrame);
        }
      })()`);
      sent += some;
      resident = Math.max(resident, residentBelow(process.pid));
      largest = Math.max(largest, await used());
    }
    console.log(
      `\nPage: ${await panel.host<number>("host.lastStep")} steps (with the history of the host that plays along)`,
    );
    line("page, largest in use", largest, 250, "MB");
    console.log(
      `  the renderer's process: ${before.toFixed(0)} MB before, ${resident.toFixed(0)} MB at most, with Chromium's own and the host that plays along`,
    );
    if (panel.errors.length > 0) throw new Error(panel.errors.join("\n"));
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  if (values.only !== "page") await throughHost();
  if (values.only !== "host") await throughPage();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
