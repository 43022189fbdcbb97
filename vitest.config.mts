import { randomUUID } from "node:crypto";
import { defineConfig } from "vitest/config";
import { cachedReader } from "./src/engine/readingThread/build.mjs";
import { cachedKernels } from "./src/kernels/build.mjs";
import { tierTags } from "./test/tier.mts";
import { patience } from "./tools/patience.mts";

/** Code under test runs from its sources; the kernels and the reading thread it needs are compiled when they have changed. */
const env = { GRADLENS_KERNELS: await cachedKernels(), GRADLENS_READER: await cachedReader() };

const limits = { testTimeout: patience.test, hookTimeout: patience.test, expect: { poll: { timeout: patience.wait } } };

export default defineConfig({
  test: {
    tags: tierTags,
    // A sixth of a run's processor time would be spent on transforming the same sources again.
    experimental: { fsModuleCache: true, fsModuleCachePath: ".cache/vitest" },
    projects: [
      {
        test: {
          name: "unit",
          // A quarter of the time is spent on loading tfjs and zod: files share what is loaded. Three at a time keep two
          // processors busy, because some of them wait for processes.
          isolate: false,
          include: ["test/unit/**/*.test.ts"],
          setupFiles: [
            "test/unit/typedArrays.ts",
            "test/unit/randomInputs.ts",
            "test/unit/english.ts",
            "test/unit/dirtyMemory.ts",
          ],
          ...limits,
          pool: "forks",
          maxWorkers: 3,
          env: { ...env, GRADLENS_TEST_RUN: randomUUID() },
          globalSetup: ["test/unit/bundles.ts"],
        },
      },
      {
        test: {
          name: "examples",
          // Vitest wants projects of other numbers of workers apart.
          sequence: { groupOrder: 1 },
          include: ["test/examples/**/*.test.ts"],
          ...limits,
          pool: "forks",
          maxWorkers: 2,
          env,
        },
      },
      {
        test: {
          name: "ui",
          // Files of a process share what is costly to start. A second process uses the time in which the first one waits.
          isolate: false,
          sequence: { groupOrder: 2 },
          include: ["test/ui/**/*.test.ts"],
          ...limits,
          pool: "forks",
          maxWorkers: 2,
          // Tells the processes of this run from those of another one.
          env: { GRADLENS_TEST_RUN: randomUUID() },
        },
      },
    ],
  },
});
