/** Checks that a single module shows notifications, which makes every text in them plain. */

import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { root } from "../../../tools/root.ts";

/** The module that may call VS Code for it. */
const module = "src/host/notify.ts";

const shows = /\bshow(?:Information|Warning|Error)Message\b/;

it("notifications are shown by one module alone, so that no name in them becomes a link", () => {
  const files = fs
    .readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((file) => path.posix.join("src", file.split(path.sep).join("/")))
    .filter((file) => file.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((file) => shows.test(fs.readFileSync(path.join(root, file), "utf8")))).toEqual([module]);
});
