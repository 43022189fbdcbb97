/** Checks that a single module shows notifications, which makes every text in them plain. */

import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { root } from "../../../tools/root.ts";

/** The module that may call VS Code for it. */
const module = "src/host/notify.ts";

const shows = /\bshow(?:Information|Warning|Error)Message\b/;

const files = fs
  .readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((file) => path.posix.join("src", file.split(path.sep).join("/")))
  .filter((file) => file.endsWith(".ts"));

function filesWith(what: RegExp): readonly string[] {
  return files.filter((file) => what.test(fs.readFileSync(path.join(root, file), "utf8")));
}

it("notifications are shown by one module alone, so that no name in them becomes a link", () => {
  expect(files.length).toBeGreaterThan(300);
  expect(filesWith(shows)).toEqual([module]);
});

it("runs and verifications have no progress but that of our status bar item, and none covers the panel", () => {
  expect(filesWith(/\bProgressLocation\.Notification\b/)).toEqual([]);
  // The doctor waits for an engine and has no item.
  expect(filesWith(/\b(?:withProgress|ProgressLocation)\b/)).toEqual(["src/host/commands/doctor.ts"]);
});
