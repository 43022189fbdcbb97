/** What is said once something is done: that a file was saved, and why a run failed, each with what comes next. */

import { beforeEach, expect, it, vi } from "vitest";
import type { Run } from "../../../src/host/runs/run.ts";
import type { RunService } from "../../../src/host/runs/runService.ts";
import { shown } from "./shownTexts.ts";

const executed: (readonly unknown[])[] = [];

vi.mock("vscode", async () => ({
  window: (await import("./shownTexts.ts")).window,
  workspace: { asRelativePath: ({ path }: { path: string }) => path.replace("/folder/", "") },
  commands: { executeCommand: async (...args: readonly unknown[]) => executed.push(args) },
}));

const { confirmSaved } = await import("../../../src/host/save/saveAs.ts");
const { reportFailures } = await import("../../../src/host/status/reportFailures.ts");

beforeEach(() => {
  shown.length = 0;
  executed.length = 0;
});

it("says where a file was saved, and offers to open it", async () => {
  await confirmSaved({ path: "/folder/net/run.csv" } as Parameters<typeof confirmSaved>[0]);
  expect(shown).toEqual([{ text: expect.stringContaining("net/run.csv"), rest: ["Open"] }]);
});

/** Reports the change of a run, as the run service would. */
function changed(run: Partial<Run>): void {
  let tell: (run: Run) => void = () => {};
  const onChange = (listener: (run: Run) => void) => {
    tell = listener;
    return { dispose: () => {} };
  };
  reportFailures({ onChange } as unknown as RunService);
  tell({ name: "net", uri: "file:///net", state: "ended", askedBy: "user", ...run } as Run);
}

it.each([
  ["train", "Train Again"],
  ["probe", "Probe Again"],
] as const)("says why what the user asked for failed, and offers the same again: %s", async (kind, again) => {
  changed({ kind, end: { kind: "failed", message: "The engine was killed." } });
  expect(shown).toEqual([{ text: "net: The engine was killed.", rest: [again, "Show Log", "Run Doctor"] }]);
});

it("is silent about what nobody asked for", () => {
  changed({ kind: "probe", askedBy: "editor", end: { kind: "failed", message: "The engine was killed." } });
  expect(shown).toEqual([]);
});
