import fs from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sampled } from "../../budget.ts";
import { long } from "../../tier.mts";
import { dense, openCli, rnn, tiny } from "./cli.ts";

const cli = openCli();
afterAll(() => cli.dispose());

const sigmoid = { type: "simpleRNN", units: 4, activation: "sigmoid" };
const lstm = { type: "lstm", units: 4 };

describe("gradlens --json", () => {
  it("prints one object with every step's figures, as documented", { tags: "thorough" }, async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [lstm, dense], b: [rnn, dense] }) });
    const { code, out, err } = await cli.process(folder, "train", "--json", "--steps", "3");
    expect(code).toBe(0);
    expect(err).toMatch(/a: training on .*, 3 steps\n/);
    const report = JSON.parse(out);
    expect(Object.keys(report)).toEqual(["version", "config", "backend", "models"]);
    expect(report.version).toBe(1);
    expect(["tensorflow", "wasm", "cpu"]).toContain(report.backend);
    const { a, b } = report.models;
    expect(Object.keys(a)).toEqual([
      "baselineLoss",
      "requiredLag",
      "requiredLagSource",
      "data",
      "steps",
      "provisional",
      "findings",
    ]);
    expect(a.requiredLag).toBe(4);
    expect(a.baselineLoss).toBeCloseTo(1 / 6, 9);
    expect(a.steps.map((s: { step: number }) => s.step)).toEqual([1, 2, 3]);
    const layer = a.steps[0].layers.lstm;
    expect(Object.keys(layer.weights)).toEqual(["kernel", "recurrent_kernel", "bias"]);
    expect(Object.keys(layer.weights.kernel)).toEqual([
      "norm",
      "gradientNorm",
      "clippedGradientNorm",
      "updateRatio",
      "nonFinite",
    ]);
    expect(Object.keys(layer.states)).toEqual(["h", "c"]);
    for (const state of [layer.states.h, layer.states.c, b.steps[2].layers.simple_rnn.states.h]) {
      expect(Object.keys(state)).toEqual(["gradientNorm", "gain", "contribution", "nonFinite"]);
      for (const values of Object.values(state)) expect(values).toHaveLength(5);
    }
    expect(Object.keys(layer.gates).sort()).toEqual(["forget", "input", "output"]);
    expect(layer.gates.forget.low).toHaveLength(5);
    expect(layer.gates.forget.high).toHaveLength(5);
    expect(a.steps[0].layers.dense.outputGradientNorm).toBeGreaterThan(0);
  });

  it("gives norms that agree with the gains if only the last timestep has a loss", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense] }) });
    const { out } = await cli.run(folder, "probe", "--json", "--steps", "1");
    const { gradientNorm, gain } = JSON.parse(out).models.a.steps[0].layers.simple_rnn.states.h;
    for (let t = 4; t >= 1; t--) expect(gradientNorm[t - 1] / gradientNorm[t]).toBeCloseTo(gain[t], 4);
  });

  it("names layer, timesteps, evidence and fixes of a finding", async () => {
    const config = tiny({ a: [sigmoid, dense] }, { diagnosis: { "vanishing-through-time": { epsilon: 0.5 } } });
    const { out } = await cli.run(cli.folder({ "gradlens.json": config }), "probe", "--json", "--steps", "2");
    const [finding] = JSON.parse(out).models.a.findings;
    expect(Object.keys(finding)).toEqual([
      ...["code", "severity", "layer", "file", "line", "column", "endLine", "endColumn"],
      ...["timesteps", "evidence", "message", "fixes"],
    ]);
    const lines = JSON.stringify(config, null, 1).split("\n");
    expect(finding.file).toBe("gradlens.json");
    expect(finding.endLine).toBe(finding.line);
    expect(lines[finding.line - 1]?.slice(finding.column - 1, finding.endColumn - 1)).toBe('"sigmoid"');
    expect(finding).toMatchObject({ code: "vanishing-through-time", layer: "simple_rnn", timesteps: [1, 4] });
    expect(finding.evidence).toMatchObject({ horizon: 0, requiredLag: 4 });
    expect(finding.fixes).toContain("Use tanh as the activation");
  });

  it("prints every step of a longer run", { tags: "thorough" }, async () => {
    const config = tiny(
      { a: [{ type: "simpleRNN", units: 1 }] },
      { data: { task: "addingProblem", length: 2, samples: 4 }, training: { batchSize: 1 } },
    );
    const { out } = await cli.run(
      cli.folder({ "gradlens.json": config }),
      "train",
      "--json",
      "--steps",
      "200",
      "--backend",
      "cpu",
    );
    const report = JSON.parse(out);
    expect(report.backend).toBe("cpu");
    expect(report.models.a.steps).toHaveLength(200);
  });
});

describe("the terminal report", () => {
  it("has a curve for each recurrent layer, the loss, findings with their places, and a comparison", async () => {
    const config = tiny(
      {
        squashed: [sigmoid, dense],
        stacked: [{ ...lstm, returnSequences: true }, { type: "bidirectional", layer: rnn }, dense],
      },
      { diagnosis: { "vanishing-through-time": { epsilon: 0.5 } } },
    );
    const folder = cli.folder({ "gradlens.json": config });
    const { code, out, err } = await cli.run(folder, "probe", "--steps", "3");
    expect(code).toBe(0);
    expect(out).toMatch(/^gradlens\.json · /);
    expect(out).toMatch(/^squashed +3 steps in /m);
    expect(out).toMatch(/^ {2}simple_rnn +[▁▂▃▄▅▆▇█·]{5} +0\/4 · ×/m);
    expect(out).toMatch(/^ {2}bidirectional\/backward +\S+ .* · backward$/m);
    expect(out).toMatch(/^ {2}loss [\d.]+ → [\d.]+, baseline 0\.167$/m);
    const line =
      JSON.stringify(config, null, 1)
        .split("\n")
        .findIndex((l) => l.includes('"sigmoid"')) + 1;
    expect(out).toMatch(new RegExp(`^ +gradlens\\.json:${line}:\\d+$`, "m"));
    expect(out).toMatch(/› Use tanh as the activation/);
    expect(out).toMatch(/^model +steps +loss +best +baseline +reach +decades +gain +max ‖∇‖ +findings$/m);
    expect(out).not.toContain("\u001b");
    expect(err).not.toContain("\u001b");
    for (const text of out.split("\n")) expect(text.length).toBeLessThanOrEqual(100);
  });

  it("runs only the requested models of a config in a folder", async () => {
    const folder = cli.folder({ "sub/gradlens.json": tiny({ a: [rnn, dense], b: [rnn, dense], c: [rnn, dense] }) });
    const { code, out } = await cli.run(folder, "probe", "sub", "--model", "a", "--model", "c", "--steps", "1");
    expect(code).toBe(0);
    expect(out).toMatch(/^a /m);
    expect(out).toMatch(/^c /m);
    expect(out).not.toMatch(/^b /m);
  });

  it("says so if nothing goes through time", async () => {
    const config = {
      data: { file: "x.csv", inputs: ["u"], targets: ["y"] },
      training: { batchSize: 2, steps: 2 },
      models: { flat: { layers: [dense] } },
    };
    const { code, out } = await cli.run(
      cli.folder({ "gradlens.json": config, "x.csv": "u,y\n1,2\n2,4\n3,6\n4,8\n" }),
      "train",
    );
    expect(code).toBe(0);
    expect(out).toContain("no recurrent layers");
  });

  it("measures a table with one timestep, and says there is no transport", async () => {
    const config = {
      data: { file: "x.csv", inputs: ["u"], targets: ["y"], window: 1, horizon: 0 },
      training: { batchSize: 2, steps: 6 },
      models: { one: { layers: [rnn, dense] } },
    };
    const { code, out } = await cli.run(
      cli.folder({ "gradlens.json": config, "x.csv": "u,y\n1,2\n2,4\n3,6\n4,8\n" }),
      "train",
    );
    expect(code).toBe(0);
    expect(out).toContain("no transport through time to measure");
    expect(out).not.toContain("vanishing");
  });
});

describe("exit codes", () => {
  it("check exits 1 only when a finding reaches --fail-on", async () => {
    const diagnosis = { "vanishing-through-time": { epsilon: 0.5 } };
    const flagged = cli.folder({ "gradlens.json": tiny({ a: [sigmoid, dense] }, { diagnosis }) });
    const run = (...more: string[]) => cli.run(flagged, "check", "--steps", "2", ...more);
    expect((await run("--fail-on", "information")).code).toBe(1);
    if (long) expect((await cli.process(flagged, "check", "--steps", "2", "--fail-on", "information")).code).toBe(1);
    expect((await run()).code).toBe(0);
    expect((await cli.run(flagged, "probe", "--steps", "2")).code).toBe(0);
  });

  it("check exits 1 for an explosion", async () => {
    const layer = {
      type: "simpleRNN",
      units: 4,
      activation: "linear",
      recurrentInitializer: { type: "orthogonal", gain: 10 },
    };
    const { code, out } = await cli.run(
      cli.folder({ "gradlens.json": tiny({ a: [layer, dense] }) }),
      "check",
      "--steps",
      "1",
    );
    expect(code).toBe(1);
    expect(out).toMatch(/gradient grows by 4\.0 decades over 4 timesteps · ×10 per timestep/);
  });

  it("of a check does not depend on how fast the machine is", { tags: "long" }, async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense] }) });
    expect((await cli.run(folder, "check")).out).toMatch(/^a +100 steps in /m);
    expect((await cli.run(folder, "check", "--steps", "7")).out).toMatch(/^a +7 steps in /m);
    expect((await cli.run(folder, "check", "--budget", "0.001")).out).toMatch(/^a +1 step in /m);
  });

  it("is 2 for a wrong command line, with a message and no report", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense] }) });
    const wrong: [string[], RegExp][] = [
      [["frobnicate"], /unknown command 'frobnicate'/],
      [["probe", "--frob"], /unknown option '--frob'/],
      [["probe", "--steps", "0"], /whole number/],
      [["probe", "--budget", "soon"], /number of seconds/],
      [["check", "--fail-on", "rarely"], /Allowed choices are error, warning, information/],
      [["probe", "--model", "z"], /no model is named "z"; there is a\./],
      [["probe", "nowhere.json"], /nowhere\.json: cannot be read: there is no such file/],
      [[], /Usage: gradlens/],
    ];
    for (const [args, message] of wrong) {
      const { code, out, err } = await cli.run(folder, ...args);
      expect([args, code, out]).toEqual([args, 2, ""]);
      expect(err).toMatch(message);
    }
    expect((await cli.run(folder, "--help")).code).toBe(0);
  });

  it.each([
    ["probe", "--steps", "0"],
    ["train", "--frob"],
    ["check", "a", "b"],
    ["doctor", "--backend", "gpu"],
  ])("reports a wrong command line as one JSON object if requested: %s %s", async (...args) => {
    const { code, out, err } = await cli.run(cli.folder({}), ...args, "--json");
    expect(code).toBe(2);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ version: 1, config: null, models: {} });
    expect(err).toContain(report.errors[0]);
  });

  it("warns only once about data that several models share", async () => {
    const config = {
      data: { file: "x.csv", inputs: ["u"], targets: ["y"], window: 2, standardize: true },
      training: { batchSize: 2, steps: 1 },
      models: { a: { layers: [rnn, dense] }, b: { layers: [rnn, dense] } },
    };
    const folder = cli.folder({ "gradlens.json": config, "x.csv": "u,y\n1,2\n1,4\n1,6\n1,8\n" });
    const { code, err } = await cli.run(folder, "train", "--json");
    expect(code).toBe(0);
    expect(err.match(/^gradlens\.json:5:4: warning: Column "u" has the same value in every row/gm)).toHaveLength(1);
  });

  it.skipIf(process.platform !== "linux")(
    "is 3, not 1, when the report cannot be written",
    { tags: "thorough" },
    async () => {
      const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense] }) });
      const { code, err } = await cli.into("/dev/full", folder, "check", "--steps", "1", "--json");
      expect(code).toBe(3);
      expect(err).toMatch(/^gradlens: cannot write its output: ENOSPC/m);
      expect(err).not.toMatch(/\n\s+at /);
    },
  );

  // It ends 400 ms after an interrupt, whatever it computes: on a busy machine that can be too early to print.
  it("cancels on SIGINT after the present step and prints what was measured", {
    tags: "thorough",
    retry: 5,
  }, async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense], b: [rnn, dense] }) });
    const plain = await cli.interrupt(folder, /training/, "train", "--steps", "1000000");
    expect(plain.code).toBe(130);
    expect(plain.out).toMatch(/^a +stopped after \d+ steps? in /m);
    expect(plain.out).not.toMatch(/^b /m);
  });

  it("cancels on SIGINT with a JSON report of what was measured", { tags: "long", retry: 5 }, async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense], b: [rnn, dense] }) });
    const json = await cli.interrupt(folder, /training/, "train", "--steps", "1000000", "--json");
    expect(json.code).toBe(130);
    expect(JSON.parse(json.out).models.a.steps.length).toBeGreaterThan(0);
  });
});

describe("doctor", () => {
  it("names the working directory's native code, which no command loads unless it is allowed", {
    tags: "thorough",
  }, async () => {
    const name = "node_modules/@tensorflow/tfjs-node";
    const folder = cli.folder({
      "gradlens.json": tiny({ m: [rnn, dense] }),
      [`${name}/package.json`]: { name: "@tensorflow/tfjs-node", version: "4.22.0", main: "index.js" },
      [`${name}/index.js`]: 'require("node:fs").writeFileSync(require("node:path").join(__dirname, "ran"), "");',
      "deep/gradlens.json": tiny({ m: [rnn, dense] }),
    });
    const ran = path.join(folder, name, "ran");
    // Each doctor in a process of its own: a process loads a native library only once, and keeps it.
    const { out } = await cli.process(folder, "doctor");
    expect(out).toContain("is native code that has not been allowed");
    expect(out).toContain("--allow-native");
    await cli.run(folder, "probe", "--steps", "1");
    await cli.run(path.join(folder, "deep"), "probe", "--steps", "1", "--allow-native", ".");
    await cli.run(folder, "probe", "--steps", "1", "--allow-native", "deep");
    expect(fs.existsSync(ran)).toBe(false);
    expect((await cli.process(folder, "doctor", "--allow-native", "elsewhere")).out).toMatch(
      /workspace's .* is outside the trusted folder/,
    );
    for (const allowed of sampled([".", folder, name], 3, 2)) {
      expect((await cli.process(folder, "doctor", "--allow-native", allowed)).out).toContain("registered no backend");
      fs.rmSync(ran);
    }
  });

  it("shows what the engine runs on and why, and a config's problems", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [{ type: "simpleRNNN", units: 4 }] }) });
    const plain = await cli.run(folder, "doctor");
    expect(plain.code).toBe(0);
    expect(plain.out).toContain(process.version);
    expect(plain.out).toMatch(/^backend +\S/m);
    const checked = await cli.run(folder, "doctor", ".", "--json", "--backend", "cpu");
    expect(checked.code).toBe(2);
    const facts = JSON.parse(checked.out);
    expect(facts.backend.name).toBe("cpu");
    expect(facts.backend.rejected.map((r: { name: string }) => r.name)).toEqual(["tensorflow", "wasm"]);
    expect(facts.problems[0]).toMatch(/^gradlens\.json:\d+:\d+: /);
  });

  it("says how a file is read, as a run does, once for all models", async () => {
    const config = {
      data: { file: "x.csv", inputs: ["u"], targets: ["y"] },
      training: { steps: 1, batchSize: 2 },
      models: { a: { layers: [dense] }, b: { layers: [dense] } },
    };
    const csv = "u;y\n1,5;1\n2,5;2\n3,25;3\nSource: me\n";
    const folder = cli.folder({ "gradlens.json": config, "x.csv": csv });
    for (const command of ["doctor", "train"]) {
      const { out, err } = await cli.run(folder, command, ".");
      expect(`${out}${err}`.split("separated by semicolons")).toHaveLength(2);
      expect(`${out}${err}`).toMatch(/gradlens\.json:\d+:\d+: note: "x\.csv": .*decimal comma.*Line 5 at the end/);
    }
  });

  it("describes a model's data, as train's JSON does", async () => {
    const csv = `u,v,w,y\n${Array.from({ length: 40 }, (_, i) => `${i},${i},7,${i * i}`).join("\n")}\n`;
    const config = {
      data: { file: "x.csv", inputs: ["u", "v", "w"], targets: ["y"], standardize: "targets" },
      training: { steps: 2 },
      models: {
        a: { layers: [{ type: "dense", units: 1 }] },
        broken: { layers: [{ type: "embedding", inputDim: 2, outputDim: 2 }] },
      },
    };
    const folder = cli.folder({ "gradlens.json": config, "x.csv": csv });
    const { data } = JSON.parse((await cli.run(folder, "doctor", ".", "--json")).out);
    expect(Object.keys(data)).toEqual(["a"]);
    expect(data.a).toMatchObject({
      samples: 40,
      inputs: { columns: [{ name: "u", mean: 19.5 }, { duplicateOf: 0 }, { deviation: 0 }] },
    });
    const plain = (await cli.run(folder, "doctor", ".")).out;
    expect(plain).toMatch(/^data +a: 40 samples to learn from; inputs from 0 to 39, mean 15\.3/m);
    expect(plain).toContain('a: constant input column "w"');
    expect(plain).toContain('a: duplicate input column "v" (same as "u")');
    expect(plain).toContain("a: inputs far from unit scale");
    const run = JSON.parse((await cli.run(folder, "train", "--json", "--model", "a")).out);
    expect(run.models.a.data).toEqual(data.a);
  });

  it("reports refusals and warnings of a model at their places, with fixes, beside sound models", async () => {
    const models = {
      good: { layers: [rnn, dense] },
      flat: { layers: [rnn, { ...rnn, name: "second" }, dense] },
      heir: { extends: "flat" },
      output: {
        training: { loss: "binaryCrossentropy" },
        data: { task: "temporalOrder" },
        layers: [rnn, { type: "dense", units: 1, activation: "softmax" }],
      },
      stated: { layers: [{ ...rnn, inputDim: 7 }, dense] },
    };
    const folder = cli.folder({ "gradlens.json": { ...tiny({}), models } });
    const { code, out } = await cli.run(folder, "doctor", ".", "--json");
    expect(code).toBe(2);
    const facts = JSON.parse(out);
    expect(facts.models).toEqual(["good", "stated"]);
    expect(Object.keys(facts.data)).toEqual(["good", "stated"]);
    const trained = JSON.parse((await cli.run(folder, "train", ".", "--json", "--steps", "1")).out);
    expect(facts.problems).toEqual(expect.arrayContaining(trained.errors));
    // Models that share a section share its problems.
    expect(facts.problems).toHaveLength(3);
    expect(facts.problems.at(-1)).toMatch(/^gradlens\.json:\d+:\d+: warning: .*"inputDim" has no effect/);
    const plain = await cli.run(folder, "doctor", ".");
    expect(plain.out).toMatch(/^models +good, stated$/m);
    for (const problem of facts.problems) expect(plain.out).toContain(problem);
    expect(plain.out).toMatch(/^ +› /m);
    // The config itself has no mistake, and nothing was trained or written.
    expect(fs.readdirSync(folder)).toEqual(["gradlens.json"]);
  });

  it("says for every recurrent layer what runs it, and why not the kernels", async () => {
    const layers = [
      { type: "lstm", units: 3, returnSequences: true },
      { type: "gru", units: 3, activation: "softmax" },
      { type: "dense", units: 1 },
    ];
    const folder = cli.folder({ "gradlens.json": tiny({ a: layers }) });
    const facts = JSON.parse((await cli.run(folder, "doctor", ".", "--json")).out);
    expect(facts.recurrent).toEqual([
      { model: "a", layer: "lstm", method: "kernel", reason: null },
      { model: "a", layer: "gru", method: "taps", reason: "the kernels do not know the activation softmax" },
    ]);
    expect(facts.facts.find((f: { name: string }) => f.name === "kernels").value).toMatch(
      /^WASM with (relaxed )?SIMD$/,
    );
    expect((await cli.run(folder, "doctor", ".")).out).toMatch(/a\/gru: .*softmax/);
  });
});
