import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dense, openCli, rnn, tiny } from "./cli.ts";

const cli = openCli();
afterAll(() => cli.dispose());

function table(models: object = { a: { layers: [rnn, dense] } }): object {
  return {
    data: { file: "x.csv", inputs: ["u"], targets: ["y"], window: 2 },
    training: { batchSize: 2, steps: 2 },
    models,
  };
}
const goodCsv = "u,y\n1,2\n2,4\n3,6\n4,8\n5,9\n";

/** Name, files, a pattern of the message, and the text where its place begins. */
const cases: readonly [string, { readonly [name: string]: string | object }, RegExp, string][] = [
  [
    "an unknown layer type",
    { "gradlens.json": tiny({ a: [{ type: "simpleRMM", units: 4 }] }) },
    /simpleRNN/,
    '"simpleRMM"',
  ],
  ["an unknown argument", { "gradlens.json": tiny({ a: [{ ...rnn, unist: 3 }, dense] }) }, /unist/, '"unist"'],
  [
    "an argument of the wrong kind",
    { "gradlens.json": tiny({ a: [{ type: "simpleRNN", units: "many" }, dense] }) },
    /units|number/,
    '"many"',
  ],
  ["shapes that don't fit", { "gradlens.json": tiny({ a: [rnn, rnn, dense] }) }, /./, '"simpleRNN"'],
  ["absurd sizes", { "gradlens.json": tiny({ a: [{ type: "simpleRNN", units: 1e9 }, dense] }) }, /./, "1000000000"],
  [
    "a padding that tfjs has not",
    { "gradlens.json": tiny({ a: [{ type: "conv1d", filters: 2, kernelSize: 2, padding: "full" }, rnn, dense] }) },
    /"valid", "same"/,
    '"full"',
  ],
  ["no models", { "gradlens.json": { data: { task: "addingProblem" }, models: {} } }, /model/, '"models"|{}'],
  ["broken JSON", { "gradlens.json": '{ "models": { "a": [ }' }, /./, "}"],
  ["an empty file", { "gradlens.json": "" }, /./, ""],
  ["a missing data file", { "gradlens.json": table() }, /x\.csv/, '"x.csv"'],
  ["an empty CSV", { "gradlens.json": table(), "x.csv": "" }, /empty|no /, '"x.csv"'],
  ["a CSV with a header only", { "gradlens.json": table(), "x.csv": "u,y\n" }, /row/, '"x.csv"'],
  ["a ragged CSV", { "gradlens.json": table(), "x.csv": "u,y\n1,2\n3\n4,5\n" }, /line 3|row/, '"x.csv"'],
  ["NaN in the data", { "gradlens.json": table(), "x.csv": goodCsv.replace("3,6", "NaN,6") }, /NaN|number/, ""],
  [
    "labels that are no classes",
    {
      "gradlens.json": {
        ...table({ a: { layers: [rnn, { type: "dense", units: 3, activation: "softmax" }] } }),
        training: { batchSize: 2, steps: 2, loss: "sparseCategoricalCrossentropy" },
      },
      "x.csv": "u,y\n1,0\n2,1\n3,2\n4,7\n5,1\n",
    },
    /7/,
    "",
  ],
  ["a column that is not there", { "gradlens.json": table(), "x.csv": goodCsv.replace("u,y", "u,z") }, /"?y"?/, '"y"'],
];

describe("bad input", () => {
  it.each(cases)("%s: exit code 2 and a message with its place", async (_, files, message, at) => {
    const folder = cli.folder(files);
    const { code, out, err } = await cli.run(folder, "train", "--json");
    expect(err).not.toMatch(/\n\s+at /);
    const first = err.split("\n").find((l) => /^gradlens\.json:\d+:\d+: /.test(l));
    expect(first, err).toBeDefined();
    expect(first).toMatch(message);
    expect(code).toBe(2);
    // Even then stdout is one object, with the same messages.
    const report = JSON.parse(out);
    expect(report.models).toEqual({});
    expect(report.errors).toContain(first);

    // `doctor`, which trains nothing, reports why `train` refuses.
    const examined = await cli.run(folder, "doctor", ".", "--json");
    expect(examined.code).toBe(2);
    expect(JSON.parse(examined.out).problems).toEqual(report.errors);

    const place = /^gradlens\.json:(\d+):(\d+): /.exec(first!)!;
    expect(report.problems.find((p: { message: string }) => p.message === first)).toMatchObject({
      file: "gradlens.json",
      line: Number(place[1]),
      column: Number(place[2]),
    });
    const [, line, column] = place;
    const source = files["gradlens.json"]!;
    const text = typeof source === "string" ? source : JSON.stringify(source, null, 1);
    const rest = (text.split("\n")[Number(line) - 1] ?? "").slice(Number(column) - 1);
    expect(
      at.split("|").some((a) => rest.startsWith(a)),
      `${first} is at ${rest}`,
    ).toBe(true);
  });

  it.each([
    [
      "a config in UTF-16",
      Buffer.from("\uFEFF{}", "utf16le"),
      /^gradlens\.json: is not UTF-8 text; save it in UTF-8\.\n$/,
    ],
    ["a config of absurd length", Buffer.alloc(9_000_000, " "), /^gradlens\.json: has more than 8 MB, the limit\.\n$/],
  ])("%s: exit code 2 and a message", async (_, bytes, message) => {
    const folder = cli.folder({});
    fs.writeFileSync(path.join(folder, "gradlens.json"), bytes);
    const { code, out, err } = await cli.run(folder, "check");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });

  it.skipIf(process.platform === "win32")("does not read a device without end", async () => {
    expect((await cli.run(cli.folder({}), "check", "/dev/zero")).err).toMatch(/has more than 8 MB/);
  });

  it("lets no cell of a CSV file control the terminal", { tags: "thorough" }, async () => {
    const folder = cli.folder({ "gradlens.json": table(), "x.csv": goodCsv.replace("3,6", "\u001b[31m,6") });
    const { code, err } = await cli.process(folder, "train");
    expect(code).toBe(2);
    expect(err).toContain("\uFFFD[31m");
    expect(err).not.toContain("\u001b");
  });

  it("runs a sound model if only that one is requested", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ good: [rnn, dense], bad: [{ type: "nope" }] }) });
    expect((await cli.run(folder, "probe", "--steps", "1")).code).toBe(2);
    const { code, out } = await cli.run(folder, "probe", "--steps", "1", "--model", "good");
    expect(code).toBe(0);
    expect(out).toMatch(/^good /m);
  });

  it.each(["train", "probe", "check"])("lets %s run the sound models beside a faulty one", async (command) => {
    const folder = cli.folder({
      "gradlens.json": tiny({ bad: [{ type: "nope" }], good: [rnn, dense], other: [rnn, dense] }),
    });
    const { code, out, err } = await cli.run(folder, command, "--steps", "1", "--json");
    expect(code).toBe(2);
    const told = err.split("\n").filter((line) => /^gradlens\.json:\d+:\d+: /.test(line));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("nope");
    const report = JSON.parse(out);
    expect(Object.keys(report.models)).toEqual(["good", "other"]);
    expect(report.errors).toEqual(told);
  });

  it("runs the sound ones of the requested models; models that extend a faulty one are faulty", async () => {
    const models = {
      bad: { layers: [{ type: "nope" }] },
      heir: { extends: "bad" },
      good: { layers: [rnn, dense] },
    };
    const folder = cli.folder({ "gradlens.json": { ...tiny({}), models } });
    const { code, out } = await cli.run(
      folder,
      "probe",
      "--steps",
      "1",
      "--model",
      "heir",
      "--model",
      "good",
      "--json",
    );
    expect(code).toBe(2);
    const report = JSON.parse(out);
    expect(Object.keys(report.models)).toEqual(["good"]);
    expect(report.errors).toHaveLength(1);
    expect((await cli.run(folder, "compare", "--probe", "--steps", "1")).code).toBe(2);
    expect((await cli.run(folder, "deep")).err).toMatch(/nope/);
  });

  it("runs nothing if something outside of the models is wrong", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ good: [rnn, dense] }, { trainig: {} }) });
    const { code, out } = await cli.run(folder, "probe", "--steps", "1", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(out).models).toEqual({});
  });

  it("keeps the results of other models if the engine refuses one", async () => {
    const models = { good: { layers: [rnn, dense] }, bad: { layers: [rnn, rnn, dense] } };
    const folder = cli.folder({ "gradlens.json": table(models), "x.csv": goodCsv });
    const { code, out, err } = await cli.run(folder, "train", "--json");
    expect(code).toBe(2);
    expect(err).toMatch(/^gradlens\.json:\d+:\d+: /m);
    expect(JSON.parse(out).models.good.steps).toHaveLength(2);
  });

  it.skipIf(process.platform === "win32")("waits for no pipe that is found in a folder", async () => {
    const folder = cli.folder({});
    execFileSync("mkfifo", [path.join(folder, "gradlens.json")]);
    for (const asked of [[], ["."]]) {
      const { code, err } = await cli.run(folder, "probe", ...asked);
      expect([code, err]).toEqual([
        2,
        expect.stringContaining("gradlens.json: cannot be read: it is not a regular file"),
      ]);
    }
  });

  it("reports a shared problem that the engine refuses only once", async () => {
    const models = { bad: { layers: [rnn, rnn, dense] }, heir: { extends: "bad", training: { batchSize: 4 } } };
    const folder = cli.folder({ "gradlens.json": { ...tiny({}), models } });
    const { code, out, err } = await cli.run(folder, "probe", "--steps", "1", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(out).errors).toHaveLength(1);
    expect(err.match(/^gradlens\.json:\d+:\d+: /gm)).toHaveLength(1);
  });
});
