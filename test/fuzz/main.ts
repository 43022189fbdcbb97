/** Random inputs against everything that reads or shows what others wrote. */

import { type ChildProcess, fork } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import * as z from "zod";
import { readOptions } from "../../tools/options.ts";
import { guidedSearch } from "./guided.ts";
import { currentName, type Found, type Report, reportSchema, runTarget } from "./runTarget.ts";
import { casesOf } from "./shares.ts";
import type { Target } from "./target.ts";
import { targets } from "./targets/index.ts";

const usage = `
npm run fuzz                        tries 50,000 inputs, of a new seed each day, in 6 minutes of processor time
npm run fuzz -- --cases <n> --seed <n>
npm run fuzz -- --only <text>       only targets whose name contains the text
npm run fuzz -- --guided            follows coverage, on the targets whose inputs are bytes or texts
npm run fuzz -- --processes <n>     targets that are tried at a time (default: 2)

What breaks a promise is kept below out/fuzz/found. "npm test" tries 600 inputs of a fixed seed, and 2,000 in CI.
`;

const values = readOptions(
  {
    cases: { type: "string", default: "50000" },
    seed: { type: "string" },
    only: { type: "string", default: "" },
    processes: { type: "string", default: "2" },
    worker: { type: "string" },
    guided: { type: "boolean", default: false },
  },
  usage,
);

/** Milliseconds without a new input after which a process is taken for hanging: the longest time limit of any reader. */
const silence = 150_000;
const program = process.argv[1] ?? "";
const folder = path.resolve("out/fuzz/found");
const seed = Number(values.seed ?? Math.floor(Date.now() / 86_400_000));

async function main(): Promise<void> {
  const chosen = targets.filter(({ name }) => name.includes(values.only));
  const cases = casesOf(chosen, Number(values.cases));
  if (values.worker !== undefined) return await work(values.worker);
  if (values.guided) return await guided(chosen);
  fs.rmSync(folder, { recursive: true, force: true });
  console.log(`seed ${seed}`);
  const waiting = [...chosen];
  const reports: Report[] = [];
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const report = await inProcess(one, cases.get(one.name) ?? 0);
      reports.push(report);
      console.log(line(report));
      for (const { message, file } of report.faults) console.log(`  ✗ ${message}\n    ${file}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.processes) }, next));
  const faults = reports.reduce((sum, report) => sum + report.faults.length, 0);
  const tried = reports.reduce((sum, report) => sum + report.cases, 0);
  console.log(`${tried - faults} passed, ${faults} failed`);
  process.exitCode = faults > 0 ? 1 : 0;
}

/** Searches in this process, because the marks count for all of it. */
async function guided(chosen: readonly Target[]): Promise<void> {
  for (const one of chosen) {
    const own = path.resolve("out/fuzz/guided", one.name.replace(/\W+/g, "-"));
    fs.rmSync(own, { recursive: true, force: true });
    fs.mkdirSync(own, { recursive: true });
    const report = await guidedSearch(one, { seed, cases: Number(values.cases), folder: own });
    if (report === null) continue;
    const { target, cases, plain, reached, marked, kept, faults } = report;
    console.log(
      `${target.padEnd(28)} ${cases} cases  ${plain} branches at random, ${reached} guided, of ${marked}  ${kept} kept`,
    );
    for (const fault of faults) console.log(`  ✗ ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
}

const jobSchema = z.object({ name: z.string(), cases: z.number(), folder: z.string() });

/** Runs a target in a process of its own, which may hang or die. */
async function inProcess({ name }: Target, cases: number): Promise<Report> {
  const own = path.join(folder, name.replace(/\W+/g, "-"));
  fs.mkdirSync(own, { recursive: true });
  const job = JSON.stringify({ name, cases, folder: own });
  const child = fork(program, ["--worker", job, "--seed", String(seed)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const watch = setInterval(() => endSilent(child, path.join(own, currentName)), silence / 10);
  const report = await new Promise<Report | null>((resolve) => {
    child.on("message", (message) => resolve(reportSchema.parse(message)));
    child.on("exit", () => resolve(null));
  });
  clearInterval(watch);
  if (report) return report;
  const died: Found = { message: "the process did not survive this input", file: path.join(own, currentName) };
  return { target: name, cases: 0, accepted: 0, faults: [died], slowest: Number.NaN, megabytes: Number.NaN };
}

function endSilent(child: ChildProcess, current: string): void {
  const changed = fs.statSync(current, { throwIfNoEntry: false })?.mtimeMs;
  if (changed !== undefined && Date.now() - changed > silence) child.kill("SIGKILL");
}

async function work(text: string): Promise<void> {
  const { name, cases, folder: own } = jobSchema.parse(JSON.parse(text));
  const found = targets.find((one) => one.name === name);
  if (!found) throw new Error(`There is no target "${name}".`);
  const report = await runTarget(found, { seed, cases, folder: own });
  process.send?.(report, () => process.exit(0));
}

function line({ target, cases, accepted, slowest, megabytes }: Report): string {
  const share = Math.round((100 * accepted) / Math.max(1, cases));
  return `${target.padEnd(28)} ${String(cases).padStart(6)} cases  ${String(share).padStart(3)} % accepted  slowest ${slowest.toFixed(0)} ms  ${megabytes.toFixed(0)} MB`;
}

void main();
