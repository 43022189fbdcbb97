import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ExampleInVsCode, lenses, openExample } from "../../../tools/vscode/exampleInVsCode.ts";
import { installExtension } from "../../../tools/vscode/installExtension.ts";
import { recall } from "../editor/recall.ts";
import { verifyInPanel } from "../editor/verifyInPanel.ts";
import { packedExtension } from "./packed.ts";

describe("the packed extension, installed into a new profile", () => {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-packed-"));
  const extensionsDir = path.join(top, "extensions");
  let example: ExampleInVsCode | undefined;

  beforeAll(async () => {
    await installExtension(packedExtension().vsix, extensionsDir, path.join(top, "data"));
  });
  afterEach(async () => {
    await example?.close();
    example = undefined;
  });
  afterAll(() => fs.rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

  it("is the only copy of the extension there", () => {
    expect(fs.readdirSync(extensionsDir).filter((name) => name.includes("gradient-lens"))).toHaveLength(1);
  });

  it("probes a net that Keras saved", async () => {
    example = await openExample("saved-model", { installed: true, extensionsDir });
    const tanh = lenses(example.page, /gradient reaches \d+ of 49/);
    await tanh.first().waitFor();
    expect(await lenses(example.page, /cannot|refused|failed/).count()).toBe(0);
  });

  it("verifies fixes in its panel", async () => {
    example = await openExample("vanishing-sigmoid", { text: recall, installed: true, extensionsDir });
    const { page } = example;
    await lenses(page, /gradient reaches/)
      .first()
      .waitFor();
    const tab = await verifyInPanel(page);
    await tab.locator(".verified-table").waitFor();
    const applied = tab.getByRole("button", { name: /^Apply: / });
    await applied.first().scrollIntoViewIfNeeded();
    expect(await applied.count()).toBeGreaterThan(0);
  });
});
