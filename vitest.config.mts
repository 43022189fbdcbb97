import { defineConfig } from "vitest/config";
import { cachedReader } from "./src/engine/readingThread/build.mjs";
import { cachedKernels } from "./src/kernels/build.mjs";
import { patience } from "./tools/patience.mts";

/** Code under test runs from its sources; the kernels and the reading thread it needs are compiled when they have changed. */
const env = { GRADLENS_KERNELS: await cachedKernels(), GRADLENS_READER: await cachedReader() };

const limits = { testTimeout: patience.test, hookTimeout: patience.test, expect: { poll: { timeout: patience.wait } } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          // A quarter of the time is spent on loading tfjs and zod: files share what is loaded, two at a time.
          isolate: false,
          include: ["test/unit/**/*.test.ts"],
          setupFiles: ["test/unit/typedArrays.ts", "test/unit/randomInputs.ts"],
          ...limits,
          pool: "forks",
          maxWorkers: 2,
          env,
        },
      },
      {
        test: {
          name: "examples",
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
          // One process, so that the browser is looked for once. Vitest wants projects of other numbers of workers apart.
          isolate: false,
          sequence: { groupOrder: 1 },
          include: ["test/ui/**/*.test.ts"],
          ...limits,
          pool: "forks",
          fileParallelism: false,
        },
      },
    ],
  },
});
