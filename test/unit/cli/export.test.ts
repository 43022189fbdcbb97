/** Scripts for PyTorch. What they compute is tried in `python/tests/test_export.py`. */

import fs from "node:fs";
import path from "node:path";
import { unzipSync } from "fflate";
import { afterAll, describe, expect, it } from "vitest";
import { dense, openCli, rnn, tiny } from "./cli.ts";

const cli = openCli();
afterAll(() => cli.dispose());

const read = (folder: string, ...names: string[]) => fs.readFileSync(path.join(folder, "pytorch", ...names), "utf8");

describe("gradlens export", () => {
  it("writes a script, the samples and the initial weights into a folder for each model", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense], b: [{ type: "lstm", units: 3 }, dense] }) });
    const { code, out } = await cli.run(folder, "export");
    expect(code).toBe(0);
    expect(out).toBe(`a: ${path.join("pytorch", "a", "train.py")}\nb: ${path.join("pytorch", "b", "train.py")}\n`);
    const script = read(folder, "a", "train.py");
    expect(script).toContain("self.simple_rnn = nn.RNN(2, 4, batch_first=True)");
    expect(script).toContain("lens = gradlens.watch(net, required_lag=4");
    // tfjs's gates are hard sigmoids, which nn.LSTM does not have.
    expect(read(folder, "b", "train.py")).toContain("gate=lambda z: (0.2 * z + 0.5).clamp(0, 1)");
    const weights = unzipSync(fs.readFileSync(path.join(folder, "pytorch", "a", "initial.npz")));
    expect(Object.keys(weights).sort()).toEqual([
      "dense.bias.npy",
      "dense.weight.npy",
      "simple_rnn.bias_hh_l0.npy",
      "simple_rnn.bias_ih_l0.npy",
      "simple_rnn.weight_hh_l0.npy",
      "simple_rnn.weight_ih_l0.npy",
    ]);
  });

  it("refuses what has no equivalent at its place, and writes the other models", async () => {
    const memory = { type: "externalMemory", units: 4, slots: 4, width: 3 };
    const limited = { ...rnn, kernelConstraint: { type: "maxNorm", maxValue: 2 } };
    const folder = cli.folder({ "gradlens.json": tiny({ a: [memory, dense], b: [limited, dense], c: [rnn, dense] }) });
    const { code, out, err } = await cli.run(folder, "export", "--out", "scripts");
    expect(code).toBe(2);
    expect(err).toMatch(/^gradlens\.json:\d+:\d+: The layer "externalMemory" has no equivalent in PyTorch yet\./m);
    expect(err).toMatch(/^gradlens\.json:\d+:\d+: The kernelConstraint has no equivalent/m);
    expect(out).toBe(`c: ${path.join("scripts", "c", "train.py")}\n`);
    expect(fs.readdirSync(path.join(folder, "scripts"))).toEqual(["c"]);
    // What is in the folder of a refused model stays there.
    fs.mkdirSync(path.join(folder, "scripts", "a"));
    fs.writeFileSync(path.join(folder, "scripts", "a", "mine.txt"), "mine");
    await cli.run(folder, "export", "--out", "scripts");
    expect(fs.readdirSync(path.join(folder, "scripts")).sort()).toEqual(["a", "c"]);
    expect(fs.readdirSync(path.join(folder, "scripts", "a"))).toEqual(["mine.txt"]);
  });

  it("writes functions of values, differences and quotients", async () => {
    const layers = [
      { type: "simpleRNN", units: 2, name: "a" },
      { type: "dense", units: 2, name: "b", activation: "sigmoid" },
      { type: "subtract", inputs: ["a", "b"], name: "s" },
      { type: "clip", low: -0.5, high: 0.5, name: "c" },
      { type: "elementwise", function: "cos", name: "e" },
      { type: "power", exponent: 1.5, name: "p" },
      { type: "divide", inputs: ["p", "b"], name: "d" },
      dense,
    ];
    const folder = cli.folder({ "gradlens.json": tiny({ a: layers }) });
    expect((await cli.run(folder, "export")).code).toBe(0);
    const script = read(folder, "a", "train.py");
    for (const line of ["out_a - out_b", "out_s.clamp(-0.5, 0.5)", "torch.cos(out_c)", "out_e ** 1.5", "out_p / out_b"])
      expect(script).toContain(line);
  });

  it("writes choices between values, sums along time and new axes", async () => {
    const layers = [
      { type: "simpleRNN", units: 4, returnSequences: true, name: "a" },
      { type: "cumulativeSum", name: "s" },
      { type: "compare", by: "lessEqual", to: 0.1, name: "c", inputs: ["a"] },
      { type: "where", otherwise: 2, name: "w", inputs: ["c", "s"] },
      { type: "expandDims", axis: -1, name: "e" },
      { type: "flatten" },
      dense,
    ];
    const folder = cli.folder({ "gradlens.json": tiny({ a: layers }) });
    expect((await cli.run(folder, "export")).code).toBe(0);
    const script = read(folder, "a", "train.py");
    const where = "torch.where(out_c != 0, out_s, 2.0)";
    for (const line of ["out_a.cumsum(1)", "(out_a <= 0.1).to(out_a.dtype)", where, "out_w.unsqueeze(-1)"])
      expect(script).toContain(line);
  });

  it("writes masks and layers that share weights, and refuses a mask that reaches attention", async () => {
    const sequences = { ...rnn, returnSequences: true };
    const folder = cli.folder({
      "gradlens.json": tiny({
        a: [{ type: "masking" }, { ...sequences, name: "first" }, { type: "lstm", units: 3 }, dense],
        b: [
          { ...rnn, name: "first" },
          { type: "shared", layer: "first", name: "again", inputs: ["input"] },
          { type: "add", inputs: ["first", "again"] },
          dense,
        ],
        c: [{ type: "masking" }, sequences, { type: "attention", units: 3 }, dense],
      }),
    });
    const { err } = await cli.run(folder, "export");
    const script = read(folder, "a", "train.py");
    expect(script).toContain("masked(self.first, x, mask_masking)");
    expect(script).toContain("self.lstm(x, mask=mask_masking)");
    expect(read(folder, "b", "train.py").match(/nn\.RNN\(/g)).toHaveLength(1);
    expect(err).toMatch(/^gradlens\.json:\d+:\d+: A mask that reaches attention has no equivalent/m);
    expect(fs.existsSync(path.join(folder, "pytorch", "c", "train.py"))).toBe(false);
  });

  it("writes scripts of Keras, with weights in its order, and refuses what has no equivalent there", async () => {
    const sequences = { type: "lstm", units: 3, peepholes: true, returnSequences: true };
    const gru = { type: "gru", units: 4, recurrentActivation: "sigmoid", kernelRegularizer: { type: "l2", l2: 0.1 } };
    const config = tiny({ a: [gru, { ...dense, activation: "hardSigmoid" }], b: [sequences, rnn, dense] });
    const folder = cli.folder({ "gradlens.json": config });
    const { code, out, err } = await cli.run(folder, "export", "--to", "keras");
    expect(code).toBe(2);
    expect(out).toBe(`a: ${path.join("keras", "a", "train.py")}\n`);
    expect(err).toMatch(/^gradlens\.json:\d+:\d+: Peepholes have no equivalent in Keras/m);
    const script = fs.readFileSync(path.join(folder, "keras", "a", "train.py"), "utf8");
    for (const line of [
      'gru = layers.GRU(units=4, kernel_regularizer=keras.regularizers.L1L2(0, 0.1), reset_after=False, name="gru")',
      "dense = layers.Dense(units=1, activation=old_hard_sigmoid",
      "def old_hard_sigmoid(x):",
      "x = gru(x)",
      "loss=keras.losses.MeanSquaredError()",
    ])
      expect(script).toContain(line);
    expect(script).not.toContain("transformer_block");
    const weights = unzipSync(fs.readFileSync(path.join(folder, "keras", "a", "initial.npz")));
    const names = ["gru/kernel", "gru/recurrent_kernel", "gru/bias", "dense/kernel", "dense/bias"];
    expect(Object.keys(weights)).toEqual(names.map((name) => `${name}.npy`));
  });

  it("gives no layer a name that the script of Keras has for something else", async () => {
    const layers = [
      { ...rnn, name: "layers" },
      { type: "dense", units: 2, name: "inputs" },
      { ...dense, name: "ops" },
    ];
    const folder = cli.folder({ "gradlens.json": tiny({ a: layers }) });
    expect((await cli.run(folder, "export", "--to", "keras")).code).toBe(0);
    const script = fs.readFileSync(path.join(folder, "keras", "a", "train.py"), "utf8");
    for (const line of ["layers_ = layers.SimpleRNN(", "inputs_2 = layers.Dense(", "ops_ = layers.Dense("])
      expect(script).toContain(line);
  });

  it("adds a launcher for PyTorch only", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense] }) });
    const { code, err } = await cli.run(folder, "export", "--to", "keras", "--launch", "torchrun");
    expect(code).toBe(2);
    expect(err).toContain("--launch is for PyTorch only");
  });

  it("adds the launcher", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense] }) });
    await cli.run(folder, "export", "--launch", "torchrun");
    expect(read(folder, "a", "train.py")).toContain("model = nn.parallel.DistributedDataParallel(net)");
    await cli.run(folder, "export", "--launch", "ray");
    expect(read(folder, "a", "train.py")).toContain(
      "ray.train.torch.TorchTrainer(train, scaling_config=scaling).fit()",
    );
  });

  it("lets no name of the config become code", async () => {
    const name = 'a""", import os \\ \'';
    const layer = { ...rnn, name: "class" };
    const folder = cli.folder({ "gradlens.json": tiny({ [name]: [layer, { ...dense, name: "größe" }] }) });
    const { code } = await cli.run(folder, "export");
    expect(code).toBe(0);
    const [model = ""] = fs.readdirSync(path.join(folder, "pytorch"));
    const script = read(folder, model, "train.py");
    expect(script).toMatch(/^"""The model 'a {3}, import os {3} ' as a PyTorch training script/);
    expect(script).toContain("self.class_ = nn.RNN(");
    expect(script).toContain("self.gr_e = nn.Linear(");
  });
});
