/** Texts of files in notifications and lists: no link and no icon comes from them, whoever shows them. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { picks, shown } from "./shownTexts.ts";

vi.mock("vscode", async () => ({ window: (await import("./shownTexts.ts")).window }));

const { ask, chooseName, complain, inform, warn } = await import("../../../src/host/notify.ts");

const hostile = [
  "[Fix it](command:workbench.action.terminal.new)",
  "[a](https://example.org)[b](file:///etc/passwd)",
  "$(verified) safe",
  "one\ntwo\r\nthree",
  "\u202egnp.exe\u001b[2J",
];

/** As VS Code reads notifications (`parseLinkedText`), and icons in labels. */
const link = /\[[^\]]+\]\([^)\s]+/;
const icon = /\$\([\w~-]+\)/;

beforeEach(() => {
  shown.length = 0;
  picks.length = 0;
});

describe.each(Object.entries({ ask, complain, inform, warn }))("%s", (_, say) => {
  it.each(hostile)("shows %j as it is read", async (text) => {
    await say(`The config has errors. ${text}`, "Show");
    const [{ text: got = "", rest = [] } = {}] = shown;
    expect(got).toMatch(/^The config has errors\. ./);
    expect(got).not.toMatch(link);
    expect(got).not.toMatch(icon);
    expect(got).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect(rest.at(-1)).toBe("Show");
  });
});

describe("a list of names", () => {
  it("has no icons of names, and says which one was chosen, also among two that look alike", async () => {
    expect(await chooseName([...hostile, "$(a) x", "$\u2060(a) x"], "Which?")).toBe(hostile.length + 1);
    const labels = picks[0]?.map(({ label }) => label) ?? [];
    expect(labels).toHaveLength(hostile.length + 2);
    expect(labels.filter((label) => icon.test(label))).toEqual([]);
  });
});
