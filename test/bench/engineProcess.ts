/** The engine as a process of its own, as the editor starts it, with a look at how long it does not answer. */

import { type ChildProcess, fork } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { type FromEngine, fromEngineSchema, type ToEngine } from "../../src/protocol/engineMessages.ts";
import { stopFd, stopFdVariable } from "../../src/protocol/stopChannel.ts";

/**
 * Code that the engine loads first: on SIGUSR2 it prints the longest pause of the event loop since the last time, and
 * the processor time of all threads within it, which other processes do not prolong.
 */
const watch = `
let last = performance.now(), used = process.cpuUsage(), longest = 0, computed = 0;
const look = () => {
  const now = performance.now(), { user, system } = process.cpuUsage(used);
  if (now - last > longest) { longest = now - last; computed = (user + system) / 1000; }
  last = now;
  used = process.cpuUsage();
};
setInterval(look, 5).unref();
process.on("SIGUSR2", () => {
  look();
  process.stderr.write("stall " + longest.toFixed(0) + " " + computed.toFixed(0) + "\\n");
  longest = 0;
});`;

export function start(bundle: string, folder: string): { engine: ChildProcess; longest: () => Promise<string> } {
  const hook = path.join(folder, "watch.cjs");
  fs.writeFileSync(hook, watch);
  const engine = fork(bundle, [], {
    serialization: "advanced",
    execArgv: ["--require", hook, ...process.execArgv],
    stdio: ["ignore", "ignore", "pipe", "ipc", "pipe"],
    env: { ...process.env, [stopFdVariable]: String(stopFd) },
  });
  const waiting: ((text: string) => void)[] = [];
  if (engine.stderr)
    createInterface({ input: engine.stderr }).on("line", (line) => {
      const found = /^stall (\d+) (\d+)$/.exec(line);
      if (found) waiting.shift()?.(`${found[1]} ms (${found[2]} ms)`.padStart(20));
      else console.error(line);
    });
  const longest = (): Promise<string> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      engine.kill("SIGUSR2");
    });
  return { engine, longest };
}

let runs = 0;

export function request(
  folder: string,
  config: object,
  steps: number,
  deep: boolean,
): ToEngine & { readonly runId: string } {
  const common = {
    runId: `stall-${++runs}`,
    configPath: path.join(folder, "gradlens.json"),
    configText: JSON.stringify(config),
  };
  const model = Object.keys((config as { readonly models: object }).models)[0] ?? "net";
  if (deep) return { type: "deepProbe", ...common, model, layer: null, steps, checkpoint: null };
  return { type: "run", ...common, model, kind: "train", steps, budget: null, seed: null };
}

export function ended(engine: ChildProcess, message: ToEngine & { readonly runId: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const hear = (raw: unknown): void => {
      const heard: FromEngine = fromEngineSchema.parse(raw);
      if (heard.type === "log" && heard.level === "error") console.error(heard.message);
      if (heard.type !== "ended" || heard.runId !== message.runId) return;
      engine.off("message", hear);
      const { outcome } = heard;
      resolve(
        outcome.kind === "refused"
          ? `refused, ${outcome.problems[0]?.message}`
          : outcome.kind === "failed"
            ? outcome.message
            : outcome.kind,
      );
    };
    engine.on("message", hear);
    engine.once("exit", (code) => reject(new Error(`The engine ended with ${code}.`)));
    engine.send(message);
  });
}
