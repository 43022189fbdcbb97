import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";
import { type ExampleInVsCode, lenses, openExample, runCommand } from "../../../tools/vscode/exampleInVsCode.ts";
import { linkExtension } from "../../../tools/vscode/installExtension.ts";

describe("the checkout, linked into VS Code as by npm start -- --server", () => {
  const extensionsDir = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-linked-"));
  let example: ExampleInVsCode | undefined;
  afterAll(async () => {
    await example?.close();
    fs.rmSync(extensionsDir, { recursive: true, force: true });
  });

  it("shows notifications", { tags: "thorough" }, async () => {
    linkExtension(root, extensionsDir);
    example = await openExample("vanishing-sigmoid", { installed: true, extensionsDir, testDriver: false });
    const { page } = example;
    await lenses(page, /gradient reaches/)
      .first()
      .waitFor();
    await runCommand(page, "Gradient Lens: Create Example Config");
    const toast = page.locator(".notifications-toasts .notification-list-item", { hasText: "gradlens.json" });
    await toast.first().waitFor();
    expect(await toast.count()).toBe(1);
  });
});
