import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { DeepProbes } from "../../../src/host/deep/deepProbes.ts";
import { recurrentNames } from "../../../src/host/runs/recurrentNames.ts";
import type { DeepView } from "../../../src/protocol/panelMessages.ts";
import { configText, type Harness, harness, tableText, target, uri } from "./runHarness.ts";

const open: { dispose(): void }[] = [];
afterEach(() => {
  for (const part of open.splice(0).reverse()) part.dispose();
});

function start(): Harness & { readonly deep: DeepProbes; readonly seen: DeepView["state"][] } {
  const h = harness();
  const deep = new DeepProbes(h.runs, h.store);
  const seen: DeepView["state"][] = [];
  deep.onChange(() => seen.push(deep.view!.state));
  open.push(h, deep);
  return { ...h, deep, seen };
}

describe("deep probes", () => {
  it("go from waiting over their stages to a result", async () => {
    const { deep, seen } = start();
    expect(deep.view).toBeNull();
    deep.start(target(configText(), "good"), "simple_rnn", 3);
    await expect.poll(() => seen.at(-1)?.kind).toBe("done");
    expect(seen.slice(0, 2)).toEqual([
      { kind: "busy", stage: "waiting for the engine", share: 0 },
      { kind: "busy", stage: "training", share: 0.5 },
    ]);
    expect(deep.view).toMatchObject({
      config: "/project/gradlens.json",
      model: "good",
      layer: "simple_rnn",
      steps: 3,
      stale: false,
      state: { kind: "done", result: { layer: "simple_rnn", steps: 3 } },
    });
  });

  it("take the weights that a run has kept", async () => {
    const { deep } = start();
    deep.start(target(configText(), "good"), null, 0, { kind: "best", runId: "train-1" });
    await expect.poll(() => deep.view?.state.kind).toBe("done");
    expect(deep.view).toMatchObject({ checkpoint: "best", state: { result: { steps: 70 } } });
  });

  it("are stopped, are replaced by the next, and report how the engine failed", async () => {
    const { deep } = start();
    deep.start(target(configText(), "polite"), null, 0);
    await expect.poll(() => deep.view?.state).toMatchObject({ stage: "training" });
    deep.stop();
    await expect.poll(() => deep.view?.state).toEqual({ kind: "failed", message: "Stopped." });
    deep.start(target(configText(), "polite"), null, 0);
    deep.start(target(configText(), "good"), null, 0);
    await expect.poll(() => deep.view?.state.kind).toBe("done");
    expect(deep.view?.model).toBe("good");
    deep.start(target(configText("crash"), "crash"), null, 0);
    await expect.poll(() => deep.view?.state).toMatchObject({ kind: "failed", message: /code 3/ });
  });

  it("are marked when their model was edited since", async () => {
    const { deep, store } = start();
    const text = configText();
    store.open(uri, text);
    deep.start(target(text, "good"), null, 0);
    await expect.poll(() => deep.view?.state.kind).toBe("done");
    const edit = (from: string, to: string): void => {
      const before = store.view(uri)!.text;
      const offset = before.indexOf(from);
      store.change(uri, before.replace(from, to), [{ offset, length: from.length, inserted: to.length }]);
    };
    edit('"units": 2', '"units": 3');
    expect(deep.view?.stale).toBe(true);
    edit('"units": 3', '"units": 2');
    expect(deep.view?.stale).toBe(false);
  });

  it("are marked when a file that the model reads changed since", async () => {
    const { deep } = start();
    deep.start(target(tableText, "good"), null, 0);
    await expect.poll(() => deep.view?.state.kind).toBe("done");
    deep.fileChanged(path.resolve("/project/other.csv"));
    expect(deep.view?.stale).toBe(false);
    deep.fileChanged(path.resolve("/project/data/a.csv"));
    expect(deep.view?.stale).toBe(true);
    deep.start(target(tableText, "good"), null, 0);
    expect(deep.view?.stale).toBe(false);
  });

  it("can take any recurrent layer of a model, by the engine's names", () => {
    const text = configText().replace(
      '{ "type": "simpleRNN", "units": 2 }',
      '{ "type": "bidirectional", "layer": { "type": "gru", "units": 2, "returnSequences": true } }, { "type": "lstm", "name": "top", "units": 2 }',
    );
    expect(recurrentNames(target(text, "polite").model)).toEqual([
      "bidirectional/forward",
      "bidirectional/backward",
      "top",
    ]);
  });
});
