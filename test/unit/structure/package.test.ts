import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";

/** Everything that the VSIX may contain. */
const SHIPPED = [
  /^package(\.nls)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^dist\/(extension|engine|reader|cli|panel)\.js$/,
  /^dist\/h5wasm\.mjs$/,
  /^dist\/panel\.css$/,
  /^dist\/gradlens\.schema\.json$/,
  /^dist\/tfjs-backend-wasm(-simd|-threaded-simd)?\.wasm$/,
  /^dist\/(kernels\.(simd|relaxed)|sums)\.wasm$/,
  /^dist\/digits\.gz$/,
  /^docs\/(config|findings)\.md$/,
  /^docs\/findings\/[\w-]+\.svg$/,
  /^media\/[\w-]+\.(svg|png)$/,
  /^media\/screenshots\/[\w-]+\.png$/,
  /^media\/walkthrough\/[\w-]+\.svg$/,
];

/**
 * Limits in kilobytes of a minified build, about a fifth above its present size, so that an additional library is
 * noticed.
 */
const BUDGETS: Readonly<Record<string, number>> = {
  "extension.js": 640,
  "engine.js": 2200,
  "reader.js": 230,
  "cli.js": 2400,
  "panel.js": 385,
  "h5wasm.mjs": 5000,
  "panel.css": 20,
  "gradlens.schema.json": 680,
};

/** A copy of the checkout with its own minified build, so that dist/ is neither needed nor changed. */
const copy = path.join(root, "out/package");
const built = path.join(copy, "dist");
/** Files that a checkout does not contain, from .gitignore. */
const NOT_COPIED = [".git", "node_modules", "dist", "out", ".cache", ".vscode-test", "checkpoints"];

beforeAll(() => {
  fs.rmSync(copy, { recursive: true, force: true });
  for (const name of fs.readdirSync(root).filter((name) => !NOT_COPIED.includes(name)))
    fs.cpSync(path.join(root, name), path.join(copy, name), {
      recursive: true,
      filter: (from) => !NOT_COPIED.includes(path.basename(from)),
    });
  execFileSync(process.execPath, ["esbuild.mjs", "--minify", `--out=${path.relative(root, built)}`], { cwd: root });
});

describe("the package", () => {
  let files: string[] = [];
  beforeAll(() => {
    const vsce = path.join(root, "node_modules/@vscode/vsce/vsce");
    files = execFileSync(process.execPath, [vsce, "ls", "--no-dependencies"], { cwd: copy, encoding: "utf8" })
      .trim()
      .split("\n");
  });

  it("ships only what is listed here", () => {
    expect(files.filter((file) => !SHIPPED.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  it("ships every file that its manifest names", () => {
    const manifest = fs.readFileSync(path.join(root, "package.json"), "utf8");
    const named = [...manifest.matchAll(/"(?:\.\/)?((?:dist|media|docs)\/[^"]+\.\w+)"/g)].map(([, file]) => file);
    expect(named).toContain("dist/extension.js");
    expect(named.filter((file) => !files.includes(file ?? ""))).toEqual([]);
  });

  it("ships the files that the code expects beside itself", () => {
    const needed = [
      "engine.js",
      "reader.js",
      "panel.js",
      "panel.css",
      "gradlens.schema.json",
      "tfjs-backend-wasm-simd.wasm",
      "kernels.simd.wasm",
      "kernels.relaxed.wasm",
      "sums.wasm",
      "digits.gz",
      "h5wasm.mjs",
    ];
    expect(needed.filter((name) => !files.includes(`dist/${name}`))).toEqual([]);
  });
});

describe("the minified bundles", () => {
  it.each(Object.entries(BUDGETS))("%s is at most %d KB", (name, kilobytes) => {
    expect(fs.statSync(path.join(built, name)).size / 1000).toBeLessThanOrEqual(kilobytes);
  });

  it("load tfjs and chart code only where they belong", () => {
    const text = (name: string) => fs.readFileSync(path.join(built, name), "utf8");
    // Strings that survive minification: the name of a tfjs kernel, and of one of Chart.js's scales.
    const tfjs = "UnsortedSegmentSum";
    const chart = "radialLinear";
    expect(text("engine.js")).toContain(tfjs);
    expect(["extension.js", "panel.js"].filter((name) => text(name).includes(tfjs))).toEqual([]);
    expect(["extension.js", "engine.js", "cli.js"].filter((name) => text(name).includes(chart))).toEqual([]);
  });
});
