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
    expect(fs.existsSync(path.join(folder, "scripts", "a", "train.py"))).toBe(false);
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
