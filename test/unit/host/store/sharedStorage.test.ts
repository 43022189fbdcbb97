import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { sharedStorage } from "../../../../src/host/store/sharedStorage.ts";

it("is the storage of the workspace's first window", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-storage-"));
  try {
    fs.mkdirSync(path.join(root, "3fa2"));
    const of = (workspace: string) => sharedStorage(path.join(root, workspace, "gradient-lens"));
    expect(of("3fa2")).toBe(path.join(root, "3fa2", "gradient-lens"));
    expect(of("3fa2-1")).toBe(path.join(root, "3fa2", "gradient-lens"));
    expect(of("3fa2-9")).toBe(path.join(root, "3fa2", "gradient-lens"));
    // No second window: there is no such first one, or the number is not 1 to 9.
    expect(of("77ab-1")).toBe(path.join(root, "77ab-1", "gradient-lens"));
    expect(of("3fa2-12")).toBe(path.join(root, "3fa2-12", "gradient-lens"));
    expect(of("-1")).toBe(path.join(root, "-1", "gradient-lens"));
  } finally {
    fs.rmSync(root, { recursive: true });
  }
});
