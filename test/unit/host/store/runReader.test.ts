import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import v8 from "node:v8";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { judge } from "../../../../src/host/store/reading/judge.ts";
import { readRunFiles } from "../../../../src/host/store/reading/runReader.ts";
import { readRunFolder } from "../../../../src/host/store/runFolders.ts";
import { speak } from "../../../../src/messages/language.ts";
import { bytesField, concat, floatField, stringField } from "../../../../src/tensorboard/protobuf.ts";
import { readRun } from "../../../../src/tensorboard/readRun.ts";
import { frameRecord } from "../../../../src/tensorboard/record.ts";
import { textRecord } from "../../../../src/tensorboard/runEncoder.ts";
import { summaryRecord, versionRecord } from "../../../../src/tensorboard/summary.ts";
import { root as checkout } from "../../../../tools/root.ts";
import { budget } from "../../../budget.ts";
import { importsOf } from "../../structure/importsOf.ts";
import { eventFile, recordedFile } from "../../tensorboard/files.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-reader-"));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const description = {
  writer: "test",
  kind: "train",
  model: "net",
  layers: [{ name: "rnn", type: "simpleRNN", recurrent: { timesteps: 4, units: 2, states: ["h"] } }],
  columns: [{ tag: "loss", quantity: "loss", layer: null, name: null }],
};

/** Writes a run of so many steps. @returns bytes of its file */
function write(steps: number): number {
  const records = [versionRecord(1), textRecord("gradlens/run.1", description, 0, 1)];
  for (let step = 1; step <= steps; step++) records.push(summaryRecord(1, step, [{ tag: "loss", scalar: 1 / step }]));
  records.push(textRecord("gradlens/end.1", { kind: "completed", reason: null }, steps, 2));
  fs.rmSync(folder, { recursive: true });
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, "events.out.tfevents.1.gradlens"), Buffer.concat(records));
  return Buffer.concat(records).length;
}

/** The run in the folder, and how many bytes the thread sent. */
async function read() {
  const [name = ""] = fs.readdirSync(folder);
  const file = path.join(folder, name);
  let told = 0;
  const stored = await readRunFiles(
    { files: [{ name: file, content: fs.statSync(file).size }], runId: "run", model: "folder" },
    (answer) => {
      told += v8.serialize(answer).length;
    },
  );
  return { stored, told };
}

describe("the thread that reads runs", () => {
  it("sends the host the same amount for a long run and for one a fifth as long", { tags: "thorough" }, async () => {
    const sizes: number[] = [];
    const told: number[] = [];
    for (const steps of [1, 5].map((times) => times * budget(5000, 12_000))) {
      sizes.push(write(steps));
      const found = await read();
      expect(found.stored?.history.lastStep).toBe(steps);
      expect(found.stored?.history.steps.length).toBeLessThanOrEqual(4096);
      told.push(found.told);
    }
    expect(sizes[1]!).toBeGreaterThan(4.5 * sizes[0]!);
    expect(told[1]!).toBeLessThan(2 * told[0]!);
    expect(told[1]!).toBeLessThan(sizes[1]! / 5);
  });

  it("is the only part of the host that decodes event files", () => {
    const decoders = /tensorboard\/(readRun|record|runDecoder|scan|streams|eventMessage|protobufReader)\.ts$/;
    const files = fs.readdirSync(path.join(checkout, "src/host"), { recursive: true, encoding: "utf8" });
    const decoding = files.filter(
      (file) =>
        file.endsWith(".ts") &&
        importsOf(fs.readFileSync(path.join(checkout, "src/host", file), "utf8")).some((from) => decoders.test(from)),
    );
    expect(decoding.map((file) => path.basename(file))).toEqual(["thread.ts"]);
  });

  it("finds what the reader finds in the same thread", async () => {
    const bytes = recordedFile("one-process.tfevents");
    const here = await readRun([eventFile(bytes)], "run", "folder");
    const there = await readRunFiles({ files: [{ name: "events", content: bytes }], runId: "run", model: "folder" });
    expect({ ...there, history: there?.history.snapshot() }).toEqual({
      ...here,
      findings: here && judge(here),
      history: here?.history.snapshot(),
    });
    expect(there?.history.lastStep).toBeGreaterThan(0);
  });

  it("judges a program's run by the rules, in the language of whoever asks", async () => {
    const content = fs.readFileSync(path.join(checkout, "test/fixtures/pytorch/vanishing.tfevents"));
    const asked = { files: [{ name: "events", content }], runId: "run", model: "folder" };
    const english = await readRunFiles(asked);
    speak("zh");
    const chinese = await readRunFiles(asked).finally(() => speak("en"));
    expect(english?.findings[0]).toMatchObject({ code: "vanishing-through-time", layer: "rnn" });
    expect(english?.findings[0]?.message).toMatch(/^gradient reaches/);
    expect(chinese?.findings[0]?.message).toMatch(/\p{Script=Han}/u);
    expect(chinese?.findings.map(({ id }) => id)).toEqual(english?.findings.map(({ id }) => id));
  });

  it("reads several runs that are asked for at once", async () => {
    write(5);
    const runs = await Promise.all(["a", "b", "c"].map((runId) => readRunFolder(folder, runId)));
    expect(runs.map((run) => run?.history.info.runId)).toEqual(["a", "b", "c"]);
  });

  it("says what it cannot read, and reads on", async () => {
    const missing = { files: [{ name: path.join(folder, "gone"), content: 5 }], runId: "run", model: "m" };
    await expect(readRunFiles(missing)).rejects.toThrow("ENOENT");
    write(3);
    expect((await read()).stored?.history.lastStep).toBe(3);
  });

  it("passes over and counts messages of millions of fields and texts that are too long", {
    tags: "thorough",
  }, async () => {
    const tiny = new Uint8Array(2 ** 21 + 8).fill(8).map((byte, i) => (i % 2 === 0 ? byte : 0));
    const long = textRecord("gradlens/findings.1", [" ".repeat(2 ** 23)], 1, 1);
    const records = [frameRecord(concat([bytesField(5, tiny)])), frameRecord(tiny), long];
    fs.writeFileSync(path.join(folder, "events.out.tfevents.1.gradlens"), Buffer.concat(records));
    const { stored } = await read();
    expect(stored?.findings).toEqual([]);
    expect(stored?.damaged).toBe(3);
  });

  it("reads a text of exactly 2²³ characters and a message of exactly 2²⁰ fields, and no more", {
    tags: "long",
  }, async () => {
    const label = (more: number) => {
      const padded = (length: number) => ({ pinned: true, padding: "n".repeat(length) });
      return textRecord("gradlens/label.1", padded(2 ** 23 - JSON.stringify(padded(0)).length + more), 1, 1);
    };
    const loss = bytesField(5, bytesField(1, concat([stringField(1, "loss"), floatField(2, 0.5)])));
    // A field that nobody knows takes two bytes: number 15, value 0.
    const event = (fields: number) =>
      frameRecord(concat([new Uint8Array(2 * (fields - 1)).map((_, i) => (i % 2 === 0 ? 120 : 0)), loss]));
    const found = [];
    for (const more of [0, 1]) {
      const content = Buffer.concat([label(more), event(2 ** 20 + more)]);
      found.push(await readRun([eventFile(content, 2 ** 20)], "run", "folder"));
    }
    const seen = found.map((run) => [run?.label.pinned, run?.history.latest("loss") ?? null, run?.damaged]);
    expect(seen).toEqual([
      [true, 0.5, 0],
      [false, null, 2],
    ]);
  });
});
