/** The kinds of files in docs/files.md: each row's file is made here or is a fixture, and gets what its row says. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import type { Problem } from "../../../src/config/problem.ts";
import { loadData } from "../../../src/engine/data/loadData.ts";
import { loadModel } from "../../../src/engine/saved/loadModel.ts";
import { useBackend } from "./instrument/backends.ts";
import { fixtures, onlyShape } from "./saved/support.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-kinds-"));
beforeAll(() => useBackend("cpu"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

interface Kind {
  /** The file's content, or several files. */
  readonly content: string | Uint8Array;
  /** What the config says of the data besides the file. */
  readonly data?: object;
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const ab = { inputs: ["a"], targets: ["b"] };
const series = (newestFirst: boolean): string => {
  const days = Array.from({ length: 12 }, (_, i) => `2020-01-${String(i + 1).padStart(2, "0")},${i},${2 * i}`);
  return ["Date,a,b", ...(newestFirst ? days.toReversed() : days)].join("\n");
};
const npy = (descr: string, bytes: Uint8Array): Uint8Array => {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (2, 1), }`.padEnd(117, " ");
  return Uint8Array.from([...latin1("\x93NUMPY\x01\0\x76\0"), ...latin1(`${dict}\n`), ...bytes]);
};
const arrays = (file: string, targets: object = { file: "pair.json" }) => ({ inputs: { file }, targets });
fs.writeFileSync(path.join(folder, "pair.json"), "[[1],[2]]");

/** Data files, by their kind in the page. */
const dataKinds: { readonly [kind: string]: Kind } = {
  "commas, semicolons, tabs, bars or blanks between the cells": { content: "a;b\n1;2\n3;4\n", data: ab },
  "decimal commas, thousands as `1.234,5` or `1,43,926`": { content: "a;b\n1.234,5;2,5\n12.000,5;3,5\n", data: ab },
  "`(1.5)`, `1.2K`, `12%`, `$1,200`": {
    content: 'a,b,c\n(1.5),12%,1\n1.2K,8%,"$1,200"\n',
    data: { inputs: ["a", "c"], targets: ["b"] },
  },
  "decimal commas between commas, without quotes, in one column": {
    content: "a\n1,5\n2,5\n",
    data: { inputs: ["a"], targets: ["a"] },
  },
  "the same in several columns": { content: "a,b\n1,5,2,5\n3,5,4,5\n", data: ab },
  "`1.100` in a file with semicolons": { content: "a;b\n1.100;2\n2.200;3\n", data: ab },
  "numbers with units (`12 kWh`)": {
    content: `a,b\n${Array.from({ length: 12 }, (_, i) => `${i + 1} kWh,2`).join("\n")}\n`,
    data: ab,
  },
  "`5 Tsd.`, `3k`, `2 million`, `3亿`": { content: "a,b\n5 Tsd.,3k\n2 million,3亿\n", data: ab },
  "`2.5m` beside `0.5M`": { content: "a,b\n2.5m,2\n0.5M,4\n", data: ab },
  "`2%` beside `0.03` in one column": { content: "a,b\n2%,2\n0.03,4\n", data: ab },
  "a quote that is never closed": { content: 'a,b\n1,2\n3,"4\n5,6\n', data: ab },
  "blanks before or behind a quoted cell": { content: 'a, "b" ,c\n1, "2" ,"x, y" \n3, "4" ,z\n', data: ab },
  "a byte order mark, CRLF, quoted names, trailing separators": {
    content: '\ufeff"a","b",\r\n1,2,\r\n3,4,\r\n',
    data: ab,
  },
  "titles above the names, footers below": { content: "My data\n\na,b\n1,2\n3,4\n\nSource: me\n", data: ab },
  'no names, with `"header": false`': { content: "1,2\n3,4\n", data: { header: false, inputs: ["1"], targets: ["2"] } },
  "no names, not said": { content: "1,2\n3,4\n", data: ab },
  "`NA`, `?`, empty cells and −200, with a `fill`": {
    content: "a,b\n1,2\n?,4\n-200,5\n3,6\n",
    data: { ...ab, missing: { marks: [-200], fill: "interpolate" } },
  },
  "missing values without a `fill`": { content: "a,b\n1,2\n?,4\n3,6\n", data: ab },
  "the newest row first, in windows": { content: series(true), data: { ...ab, window: 3 } },
  "dates as `31. Dez 2020`, `2020年1月1日`, `20200101`, `Jan-20` or `2020Q1`, the newest first": {
    content: series(true).replaceAll(/2020-01-0?(\d+)/g, "$1. Jan 2020"),
    data: { ...ab, window: 3 },
  },
  "a column named `Date` that holds no dates": {
    content: series(false).replaceAll(/2020-01-0?(\d+)/g, "day $1"),
    data: { ...ab, window: 3 },
  },
  "several series in one file": {
    content: "id,a,b\nx,1,2\ny,5,6\nx,3,4\ny,7,8\nx,5,6\ny,9,10\n",
    data: { ...ab, window: 2, series: "id" },
  },
  "GB18030, Latin-1 and others, with `encoding`": {
    content: Uint8Array.from([0xbc, 0xdb, 0xb8, 0xf1, ...latin1(",b\n1,2\n3,4\n")]),
    data: { inputs: ["价格"], targets: ["b"], encoding: "gb18030" },
  },
  "GB18030 without `encoding`": {
    content: Uint8Array.from([0xbc, 0xdb, 0xb8, 0xf1, ...latin1(",b\n1,2\n3,4\n")]),
    data: { inputs: ["价格"], targets: ["b"] },
  },
  "a zip named .csv": { content: zipSync({ "d.csv": strToU8("a,b\n1,2\n") }), data: ab },
  "a Git LFS pointer": { content: "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", data: ab },
  "NPY of 16-bit floats, booleans and whole numbers": {
    content: npy("<f2", Uint8Array.of(0, 0x3c, 0, 0x40)),
    data: arrays("file"),
  },
  "NPY of Python objects": { content: npy("|O", Uint8Array.of(0x80, 4)), data: arrays("file") },
  NPZ: { content: zipSync({ "x.npy": npy("<f2", Uint8Array.of(0, 0x3c, 0, 0x40)) }), data: arrays("file") },
  "records, columns or an object with dates as keys within the JSON of an API": {
    content: '{"meta":{"n":2},"data":{"items":[{"a":1,"b":2},{"a":3,"b":4}]}}',
    data: ab,
  },
  "JSON and JSON Lines of records": {
    content: '{"x":[1],"y":[2]}\n{"x":[3],"y":[4]}\n',
    data: { inputs: { file: "file", array: "x" }, targets: { file: "file", array: "y" } },
  },
  'one of several lists in JSON, with `"list": "volumes"`': {
    content: '{"prices":[[1,2],[2,3]],"volumes":[[1,5],[2,6]]}',
    data: { inputs: ["1"], targets: ["2"], list: "volumes" },
  },
  "several lists in JSON with the same columns": {
    content: '{"prices":[[1,2],[2,3]],"volumes":[[1,5],[2,6]]}',
    data: { inputs: ["1"], targets: ["2"] },
  },
  "a list of rows in JSON, named as a column": {
    content: '{"prices":[[1,2],[2,3]],"volumes":[[1,5],[2,6]]}',
    data: { inputs: ["prices"], targets: ["volumes"] },
  },
  "dates beside an object of lists in JSON, the newest first": {
    content: '{"dates":["2020-01-03","2020-01-02","2020-01-01"],"series":{"a":[3,2,1],"b":[6,4,2]}}',
    data: { ...ab, window: 2 },
  },
  "a key twice on the way to the rows in JSON": { content: '{"x":{"a":[1,2],"a":[3,4],"b":[1,2]}}', data: ab },
  "a header of NPY that promises more than there is": {
    content: npy("<f8", Uint8Array.of(1, 2, 3)),
    data: arrays("file"),
  },
};

/** Models: a fixture and the shape of a sample. */
const modelKinds: { readonly [kind: string]: readonly [file: string | Uint8Array, shape: readonly number[]] } = {
  "Keras 3, `.keras`": ["lstm.keras", [6, 2]],
  "Keras 3, HDF5": ["lstm.h5", [6, 2]],
  "Keras 2, HDF5": ["keras2.h5", [6, 2]],
  "HDF5 inside `.keras`": [fs.readFileSync(path.join(fixtures, "lstm.h5")), [6, 2]],
  "tfjs, converted from Keras 3": ["forms/converted/model.json", [6, 2]],
  "masks of a functional model": ["forms/maskZero.keras", [6]],
  "CuDNNLSTM, CuDNNGRU": ["forms/cudnn.h5", [6, 2]],
  "16 bits": ["forms/mixed.keras", [6, 2]],
  "a loss of logits": ["forms/logits.keras", [6, 2]],
  "a description without weights": ["forms/described.json", [6, 2]],
  "only weights": ["refused/weightsOnly.weights.h5", [6, 2]],
  "a Lambda": ["refused/lambda.keras", [6, 2]],
  "a layer without an equivalent": ["refused/unknown.keras", [6, 2]],
  "an operation without an equivalent": ["refused/operation.keras", [6, 2]],
  "a custom mask": ["forms/otherMask.keras", [6]],
  "scores of attention that are an output": ["refused/scores.keras", [5, 3]],
  "a PyTorch checkpoint": [zipSync({ "archive/data.pkl": strToU8("1"), "archive/version": strToU8("3") }), [6, 2]],
  ONNX: [latin1("\x08\x07\x12\x07pytorch\x1a\x032.0"), [6, 2]],
  "TensorFlow Lite": [latin1("\x1c\0\0\0TFL3\x14\0"), [6, 2]],
  "a Git LFS pointer for a model": [
    latin1("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
    [6, 2],
  ],
  "a web page": [latin1("<!DOCTYPE html>\n<html>"), [6, 2]],
};

const page = fs.readFileSync(path.join(__dirname, "../../../docs/files.md"), "utf8");
const rows = new Map(
  [...page.matchAll(/^\| (.+?) \| (?:`[^`]*` \| )?(loads.*?|“.*”) \|$/gm)].map(([, kind = "", result = ""]) => [
    kind,
    result,
  ]),
);

/** What the page has to say: that it loads, perhaps with a remark, or the message. */
function told(problems: readonly Problem[] | null, warnings: readonly Problem[]): string {
  if (problems) return `“${problems[0]?.message.replace(/^"[^"]*": /, "")}”`;
  const [first] = warnings.filter(({ severity }) => severity === "warning");
  return first ? `loads, with “${first.message}”` : "loads";
}

async function ofData({ content, data = {} }: Kind): Promise<string> {
  fs.writeFileSync(path.join(folder, "file"), content);
  const own = "inputs" in data && Array.isArray(data.inputs) ? { file: "file", ...data } : data;
  const model = { layers: [{ type: "flatten" }, { type: "dense", units: 1 }] };
  const { config, problems } = parseConfig(
    JSON.stringify({ data: own, training: { batchSize: 1 }, models: { m: model } }),
  );
  const resolved = config?.models[0];
  if (!resolved) return told(problems, []);
  const loaded = await loadData(resolved.data, ["data"], folder, { loss: "meanSquaredError", path: ["training"] });
  return Array.isArray(loaded) ? told(loaded, []) : told(null, loaded.warnings);
}

async function ofModel([file, shape]: (typeof modelKinds)[string]): Promise<string> {
  let [name, from] = ["model.keras", folder];
  if (typeof file === "string") [name, from] = [file, fixtures];
  else fs.writeFileSync(path.join(folder, name), file);
  const built = await loadModel({ name, path: ["models", "m", "file"] }, from, onlyShape(shape), 1);
  if (Array.isArray(built)) return told(built, []);
  built.dispose();
  return told(null, built.remarks);
}

describe("docs/files.md", () => {
  it.each(Object.keys(dataKinds))("data: %s", async (kind) => {
    expect(await ofData(dataKinds[kind]!)).toBe(rows.get(kind));
  });

  it.each(Object.keys(modelKinds))("models: %s", async (kind) => {
    expect(await ofModel(modelKinds[kind]!)).toBe(rows.get(kind));
  });

  it("has no other rows", () => {
    expect([...rows.keys()].sort()).toEqual([...Object.keys(dataKinds), ...Object.keys(modelKinds)].sort());
  });
});
