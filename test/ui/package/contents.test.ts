import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { exampleNames } from "../../../src/messages/exampleNames.ts";
import { filesLinkedBy } from "../../../tools/package/packagedMarkdown.ts";
import { listPackaged } from "../../../tools/package/stage.ts";
import { root } from "../../../tools/root.ts";
import { thorough } from "../../tier.mts";
import { type Packed, packedExtension } from "./packed.ts";

/** Everything that the VSIX may contain. */
const SHIPPED = [
  /^package(\.nls(\.zh-cn)?)?\.json$/,
  /^(README(\.zh-CN)?|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^dist\/(extension|engine|programs|reader|runs|cli|panel)\.js$/,
  /^dist\/h5wasm\.mjs\.br$/,
  /^dist\/panel\.css$/,
  /^dist\/(gradlens\.schema|schema\.zh-cn)\.json$/,
  /^dist\/tfjs-backend-wasm(-simd)?\.wasm$/,
  /^dist\/(kernels\.(simd|relaxed)|sums|updates)\.wasm$/,
  /^dist\/digits\.gz$/,
  /^dist\/NOTICES\.txt$/,
  /^examples\/[\w-]+\/[\w.-]+$/,
  /^docs\/[\w-]+(\.zh-CN)?\.md$/,
  /^docs\/findings\/[\w-]+\.svg$/,
  /^media\/[\w-]+\.(svg|png)$/,
  /^media\/walkthrough\/[\w-]+(\.zh-cn)?\.svg$/,
];

/**
 * Limits in kilobytes of a minified build, about a fifth above its present size, so that an additional library is
 * noticed.
 */
const BUDGETS: Readonly<Record<string, number>> = {
  "extension.js": 900,
  "programs.js": 3000,
  "cli.js": 260,
  "reader.js": 400,
  "panel.js": 530,
  "h5wasm.mjs.br": 1000,
  "panel.css": 24,
  "gradlens.schema.json": 820,
  "schema.zh-cn.json": 65,
};

/** The most that the packed extension may take, in megabytes. */
const LARGEST = 3;

let { vsix, folder, files }: Packed = { vsix: "", folder: "", files: [] };
let built = "";
beforeAll(async () => {
  // Packing takes longer than all these tests: the quick tier lists what would be packed of the checkout's own build.
  if (!thorough) files = listPackaged(root);
  else ({ vsix, folder, files } = await packedExtension());
  built = path.join(folder, "dist");
});

describe("the package", () => {
  it("ships only what is listed here", () => {
    expect(files.filter((file) => !SHIPPED.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  it("ships every file that its manifest names", () => {
    const manifest = fs.readFileSync(path.join(root, "package.json"), "utf8");
    const named = [...manifest.matchAll(/"(?:\.\/)?((?:dist|media|docs)\/[^"]+\.\w+)"/g)].map(([, file]) => file);
    expect(named).toContain("dist/extension.js");
    expect(named.filter((file) => !files.includes(file ?? ""))).toEqual([]);
  });

  it("ships the files that the code expects beside itself", { tags: "thorough" }, () => {
    const needed = [
      "engine.js",
      "cli.js",
      "programs.js",
      "reader.js",
      "runs.js",
      "panel.js",
      "panel.css",
      "gradlens.schema.json",
      "schema.zh-cn.json",
      "tfjs-backend-wasm-simd.wasm",
      "kernels.simd.wasm",
      "kernels.relaxed.wasm",
      "sums.wasm",
      "updates.wasm",
      "digits.gz",
      "h5wasm.mjs.br",
    ];
    expect(needed.filter((name) => !files.includes(`dist/${name}`))).toEqual([]);
  });

  it("ships every example with its data", () => {
    const shipped = files.filter((file) => file.startsWith("examples/"));
    expect(shipped.filter((file) => file.endsWith("/gradlens.json"))).toHaveLength(exampleNames.length);
    const missing = exampleNames.flatMap((name) =>
      fs
        .readdirSync(path.join(root, "examples", name), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `examples/${name}/${entry.name}`)
        .filter((file) => !shipped.includes(file)),
    );
    expect(missing).toEqual([]);
  });

  it("is small", { tags: "thorough" }, () => {
    expect(fs.statSync(vsix).size / 1e6).toBeLessThanOrEqual(LARGEST);
  });

  it("has no link or picture whose file is left out", { tags: "thorough" }, () => {
    const documents = files.filter((name) => name.endsWith(".md"));
    expect(documents).toContain("README.md");
    const dead = documents.flatMap((name) =>
      filesLinkedBy(fs.readFileSync(path.join(folder, name), "utf8"), name)
        .filter((target) => !files.includes(target))
        .map((target) => `${name} → ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it("starts its command line", { tags: "thorough" }, () => {
    const cli = path.join(built, "cli.js");
    expect(execFileSync(process.execPath, [cli, "--version"], { encoding: "utf8" })).toMatch(/\d+\.\d+\.\d+/);
  });
});

describe("the minified bundles", { tags: "thorough" }, () => {
  it.each(Object.entries(BUDGETS))("%s is at most %d KB", (name, kilobytes) => {
    expect(fs.statSync(path.join(built, name)).size / 1000).toBeLessThanOrEqual(kilobytes);
  });

  it("load tfjs and chart code only where they belong", () => {
    const text = (name: string) => fs.readFileSync(path.join(built, name), "utf8");
    // Strings that survive minification: the name of a tfjs kernel, and of one of Chart.js's scales.
    const tfjs = "UnsortedSegmentSum";
    const chart = "radialLinear";
    expect(text("programs.js")).toContain(tfjs);
    expect(["extension.js", "cli.js", "panel.js"].filter((name) => text(name).includes(tfjs))).toEqual([]);
    expect(["extension.js", "programs.js"].filter((name) => text(name).includes(chart))).toEqual([]);
  });
});
