/** The lens in training loops of many forms, and the reasons where it has no certain place. */

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { addLens, inserted } from "../../../src/host/commands/addLens.ts";
import { masked, statementsOf } from "../../../src/host/commands/pythonLines.ts";

function lensed(text: string): string {
  const edit = addLens(text);
  return edit.kind === "edit" ? inserted(text, edit.insertions) : edit.why;
}

/** A program around a loop's lines; `>` marks what has to be inserted. */
function check(marked: string): void {
  const lines = marked.split("\n");
  const before = lines.filter((line) => !line.startsWith(">"));
  const expected = lines.map((line) => (line.startsWith(">") ? line.slice(1) : line));
  expect(lensed(before.join("\n"))).toBe(expected.join("\n"));
  const crlf = lensed(before.join("\r\n"));
  expect(crlf).toBe(expected.join("\r\n"));
}

const head = `import torch
from torch import nn
>import gradlens

model = nn.LSTM(1, 2)
optimizer = torch.optim.Adam(model.parameters())
`;

describe("a plain loop", () => {
  it.each([
    [
      "over batches",
      `${head}>lens = gradlens.watch(model)
for x, y in batches:
    loss = f(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
>    lens.step(loss)
    print(loss)
`,
    ],
    [
      "within one over epochs, with a scheduler",
      `${head}>lens = gradlens.watch(model)
for epoch in range(10):
    for x, y in batches:
        loss = f(model(x), y)
        loss.backward()
        optimizer.step()
>        lens.step(loss)
    scheduler.step()
print("done")
`,
    ],
    [
      "that accumulates",
      `${head}>lens = gradlens.watch(model)
while True:
    total = f(model(x), y) / 4
    total.backward()
    if i % 4 == 0:
        optimizer.step()
>        lens.step(total)
        optimizer.zero_grad()
`,
    ],
    [
      "with a scaler",
      `${head}>lens = gradlens.watch(model, scaler=scaler)
for x in xs:
    with torch.autocast("cuda"):
        loss = f(model(x))
    scaler.scale(loss).backward()
    scaler.step(optimizer)
>    lens.step(loss)
    scaler.update()
`,
    ],
    [
      "in a function",
      `"""A program."""
from __future__ import annotations

import torch
>import gradlens


def train(model: torch.nn.Module, batches):
    opt = torch.optim.SGD(
        model.parameters(),  # all (of them
        lr=0.1,
    )
>    lens = gradlens.watch(model)
    for x in batches:
        text = """for y in z:
    optimizer.step()
"""
        loss = model(
            x
        ).mean()
        loss.backward()
        opt.step()
>        lens.step(loss)
`,
    ],
    [
      "in a method",
      `import torch
>import gradlens

class Trainer:
    def __init__(self, net):
        self.net = net
        self.optim = torch.optim.Adam(self.net.parameters())

    def fit(self, data):
>        lens = gradlens.watch(self.net)
        for x in data:
            loss = self.net(x)
            loss.backward()
            self.optim.step()
>            lens.step(loss)
`,
    ],
    [
      "beside a name that is taken",
      `${head}lens = 3
>grad_lens = gradlens.watch(model)
for x in xs:
    loss = model(x)
    loss.backward()
    optimizer.step()
>    grad_lens.step(loss)
`,
    ],
  ])("%s", (_, marked) => check(marked));

  it("that ends without a line feed", () => {
    const text = `${head.replace(/^>.*\n/m, "")}for x in xs:\n    loss = model(x)\n    loss.backward()\n    optimizer.step()`;
    expect(lensed(text).endsWith("    optimizer.step()\n    lens.step(loss)\n")).toBe(true);
  });

  it("of each example, without its lens, gets the lens back", () => {
    for (const name of ["vanishing", "exploding"]) {
      const text = fs.readFileSync(`examples/pytorch/${name}.py`, "utf8");
      const bare = text.replace(/^import gradlens\n/m, "").replace(/^.*\blens\b.*\n/gm, "");
      const again = lensed(bare.replace(/^.*figures.*\n/gm, ""));
      expect(again).toContain("import gradlens\n");
      expect(again).toMatch(/\n {4}lens = gradlens\.watch\(model\)\n {4}for /);
      expect(again).toContain("        optimizer.step()\n        lens.step(loss)\n");
    }
  });
});

describe("a program without a certain place", () => {
  const loop = "for x in xs:\n    loss = model(x)\n    loss.backward()\n    optimizer.step()\n";
  const make = "optimizer = SGD(model.parameters())\n";

  it.each([
    ["import gradlens\nlens = gradlens.watch(model)\n", /has a lens already/],
    ["print(1)\n", /no line that makes an optimizer's step/],
    [`model = Net()\n${make}${loop}${loop}`, /Several lines make an optimizer's step: 6, 10/],
    [
      `${make}def step(x):\n    loss = model(x)\n    loss.backward()\n    optimizer.step()\n`,
      /in no loop of its own function/,
    ],
    [`model = Net()\n${make}for x in xs:\n    optimizer.step()\n`, /No line of the loop computes gradients/],
    [`model = Net()\n${loop}`, /does not say whose parameters optimizer updates/],
    [
      `model = Net()\noptimizer = SGD(list(a.parameters()) if b else c)\noptimizer = SGD(d.parameters())\n${loop}`,
      /whose/,
    ],
    [
      `for x in xs:\n    model = Net()\n    ${make}    loss = model(x)\n    loss.backward()\n    optimizer.step()\n`,
      /not made before/,
    ],
    ["gan_opt.step()\n'''optimizer.step()'''\n# optimizer.step()\n", /in no loop/],
  ])("%j", (text, why) => {
    expect(lensed(text)).toMatch(why);
  });
});

describe("statements of Python", () => {
  it("keep their places without strings and comments", () => {
    const text = 'a = "for (" # [\nb = """\nx(\n"""; c = [\n 1,\n]\nd = 1 + \\\n  2\n';
    expect(masked(text)).toHaveLength(text.length);
    expect(statementsOf(text).map(({ line, start, end }) => [line, text.slice(start, end)])).toEqual([
      [1, 'a = "for (" # [\n'],
      [2, 'b = """\nx(\n"""; c = [\n 1,\n]\n'],
      [7, "d = 1 + \\\n  2\n"],
    ]);
  });
});
