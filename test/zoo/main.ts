/** The labelled zoo: what the rules say about nets with known truth. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { initBackend } from "../../src/engine/backend/ladder.ts";
import { readOptions } from "../../tools/options.ts";
import { type EndToEnd, endToEnd, endToEndSchema } from "./endToEnd.ts";
import { endToEndEntries } from "./endToEndEntries.ts";
import { endToEndReport } from "./endToEndReport.ts";
import { entryOf, selected } from "./entries.ts";
import { halfOf, type ZooEntry } from "./entry.ts";
import { evaluate, type Result } from "./evaluate.ts";
import { verifyFixes } from "./fixes.ts";
import { outcomeOf, outcomeSchema } from "./outcome.ts";
import { outcomesOf, readOutcomes, recordedSeeds, writeOutcome } from "./outcomes.ts";
import { runEntry } from "./runEntry.ts";
import { RunStore } from "./runStore.ts";
import { load } from "./savedRun.ts";
import { saveEntry } from "./saveEntry.ts";
import { report } from "./tables/report.ts";
import { inWorkers, type Job, serve } from "./workers.ts";

const usage = `
npm run zoo                         trains all entries and prints the tables
npm run zoo -- --save <folder>      saves the runs there; saved runs are not trained again
npm run zoo -- --from <folder>      applies the present rules to saved runs, without training
npm run zoo -- --record             trains entries without a recorded outcome in full with other seeds, and records how
                                    it ended; likewise the healed configs of the broken ones
npm run zoo -- --fixes              also verifies the offered fixes of every broken entry
npm run zoo -- --end-to-end         verifies the fixes of twenty failing nets, then trains the nets to the end with each
                                    of them; the options below choose other nets. With --save, saved results are not
                                    trained again
npm run zoo -- --practice           only the nets of practice
npm run zoo -- --kind <kind>        only entries of a kind: constructed, literature, data-scale, …
npm run zoo -- --only <text>        only entries whose name contains the text; may be given more than once
npm run zoo -- --half <half>        only entries of a half: tuning, or held out
npm run zoo -- --processes <n>      trains this many nets at a time instead of two, with --end-to-end
`;

const values = readOptions(
  {
    save: { type: "string" },
    from: { type: "string" },
    record: { type: "boolean" },
    fixes: { type: "boolean" },
    "end-to-end": { type: "boolean" },
    practice: { type: "boolean", default: false },
    kind: { type: "string", default: "" },
    only: { type: "string", multiple: true, default: [] },
    half: { type: "string" },
    processes: { type: "string" },
    worker: { type: "boolean" },
  },
  usage,
);

const program = process.argv[1] ?? "";

async function main(): Promise<void> {
  if (values.worker) return worker();
  const ofHalf = (list: readonly ZooEntry[]): readonly ZooEntry[] =>
    list.filter((entry) => values.half === undefined || halfOf(entry) === values.half);
  const entries = ofHalf(selected(values));
  if (values.record) return record(entries);
  if (values["end-to-end"]) return trainFixes(chosen() ? entries : ofHalf(endToEndEntries(readOutcomes())));
  if (values.from !== undefined) return judge(entries, path.resolve(values.from));
  if (values.save !== undefined) {
    const folder = path.resolve(values.save);
    await saveAll(entries, folder);
    return judge(entries, folder);
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-zoo-runs-"));
  try {
    await saveAll(entries, folder);
    await judge(entries, folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function chosen(): boolean {
  return values.practice || values.kind !== "" || values.only.length > 0;
}

async function worker(): Promise<void> {
  const backend = await initBackend("auto");
  serve(async (job) => {
    const entry = entryOf(job.name);
    if (job.kind === "endToEnd") return endToEnd(entry, backend, new RunStore(job.folder));
    if (job.kind === "save") return saveEntry(job.folder, entry, backend);
    const asked = job.healed ? { ...entry, config: entry.healed ?? entry.config } : entry;
    return outcomeOf(await runEntry(asked, { kind: "train", seed: job.seed, steps: entry.steps }, backend), job.seed);
  });
}

async function saveAll(entries: readonly ZooEntry[], folder: string): Promise<void> {
  const jobs = entries.filter((e) => !load(folder, e)).map(({ name }): Job => ({ kind: "save", name, folder }));
  let ready = 0;
  await inWorkers(program, jobs, ({ name }) => progress(`${++ready} of ${jobs.length} trained: ${name}`));
  progress("");
}

async function judge(entries: readonly ZooEntry[], folder: string): Promise<void> {
  const backend = await initBackend("auto");
  const results: Result[] = [];
  const missing: string[] = [];
  const outcomes = readOutcomes();
  for (const entry of entries) {
    const saved = load(folder, entry);
    if (saved) results.push(await evaluate(entry, saved, outcomesOf(outcomes, entry), backend));
    else missing.push(entry.name);
    progress(`${results.length} of ${entries.length} judged: ${entry.name}`);
  }
  progress("");
  process.stdout.write(report(results));
  if (missing.length > 0) process.stdout.write(`Not saved in ${folder}: ${missing.join("; ")}\n`);
  if (values.fixes) process.stdout.write(await verifyFixes(results, backend));
}

async function record(entries: readonly ZooEntry[]): Promise<void> {
  const known = readOutcomes();
  const jobs = entries.flatMap((entry) =>
    [false, ...(entry.healed === undefined ? [] : [true])].flatMap((healed) =>
      (healed || entry.learns === "outcome") && outcomesOf(known, entry, healed).length < recordedSeeds.length
        ? recordedSeeds.map((seed): Job => ({ kind: "outcome", name: entry.name, healed, seed }))
        : [],
    ),
  );
  let ready = 0;
  await inWorkers(program, jobs, (job, result) => {
    if (job.kind !== "outcome") return;
    const outcome = outcomeSchema.parse(result);
    writeOutcome(entryOf(job.name), job.healed, outcome);
    progress("");
    process.stderr.write(
      `${++ready} of ${jobs.length}: ${job.name}${job.healed ? ", healed" : ""}: ${JSON.stringify(outcome)}\n`,
    );
  });
}

async function trainFixes(entries: readonly ZooEntry[]): Promise<void> {
  const folder = values.save === undefined ? null : path.resolve(values.save);
  const jobs = entries.filter(({ frozen }) => !frozen).map(({ name }): Job => ({ kind: "endToEnd", name, folder }));
  const results: (readonly [ZooEntry, EndToEnd])[] = [];
  const done = ({ name }: Job, result: unknown): void => {
    results.push([entryOf(name), endToEndSchema.parse(result)]);
    progress(`${results.length} of ${jobs.length} verified and trained: ${name}`);
  };
  await inWorkers(program, jobs, done, values.processes === undefined ? undefined : Number(values.processes));
  progress("");
  process.stdout.write(endToEndReport(results));
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
  else if (text !== "") process.stderr.write(`${text}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
