/** A program that reads the files that its config names, once, and prints its peak memory. */

import fs from "node:fs";
import path from "node:path";
import { parseConfig } from "../../../../src/config/parse.ts";
import { loadData } from "../../../../src/engine/data/loadData.ts";
import { readModel } from "../../../../src/engine/saved/readModel.ts";

async function main(config: string): Promise<void> {
  const { config: parsed, problems } = parseConfig(fs.readFileSync(config, "utf8"));
  const [model] = parsed?.models ?? [];
  const folder = path.dirname(config);
  const refusals: string[] = problems.map(({ message }) => message);
  if (model?.file) {
    try {
      const saved = await readModel(path.join(folder, model.file.name), new AbortController().signal);
      await saved.weights();
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
    }
  } else if (model) {
    const { data, dataPath, training, trainingPath } = model;
    const loaded = await loadData(data, dataPath, folder, { loss: training.loss, path: trainingPath });
    if (Array.isArray(loaded)) refusals.push(...loaded.map(({ message }) => message));
  }
  process.stdout.write(JSON.stringify({ kilobytes: peakKilobytes(), refusals }));
}

/**
 * Peak memory of this program alone. Linux's `ru_maxrss` survives `execve` (`exec_mmap` in fs/exec.c), so it would count
 * the test runner that this process was forked from.
 */
function peakKilobytes(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(fs.readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes);
}

void main(process.argv[2] ?? "");
