import { defineConfig } from "vitest/config";
import { cachedReader } from "./src/engine/readingThread/build.mjs";
import { cachedKernels } from "./src/kernels/build.mjs";

/** Code under test runs from its sources; the kernels and the reading thread it needs are compiled when they have changed. */
const env = { GRADLENS_KERNELS: await cachedKernels(), GRADLENS_READER: await cachedReader() };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: "forks",
          maxWorkers: 2,
          env,
        },
      },
      {
        test: {
          name: "examples",
          include: ["test/examples/**/*.test.ts"],
          testTimeout: 120_000,
          pool: "forks",
          maxWorkers: 2,
          env,
        },
      },
      {
        test: {
          name: "ui",
          include: ["test/ui/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          pool: "forks",
          fileParallelism: false,
        },
      },
    ],
  },
});
