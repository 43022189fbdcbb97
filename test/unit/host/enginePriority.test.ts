import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { shutDownEngine, startEngine } from "../../../src/host/runs/engineProcess.ts";

const enginePath = path.resolve("test/fixtures/engine/scriptedEngine.mjs");
const ignored = { message: () => {}, sign: () => {}, gone: () => {} };

describe("an engine of the editor", () => {
  it("lets the editor go first where both want the processor", async () => {
    const child = startEngine({ enginePath, env: () => ({}), log: () => {} }, null, ignored);
    try {
      const given = os.getPriority(child.pid);
      expect(given).toBeGreaterThanOrEqual(os.getPriority());
      if (process.platform !== "win32") expect(given).toBe(Math.min(19, os.getPriority() + 5));
    } finally {
      await new Promise<void>((ended) => shutDownEngine(child, 1000, ended));
    }
  });
});
