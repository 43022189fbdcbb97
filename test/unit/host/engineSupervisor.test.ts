import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type EngineOptions, EngineSupervisor } from "../../../src/host/runs/engineSupervisor.ts";
import { inspectPorts, noInspection } from "../../../src/host/runs/inspection.ts";
import type { RunEnd } from "../../../src/protocol/engineMessages.ts";
import { patience } from "../../../tools/patience.mts";
import { sampled } from "../../budget.ts";

const enginePath = path.resolve("test/fixtures/engine/scriptedEngine.mjs");
const made: EngineSupervisor[] = [];

function supervisor(options: Partial<EngineOptions> = {}): EngineSupervisor {
  const made1 = new EngineSupervisor(
    {
      enginePath,
      env: () => ({}),
      idleTimeout: () => 60_000,
      responseTimeout: () => patience.wait,
      cancelGrace: 300,
      hearGrace: 300,
      log: () => {},
      inspect: noInspection,
      ...options,
    },
    "probe",
  );
  made.push(made1);
  return made1;
}

afterEach(() => {
  for (const s of made.splice(0)) s.dispose();
});

interface Outcome {
  readonly end: RunEnd;
  readonly frames: number;
  readonly started: boolean;
}

let count = 0;
function run(
  engine: EngineSupervisor,
  model: string,
  during: (cancel: () => void) => void = () => {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    let frames = 0;
    let started = false;
    const request = {
      type: "run",
      seed: null,
      runId: `run-${++count}`,
      kind: "probe",
      configPath: "/tmp/gradlens.json",
      configText: "{}",
      model,
      steps: null,
      budget: 1000,
    } as const;
    const job = engine.run(request, {
      started: () => {
        started = true;
        during(() => job.cancel());
      },
      frame: () => frames++,
      ended: (end) => resolve({ end, frames, started }),
    });
    if (model === "silent") during(() => job.cancel());
  });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

function message(end: RunEnd): string {
  return end.kind === "failed" ? end.message : `not failed but ${end.kind}`;
}

describe("EngineSupervisor", () => {
  it("starts no process before the first run, and keeps one for the next", async () => {
    const engine = supervisor();
    expect(engine.pid).toBeUndefined();
    expect(await run(engine, "good")).toEqual({ end: { kind: "budget" }, frames: 2, started: true });
    const pid = engine.pid;
    await run(engine, "good");
    expect(engine.pid).toBe(pid);
    expect(pid).toBeGreaterThan(0);
  });

  it("takes runs one at a time, in order", async () => {
    const engine = supervisor();
    const order: string[] = [];
    await Promise.all(
      ["good", "refused", "good"].map((model, i) =>
        run(engine, model).then(({ end }) => order.push(`${i} ${end.kind}`)),
      ),
    );
    expect(order).toEqual(["0 budget", "1 refused", "2 budget"]);
  });

  const causes: readonly [string, RegExp][] = [
    ["crash", /ended with code 3/],
    ["suicide", /killed \(SIGKILL\)/],
    ["memory", /ran out of memory/],
    ["gibberish", /does not understand/],
  ];
  it.each(sampled(causes, 4, 0, 1))(
    "turns '%s' into a failure with its cause, and the next run works",
    async (model, cause) => {
      const engine = supervisor();
      const { end } = await run(engine, model);
      expect(message(end)).toMatch(cause);
      expect((await run(engine, "good")).end.kind).toBe("budget");
    },
  );

  it("says how far a run had come", { tags: "thorough" }, async () => {
    expect(message((await run(supervisor(), "crash")).end)).toContain("It had reached step 2.");
  });

  it("fails only the current run: waiting runs get a fresh process", async () => {
    const engine = supervisor();
    const [first, second] = await Promise.all([run(engine, "suicide"), run(engine, "good")]);
    expect(first.end.kind).toBe("failed");
    expect(second.end.kind).toBe("budget");
  });

  it("does not blame a run for an engine that died while idle", { tags: "thorough" }, async () => {
    const engine = supervisor();
    await run(engine, "good");
    // 0 would be this process's own group.
    if (engine.pid === undefined) throw new Error("the engine is gone");
    process.kill(engine.pid, "SIGKILL");
    // The exit has not been noticed yet.
    expect((await run(engine, "good")).end).toEqual({ kind: "budget" });
  });

  it("kills an engine that sends nothing for too long", async () => {
    let limit = 500;
    const engine = supervisor({ responseTimeout: () => limit });
    const { end } = await run(engine, "stuck");
    limit = patience.wait;
    expect(message(end)).toContain("did not respond for");
    expect((await run(engine, "good")).end.kind).toBe("budget");
  });

  it("waits for an engine that sends nothing but computes, and stops it within a step", {
    tags: "thorough",
  }, async () => {
    // A busy machine may take long to start the process.
    let limit: number = patience.wait;
    const said: string[] = [];
    const engine = supervisor({
      responseTimeout: () => limit,
      hearGrace: patience.wait,
      log: (_, text) => said.push(text),
    });
    expect((await run(engine, "good")).end.kind).toBe("budget");
    limit = 4000;
    const { end } = await run(engine, "computing", (cancel) => setTimeout(cancel, 1.5 * limit));
    expect(end).toEqual({ kind: "cancelled" });
    expect(said.filter((text) => /did not|killed/.test(text))).toEqual([]);
  });

  it("cancels by asking", async () => {
    const engine = supervisor({ cancelGrace: patience.wait, hearGrace: patience.wait });
    const { end } = await run(engine, "polite", (cancel) => cancel());
    const pid = engine.pid;
    expect(end.kind).toBe("cancelled");
    await run(engine, "good");
    expect(engine.pid).toBe(pid);
  });

  it("kills an engine that does not stop when asked", async () => {
    const engine = supervisor();
    let pid = 0;
    const { end } = await run(engine, "stuck", (cancel) => {
      pid = engine.pid ?? 0;
      cancel();
    });
    expect(end.kind).toBe("cancelled");
    await gone(pid);
    expect((await run(engine, "good")).end.kind).toBe("budget");
  });

  it("gives an engine that says that it stops the time to do so", async () => {
    const said: string[] = [];
    const log = (_: string, text: string): number => said.push(text);
    const engine = supervisor({ cancelGrace: 50, hearGrace: 60_000, log });
    const { end } = await run(engine, "dawdling", (cancel) => cancel());
    expect(end.kind).toBe("cancelled");
    expect(said).toContain("the engine did not stop within 50 ms and is killed");
  });

  it("kills an engine in a step that does not let it answer", async () => {
    const said: string[] = [];
    const log = (_: string, text: string): number => said.push(text);
    const engine = supervisor({ cancelGrace: 60_000, hearGrace: 50, log });
    const { end } = await run(engine, "stuck", (cancel) => cancel());
    expect(end.kind).toBe("cancelled");
    expect(said).toContain("the engine did not answer within 50 ms and is killed");
  });

  it("cancels a run that has not started", async () => {
    const engine = supervisor();
    const { end } = await run(engine, "silent", (cancel) => queueMicrotask(cancel));
    expect(end.kind).toBe("cancelled");
  });

  it("refuses an engine of another version", async () => {
    const engine = supervisor({ env: () => ({ SCRIPTED_VERSION: "99" }) });
    expect(message((await run(engine, "good")).end)).toContain("protocol version 99");
  });

  it("says so when there is no engine", async () => {
    const engine = supervisor({ enginePath: path.resolve("test/fixtures/engine/missing.mjs") });
    expect(message((await run(engine, "good")).end)).toMatch(/ended with code 1.*Cannot find module/s);
  });

  it("ends an idle process", async () => {
    const engine = supervisor({ idleTimeout: () => 0 });
    let pid = 0;
    await run(engine, "good", () => {
      pid = engine.pid ?? 0;
    });
    await gone(pid);
    expect(engine.pid).toBeUndefined();
  });

  it("leaves no process behind when disposed, and ends running and waiting runs", async () => {
    const engine = supervisor();
    let pid = 0;
    const running = run(engine, "stuck", () => {
      pid = engine.pid ?? 0;
      engine.dispose();
    });
    const waiting = run(engine, "good");
    expect((await running).end.kind).toBe("cancelled");
    expect((await waiting).end.kind).toBe("cancelled");
    await gone(pid);
  });

  it("starts with an inspector if requested, and then waits at breakpoints", async () => {
    const heard: string[] = [];
    const engine = supervisor({
      inspect: { ...noInspection, probe: 0 },
      responseTimeout: () => 1,
      log: (_, text) => heard.push(text),
    });
    expect((await engine.doctor()).platform).toBe("test");
    const outcome = run(engine, "polite", (cancel) => setTimeout(cancel, 500));
    expect((await outcome).end.kind).toBe("cancelled");
    expect(heard.join("\n")).toMatch(/Debugger listening on ws:\/\/127\.0\.0\.1:\d+\//);
  });

  it("gives each engine its own inspector port, and refuses invalid values", () => {
    expect(inspectPorts(undefined)).toEqual(noInspection);
    expect(inspectPorts("9239")).toEqual({ probe: 9239, train: 9240, verify: 9241 });
    expect(inspectPorts("0")).toEqual({ probe: 0, train: 0, verify: 0 });
    for (const value of ["80", "65535", "yes", "-1", "9239.5", "0.0.0.0:9229"])
      expect(inspectPorts(value)).toContain(`"${value}", but must be a port`);
  });

  it("asks the doctor, and says why there is no answer", { tags: "thorough" }, async () => {
    expect((await supervisor().doctor()).platform).toBe("test");
    await expect(supervisor({ enginePath: "/nowhere/engine.js" }).doctor()).rejects.toThrow(/code 1/);
  });
});
