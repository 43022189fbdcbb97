/** Event files of runs: damaged as a whole, or changed inside their records so that every check sum still holds. */

import fc, { type Arbitrary } from "fast-check";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { modelSummary } from "../../../src/diagnosis/text/summary.ts";
import { cardOfStored, runCardSchema } from "../../../src/host/store/runCard.ts";
import { readRun } from "../../../src/tensorboard/readRun.ts";
import { frameRecord, RecordReader } from "../../../src/tensorboard/record.ts";
import type { StoredRun } from "../../../src/tensorboard/storedRun.ts";
import { recordedFiles } from "../corpus.ts";
import { joined, mutatedBytes } from "../mutate.ts";
import { checkMessage, Fault, type Target, target } from "../target.ts";
import { checkReports } from "./checkReports.ts";

/** Changes of single records, framed anew. */
function reframed(files: readonly Uint8Array[]): Arbitrary<Uint8Array> {
  const split = files.map((bytes) => new RecordReader().push(bytes));
  return fc.constantFrom(...split).chain((records) => {
    const change = fc.tuple(fc.nat(Math.max(0, records.length - 1)), fc.nat(3));
    return fc.array(change, { minLength: 1, maxLength: 4 }).chain((changes) => {
      const places = new Map(changes);
      const parts = records.map((record, i) => {
        const kind = places.get(i);
        if (kind === undefined) return fc.constant([record]);
        if (kind === 0) return fc.constant([]);
        if (kind === 1) return fc.constant([record, record]);
        return mutatedBytes([record], 2).map((changed) => [changed]);
      });
      return fc.tuple(...parts).map((all) => joined(all.flat().map(frameRecord)));
    });
  });
}

/** The same lengths and contents, with check sums that hold: a changed byte would end the reading otherwise. */
function repaired(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const end = Math.min(bytes.length - 4, at + 12 + view.getUint32(at, true));
    records.push(frameRecord(bytes.subarray(at + 12, end)));
    at = end + 4;
  }
  return joined(records);
}

/** Bytes that arrive at a time. */
const piece = 4096;

const fileOf = (bytes: Uint8Array) => ({
  name: "events",
  open: async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  },
});

export const runFiles: Target = target({
  name: "run files",
  share: 8,
  quick: 100,
  accepted: 0.5,
  inputs: () => {
    const files = [...recordedFiles("tensorboard", /\.tfevents$/), ...recordedFiles("pytorch", /\.tfevents$/)];
    const one = fc.oneof(mutatedBytes(files, 4), { weight: 2, arbitrary: reframed(files) });
    return fc.array(one, { minLength: 1, maxLength: 2 });
  },
  open: () => ({
    one: async (files) => {
      const run = await readRun(files.map(fileOf), "run", "folder");
      if (run === null) return "refused";
      checkRun(run);
      return "accepted";
    },
  }),
  shown: (files) => joined([...files]),
  again: (bytes) => [repaired(bytes)],
});

/** Whatever a file says, its run can be judged, listed and reported. */
function checkRun(run: StoredRun): void {
  const { history } = run;
  const findings = diagnose(history, null);
  for (const { message, explanation } of [...findings, ...(run.findings ?? [])]) {
    checkMessage(message, "a finding");
    checkMessage(explanation, "a finding's explanation");
  }
  modelSummary(history, findings);
  const card = runCardSchema.safeParse(cardOfStored({ ...run, findings: run.findings ?? [] }));
  if (!card.success) throw new Fault(`its card cannot be kept: ${card.error.message}`);
  checkReports({
    runId: "run",
    kind: history.info.kind,
    uri: "file:///p/gradlens.json",
    configPath: run.config?.path ?? "/p/gradlens.json",
    configText: run.config?.text ?? "",
    name: history.info.model,
    model: null,
    program: null,
    askedBy: "user",
    startedAt: run.started,
    endedAt: run.last,
    state: "ended",
    end: run.end,
    interrupted: run.end === null,
    history,
    findings: run.findings ?? findings,
  });
}
