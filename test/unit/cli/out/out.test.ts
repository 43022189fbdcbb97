import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, describe, expect, it } from "vitest";
import { folderNames, makeOutFolders, releaseOutFolders } from "../../../../src/cli/out/outFolder.ts";
import { readRunFolder } from "../../../../src/host/store/runFolders.ts";
import { budget, sampled } from "../../../budget.ts";
import { dense, openCli, rnn, tiny } from "../cli.ts";
import { readEvents } from "./eventReader.ts";

const cli = openCli();
afterAll(() => cli.dispose());

describe("gradlens --out", () => {
  it("writes each run as CSV, JSON and TensorBoard events with the same content", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ "my, net": [rnn, dense], other: [rnn, dense] }) });
    const { code, out } = await cli.run(folder, "train", "--steps", "22", "--json", "--out", "runs");
    expect(code).toBe(0);
    const runs = path.join(folder, "runs");
    expect(fs.readdirSync(runs).sort()).toEqual(["my_ net", "other"]);
    const read = (name: string): string => fs.readFileSync(path.join(runs, "my_ net", name), "utf8");

    const json = JSON.parse(read("run.json"));
    const printed = JSON.parse(out);
    expect(json).toEqual({ ...printed, models: { "my, net": printed.models["my, net"] } });
    const { steps } = json.models["my, net"];
    const losses = steps.map((s: { loss: number }) => s.loss);

    const scalars: Record<string, string>[] = parse(read("scalars.csv"), { columns: true });
    expect(scalars.map((r) => Number(r["step"]))).toEqual(Array.from({ length: 22 }, (_, i) => i + 1));
    expect(scalars.map((r) => Number(r["loss"]))).toEqual(losses);
    expect(Number(scalars[3]?.["weightGradientNorm simple_rnn kernel"])).toBe(
      steps[3].layers.simple_rnn.weights.kernel.gradientNorm,
    );

    const profiles: string[][] = parse(read("profiles.csv"));
    expect(profiles[0]).toEqual(["step", "layer", "quantity", "1", "2", "3", "4", "5"]);
    const gains = profiles.find(
      ([step, layer, quantity]) => step === "7" && layer === "simple_rnn" && quantity === "h.gain",
    );
    expect(gains?.slice(3).map(Number)).toEqual(steps[6].layers.simple_rnn.states.h.gain);

    const events = readEvents(fs.readFileSync(path.join(runs, "my_ net", "events.out.tfevents.gradlens")));
    expect(events[0]?.version).toBe("brain.Event:2");
    const loss = events.flatMap((e) => (e.scalars.has("loss") ? [[e.step, e.scalars.get("loss")]] : []));
    expect(loss).toEqual(losses.map((l: number, i: number) => [i + 1, Math.fround(l)]));
    const spread = events.flatMap((e) => [...e.histograms].map(([tag, { num }]) => `${e.step} ${tag} ${num}`));
    expect(spread).toContain("21 simple_rnn/recurrent_kernel/weightGradient 16");
    expect(spread).toContain("1 dense/kernel/weight 4");
    expect(spread).toContain("21 simple_rnn/h/log10StateGradientNorm 5");
    expect(spread.filter((s) => s.startsWith("2 "))).toEqual([]);

    const summary = JSON.parse(read("summary.json"));
    expect(summary).toMatchObject({ version: 1, model: "my, net", base: null, kind: "train" });
    expect(summary.figures).toMatchObject({ steps: 22, bestLoss: Math.min(...losses), requiredLag: 4 });
  });

  it("appends the steps of a resumed run, and starts over with a new run", { tags: "thorough" }, async () => {
    const config = (steps: number): string =>
      JSON.stringify(tiny({ m: [rnn, dense] }, { training: { batchSize: 8, steps, checkpoint: { folder: "kept" } } }));
    const folder = cli.folder({ "gradlens.json": config(5) });
    const train = async (steps: number, ...more: readonly string[]): Promise<void> => {
      fs.writeFileSync(path.join(folder, "gradlens.json"), config(steps));
      expect((await cli.run(folder, "train", "--out", "runs", ...more)).code).toBe(0);
    };
    const runs = path.join(folder, "runs", "m");
    const written = () => {
      const rows: Record<string, string>[] = parse(fs.readFileSync(path.join(runs, "scalars.csv")), { columns: true });
      const profiles: string[][] = parse(fs.readFileSync(path.join(runs, "profiles.csv")));
      const events = fs
        .readdirSync(runs)
        .filter((name) => name.includes("tfevents"))
        .sort()
        .flatMap((name) => readEvents(fs.readFileSync(path.join(runs, name))));
      const steps = rows.map((r) => Number(r["step"]));
      const profiled = new Set(profiles.slice(1).map(([step]) => Number(step)));
      return {
        steps,
        events: events.flatMap((e) => (e.scalars.has("loss") ? [e.step] : [])),
        histograms: events.flatMap((e) => (e.histograms.has("dense/kernel/weight") ? [e.step] : [])),
        profiled: [...profiled],
        losses: rows.map((r) => Number(r["loss"])),
      };
    };
    const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
    await train(5);
    await train(8, "--resume");
    await train(22, "--resume");
    const continued = written();
    const all = upTo(22);
    expect(continued).toMatchObject({ steps: all, events: all, profiled: all, histograms: [1, 21] });
    // The parts are one run.
    const stored = await readRunFolder(runs, "m");
    expect([...stored!.history.steps]).toEqual(all);
    expect([...stored!.history.series("loss")!]).toEqual(continued.losses.map(Math.fround));
    expect(stored!.history.channels(0)).toContain("h.logNorm");
    expect(stored).toMatchObject({
      end: { kind: "completed" },
      config: { path: path.join(folder, "gradlens.json"), text: config(22) },
      damaged: 0,
      torn: false,
    });
    await train(22);
    expect(written()).toEqual(continued);
    await train(22, "--resume");
    expect(written()).toEqual(continued);
  });

  it("writes the test loss at the ends of epochs, and nothing between them in TensorBoard", {
    tags: "thorough",
  }, async () => {
    const data = { task: "addingProblem", length: 5, samples: 64, test: 0.25 };
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense], b: [rnn, dense] }, { data }) });
    // 48 samples in batches of 16.
    const { out } = await cli.run(folder, "train", "--steps", "6", "--out", "runs");
    const read = (name: string): string => fs.readFileSync(path.join(folder, "runs", "a", name), "utf8");
    const { steps } = JSON.parse(read("run.json")).models.a;
    const tests = steps.map((s: { testLoss?: number }) => s.testLoss);
    expect(tests.map((v: number | undefined) => typeof v)).toEqual(
      [3, 6].flatMap(() => ["undefined", "undefined", "number"]),
    );
    const scalars: Record<string, string>[] = parse(read("scalars.csv"), { columns: true });
    expect(scalars.map((r) => Number(r["testLoss"]))).toEqual(tests.map((v: number | undefined) => v ?? Number.NaN));
    const events = readEvents(fs.readFileSync(path.join(folder, "runs", "a", "events.out.tfevents.gradlens")));
    const shown = events.flatMap((e) => (e.scalars.has("testLoss") ? [[e.step, e.scalars.get("testLoss")]] : []));
    expect(shown).toEqual([
      [3, Math.fround(tests[2])],
      [6, Math.fround(tests[5])],
    ]);
    expect(JSON.parse(read("summary.json")).figures.testLoss).toBe(tests[5]);
    expect(out).toMatch(/^model +steps +loss +best +test /m);
  });

  it("says so when it cannot write there", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense] }), taken: "a file" });
    const { code, err } = await cli.run(folder, "train", "--steps", "1", "--out", "taken");
    expect(code).toBe(2);
    expect(err).toMatch(/taken: cannot be written to: /);
  });
});

describe("the folder of --out", () => {
  const leaves = ["scalars.csv", "profiles.csv", "run.json", "summary.json", "events.out.tfevents.gradlens"];

  it.each(leaves)("is not written through a link, a pipe or a folder in the place of %s", async (leaf) => {
    const folder = cli.folder({ "gradlens.json": tiny({ m: [rnn, dense] }), outside: "precious" });
    const place = path.join(folder, "runs/m", leaf);
    const plants = [
      () => fs.symlinkSync(path.join(folder, "outside"), place),
      () => fs.symlinkSync(path.join(folder, "not-there"), place),
      () => execFileSync("mkfifo", [place]),
    ];
    const planted = plants.slice(0, process.platform === "win32" ? 2 : 3);
    for (const plant of planted) {
      fs.mkdirSync(path.dirname(place), { recursive: true });
      plant();
      const { code, err } = await cli.run(folder, "train", "--steps", "2", "--out", "runs");
      expect(err).toMatch(/runs: cannot be written to: ".*" is (a link|not a plain file).*; remove it/);
      expect(code).toBe(2);
      expect(fs.readdirSync(folder).sort()).toEqual(["gradlens.json", "outside", "runs"]);
      expect(fs.readFileSync(path.join(folder, "outside"), "utf8")).toBe("precious");
      fs.rmSync(path.join(folder, "runs"), { recursive: true });
    }
  });

  it.each(leaves)("does not change the other file if %s is a hard link", async (leaf) => {
    const folder = cli.folder({ "gradlens.json": tiny({ m: [rnn, dense] }), outside: "precious" });
    const place = path.join(folder, "runs/m", leaf);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.linkSync(path.join(folder, "outside"), place);
    expect((await cli.run(folder, "train", "--steps", "2", "--out", "runs")).code).toBe(0);
    expect(fs.readFileSync(path.join(folder, "outside"), "utf8")).toBe("precious");
  });

  it("does not follow a link in the working directory or the config's folder", async () => {
    const folder = cli.folder({ "repo/gradlens.json": tiny({ m: [rnn, dense] }), "outside/kept": "" });
    const links = ["repo/runs", "repo/runs/m"];
    for (const link of links)
      for (const target of ["outside", "outside/not-there"]) {
        fs.mkdirSync(path.dirname(path.join(folder, link)), { recursive: true });
        fs.symlinkSync(path.join(folder, target), path.join(folder, link));
        for (const [cwd, args] of [
          ["repo", ["train", "--steps", "1", "--out", "runs"]],
          ["", ["train", "repo", "--steps", "1", "--out", "repo/runs"]],
        ] as const) {
          const { code, err } = await cli.run(path.join(folder, cwd), ...args);
          expect(code).toBe(2);
          expect(err).toMatch(/repo.runs: cannot be written to: a link leads elsewhere/);
        }
        fs.rmSync(path.join(folder, "repo/runs"), { recursive: true });
      }
    expect(fs.readdirSync(path.join(folder, "outside"))).toEqual(["kept"]);
    // A path outside of these, though, is the user's own choice, whatever its links.
    fs.symlinkSync(path.join(folder, "outside"), path.join(folder, "disk"));
    const chosen = path.join(folder, "disk/new/runs");
    expect((await cli.run(path.join(folder, "repo"), "train", "--steps", "1", "--out", chosen)).code).toBe(0);
    expect(fs.readdirSync(path.join(folder, "outside/new/runs/m")).sort()).toEqual([...leaves].sort());
  });

  it("has one writer; a second one is told its process, and may write once that has ended or was killed", {
    tags: "thorough",
  }, async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ m: [rnn, dense], n: [rnn, dense] }) });
    const lock = path.join(folder, "runs/n/.gradlens.lock");
    const second = () => cli.run(folder, "train", "--model", "n", "--steps", "2", "--out", "runs");
    for (const signal of sampled(["SIGINT", "SIGKILL"] as const, 2, 1)) {
      const first = await cli.start(folder, "train", "--steps", "1000000", "--out", "runs");
      const gone = new Promise((resolve) => first.once("close", resolve));
      while (!fs.existsSync(lock)) await new Promise((resolve) => setTimeout(resolve, 50));
      const { code, err } = await second();
      expect(code).toBe(2);
      // The working process, which the started one has started.
      expect(err).toMatch(/runs.n: another run writes there \(process \d+, since .* UTC\)\. Wait until it ends/);
      first.kill(signal);
      await gone;
      if (signal === "SIGINT") expect(fs.existsSync(lock)).toBe(false);
      expect((await second()).code).toBe(0);
      expect(fs.readdirSync(path.join(folder, "runs/n")).sort()).toEqual([...leaves].sort());
    }
  });
});

it.runIf(process.platform === "linux")(
  "holds few descriptors for any number of models",
  { tags: "thorough" },
  async () => {
    const out = path.join(cli.folder({}), "runs");
    const models = budget(200, 500);
    const open = () => fs.readdirSync("/proc/self/fd").length;
    const before = open();
    const folders = await makeOutFolders(
      out,
      Array.from({ length: models }, (_, i) => `m${i}`),
      [],
    );
    if ("message" in folders) throw new Error(folders.message);
    expect(open()).toBeLessThan(before + 0.3 * models);
    releaseOutFolders(folders);
    expect(open()).toBe(before);
    expect(fs.readdirSync(out)).toHaveLength(models);
    expect(fs.readdirSync(path.join(out, "m7"))).toEqual([]);
  },
);

it("gives every model its own folder, with a name that every file system accepts", () => {
  expect(folderNames(["a/b", "a:b", "A_B", "..", "", "größe 1"])).toEqual([
    "a_b",
    "a_b_2",
    "A_B_3",
    "model",
    "model_2",
    "größe 1",
  ]);
});
