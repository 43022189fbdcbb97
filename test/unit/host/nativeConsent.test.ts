import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NativeConsent } from "../../../src/host/native/nativeConsent.ts";

let top = "";
let memory = new Map<string, unknown>();
const consent = () =>
  new NativeConsent({ get: (key) => memory.get(key), update: async (key, value) => void memory.set(key, value) });

function withPackage(workspace: string): string {
  const at = path.join(top, workspace, "node_modules/@tensorflow/tfjs-node");
  fs.mkdirSync(at, { recursive: true });
  fs.writeFileSync(path.join(at, "package.json"), JSON.stringify({ version: "4.22.0", main: "index.js" }));
  fs.writeFileSync(path.join(at, "index.js"), "");
  return at;
}

beforeEach(() => {
  top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-consent-")));
  memory = new Map();
});
afterEach(() => fs.rmSync(top, { recursive: true }));

describe("a consent to native code", () => {
  it("is requested once for each package, and remembered", async () => {
    const [a, b] = [withPackage("a"), withPackage("b")];
    const workspace = path.join(top, "a");
    expect(consent().state(workspace)).toEqual({ kind: "unasked", folder: a });
    expect(consent().allowed(workspace)).toBe("");
    await consent().answer(a, true);
    expect(consent().allowed(workspace)).toBe(a);
    expect(consent().state(path.join(top, "b"))).toEqual({ kind: "unasked", folder: b });
    await consent().answer(a, false);
    expect(consent().state(workspace)).toEqual({ kind: "refused", folder: a });
    expect(consent().allowed(workspace)).toBe("");
  });

  it("belongs to the package that was there: a link to another one does not inherit it", async () => {
    const a = withPackage("a");
    await consent().answer(a, true);
    fs.renameSync(path.join(top, "a/node_modules"), path.join(top, "moved"));
    fs.symlinkSync(path.join(top, "moved"), path.join(top, "a/node_modules"), "junction");
    expect(consent().allowed(path.join(top, "a"))).toBe("");
    expect(consent().state(path.join(top, "a"))).toEqual({
      kind: "none",
      outside: path.join(top, "moved/@tensorflow/tfjs-node"),
    });
  });

  it("never covers a parent folder's package, or any without a trusted folder", async () => {
    const parent = withPackage(".");
    await consent().answer(parent, true);
    fs.mkdirSync(path.join(top, "inside"));
    expect(consent().state(path.join(top, "inside"))).toEqual({ kind: "none", outside: parent });
    expect(consent().allowed("")).toBe("");
  });

  it("is absent if the stored value is invalid, and the store stays small", async () => {
    const a = withPackage("a");
    for (const odd of [null, "yes", { [a]: true }, [{ folder: a }], [{ folder: a, allowed: "yes" }]]) {
      memory.set("nativeCode", odd);
      expect(consent().state(path.join(top, "a"))).toEqual({ kind: "unasked", folder: a });
    }
    for (let i = 0; i < 300; i++) await consent().answer(`/${i}`, true);
    expect(memory.get("nativeCode")).toHaveLength(200);
  });
});
