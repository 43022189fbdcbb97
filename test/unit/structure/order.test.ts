import { describe, expect, it } from "vitest";
import { ORDERS } from "../../../tools/importRules.ts";
import { againstOrder, circles, fileGraph, type Graph, roomGraph, sourceTexts } from "./importGraph.ts";

const texts = sourceTexts();
const files = fileGraph(texts);
const PARTS = ["src/config", "src/protocol", "src/diagnosis", "src/kernels", "src/files", "src/cli"];

/** The tree with an additional import at the end of a file. */
function withImport(file: string, line: string): Graph {
  return fileGraph(new Map([...texts, [file, `${texts.get(file)}\n${line}\n`]]));
}

describe("files", () => {
  it("have no import cycle, types included", () => {
    expect(files.size).toBeGreaterThan(500);
    expect(circles(files)).toEqual([]);
  });

  it("are reported if an import leads back", () => {
    const added = withImport("src/engine/backend/rung.ts", 'import type { BackendOptions } from "./ladder.ts";');
    const [circle = [], ...others] = circles(added);
    expect(others).toEqual([]);
    expect(circle).toEqual(expect.arrayContaining(["src/engine/backend/ladder.ts", "src/engine/backend/rung.ts"]));
    expect(
      circles(
        new Map([
          ["a", new Set(["b", "c"])],
          ["b", new Set(["c"])],
          ["c", new Set(["d"])],
          ["d", new Set(["b"])],
        ]),
      ),
    ).toEqual([["b", "c", "d"]]);
    expect(circles(new Map([["a", new Set(["a"])]]))).toEqual([["a"]]);
  });
});

describe("folders of a part", () => {
  it.each([...PARTS, ...Object.keys(ORDERS)])("of %s have no import cycle", (base) => {
    const rooms = roomGraph(files, base);
    expect(rooms.size).toBeGreaterThan(1);
    expect(circles(rooms)).toEqual([]);
  });

  it.each(Object.entries(ORDERS))("of %s keep their order, and each has a place in it", (base, order) => {
    expect(againstOrder(files, base, order)).toEqual([]);
    const named = order.flat();
    expect([...named].sort()).toEqual([...roomGraph(files, base).keys()].sort());
  });

  it.each([
    ["src/engine", "src/engine/data/random.ts", "../process/coalescer.ts"],
    ["src/engine", "src/engine/recording/recorder.ts", "../memory/layout.ts"],
    ["src/engine", "src/engine/measure/columns.ts", "../training/step.ts"],
    ["src/host", "src/host/runs/run.ts", "../verify/verificationService.ts"],
    ["webview", "webview/state/selection.ts", "../charts/heatGrid.ts"],
  ])("of %s are reported if %s imports %s", (base, file, from) => {
    const line = `import type { X } from "${from}";`;
    const wrong = againstOrder(withImport(file, line), base, ORDERS[base] ?? []);
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toContain(`${file} imports `);
  });

  it("are reported if they are new and have no place", () => {
    const added = fileGraph(new Map([...texts, ["src/engine/fresh/file.ts", ""]]));
    expect(againstOrder(added, "src/engine", ORDERS["src/engine"] ?? [])).toEqual([
      "src/engine/fresh/file.ts: src/engine/fresh has no place in the order of tools/importRules.ts",
    ]);
  });
});
