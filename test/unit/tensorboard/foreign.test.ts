import { describe, expect, it } from "vitest";
import { settingsOf } from "../../../src/tensorboard/hparams.ts";
import { readRun } from "../../../src/tensorboard/readRun.ts";
import { eventFile, recordedFile } from "./files.ts";

/** The recorded files hold these values (test/fixtures/tensorboard/record.py). */
const losses = [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5];
const floats = (values: readonly number[]) => [...values].map(Math.fround);

describe("event files that other programs wrote", () => {
  it("PyTorch's SummaryWriter: scalars in the old and the new form, texts and histograms passed over", async () => {
    const run = await readRun([eventFile(recordedFile("torch.tfevents"), 100)], "run", "folder");
    expect(run?.damaged).toBe(0);
    const history = run!.history;
    expect(history.info.model).toBe("folder");
    expect([...history.steps]).toEqual([0, 1, 2, 3, 4]);
    expect([...history.series("loss")!]).toEqual(floats(losses.map((loss) => 2 * loss)));
    expect([...history.series("metric", null, "loss/train")!]).toEqual(floats(losses));
    expect(history.latest("metric", null, "learning rate")).toBe(Math.fround(0.01));
    expect([...history.series("metric", null, "double")!]).toEqual([1e300, 1e300, Number.NaN, 1e300, 1e300]);
    expect(history.latest("testLoss")).toBe(0.5);
    expect(history.info.columns).toHaveLength(5);
    expect(run).toMatchObject({ writer: null, end: null, findings: null, torn: false });
  });

  it("PyTorch's hyperparameters, and losses under the names of its tutorial", async () => {
    const run = await readRun([eventFile(recordedFile("torch-hparams.tfevents"))], "run", "folder");
    expect([...run!.settings].sort()).toEqual([
      ["bidirectional", "1"],
      ["cell", "lstm"],
      ["layers", "2"],
      ["lr", "0.1"],
    ]);
    expect(run!.history.latest("loss")).toBe(Math.fround(1 / 3));
    expect(run!.history.latest("testLoss")).toBe(Math.fround(2 / 3));
  });

  it("hyperparameters that are damaged are passed over", () => {
    const plain = (bytes: number[]) => settingsOf(Uint8Array.from(bytes));
    expect(plain([]).size).toBe(0);
    // Field 3, of a length beyond the end; an entry without a value; a value of no kind that we know.
    expect(plain([0x1a, 0x7f]).size).toBe(0);
    expect(plain([0x1a, 0x05, 0x0a, 0x03, 0x0a, 0x01, 0x61]).size).toBe(0);
    expect(plain([0x1a, 0x07, 0x0a, 0x05, 0x0a, 0x01, 0x61, 0x12, 0x00]).size).toBe(0);
    expect([...plain([0x1a, 0x09, 0x0a, 0x07, 0x0a, 0x01, 0x61, 0x12, 0x02, 0x20, 0x01])]).toEqual([["a", "true"]]);
  });

  it("Keras's callback: the loss of each epoch", async () => {
    const run = await readRun([eventFile(recordedFile("keras-train.tfevents"))], "run", "train");
    expect([...run!.history.series("loss")!]).toEqual([0.36460813879966736, 0.31621137261390686, 0.2754041850566864]);
  });

  it("reads several files of one folder as one run", async () => {
    const files = ["keras-train.tfevents", "torch.tfevents"].map((name) => eventFile(recordedFile(name)));
    const run = await readRun(files, "run", "both");
    expect([...run!.history.steps]).toEqual([0, 1, 2, 3, 4]);
    expect(run!.history.series("loss")![1]).toBe(1);
    expect(run!.history.series("metric", null, "epoch_loss")![2]).toBe(0.2754041850566864);
  });

  it("the page of Python in docs/run-format.md", async () => {
    const run = await readRun([eventFile(recordedFile("page.tfevents"))], "run", "folder");
    const history = run!.history;
    expect(run).toMatchObject({ writer: "mine 1", end: { kind: "completed" }, ranks: [0], damaged: 0, torn: false });
    expect(history.info).toMatchObject({ model: "net", kind: "train" });
    expect(history.latest("loss")).toBe(Math.fround(0.7));
    expect([...history.profile(0, "h.logNorm")!]).toEqual([-3, -2, -1]);
    // ε = 0.01: one gain of 0.1 leaves a tenth, two a hundredth.
    expect(history.latest("horizon", 0, "h")).toBe(2);
    expect(history.latest("meanGain", 0, "h")).toBeCloseTo(0.1);
  });

  it("a file without events is no run", async () => {
    expect(await readRun([eventFile(new Uint8Array(0))], "run", "empty")).toBeNull();
    expect(
      await readRun([eventFile(Buffer.from("not an event file at all, but some text"))], "run", "text"),
    ).toBeNull();
  });

  it("a file cut at any byte is read up to there", { tags: "thorough" }, async () => {
    const whole = recordedFile("torch.tfevents");
    for (let end = 0; end < whole.length; end += 61) {
      const run = await readRun([eventFile(whole.subarray(0, end))], "run", "cut");
      expect(run?.damaged ?? 0).toBe(0);
    }
  });
});
