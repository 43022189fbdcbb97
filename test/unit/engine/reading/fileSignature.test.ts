import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { type FileKind, signatureOf } from "../../../../src/engine/reading/fileSignature.ts";

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const zip = (...names: readonly string[]): Uint8Array =>
  zipSync(Object.fromEntries(names.map((name) => [name, strToU8("1")])));
const safetensors = (): Uint8Array => {
  const json = latin1('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
  const bytes = new Uint8Array(8 + json.length + 4);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
};

const cases: readonly (readonly [string, Uint8Array, FileKind | null])[] = [
  ["HDF5", latin1("\x89HDF\r\n\x1a\n\0\0\0"), "hdf5"],
  ["HDF5 after a user block", latin1(`${"u".repeat(2048)}\x89HDF\r\n\x1a\n`), "hdf5"],
  ["a Keras 3 file", zip("metadata.json", "config.json", "model.weights.h5"), "keras"],
  ["NPY", latin1("\x93NUMPY\x01\0v\0{'descr'"), "npy"],
  ["NPZ", zip("x.npy", "y.npy"), "npz"],
  ["PyTorch", zip("archive/data.pkl", "archive/data/0", "archive/version"), "pytorch"],
  ["old PyTorch", latin1("\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02"), "pytorch"],
  ["TorchScript", zip("net/constants.pkl", "net/code/x.py"), "pytorch"],
  ["a pickle", latin1("\x80\x04\x95\x10"), "pickle"],
  ["ONNX", latin1("\x08\x07\x12\x07pytorch\x1a\x032.0"), "onnx"],
  ["TensorFlow Lite", latin1("\x1c\0\0\0TFL3\x14\0"), "tflite"],
  ["a zipped SavedModel", zip("model/saved_model.pb", "model/variables/variables.index"), "savedModel"],
  ["safetensors", safetensors(), "safetensors"],
  ["GGUF", latin1("GGUF\x03\0\0\0"), "gguf"],
  ["Git LFS", latin1("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"), "gitLfs"],
  ["a web page", latin1("\n<!DOCTYPE html>\n<html lang=en>"), "html"],
  ["JSON", latin1('\xef\xbb\xbf {"a":1}'), "json"],
  ["ARFF", latin1("% a comment\n\n@RELATION iris\n@ATTRIBUTE a NUMERIC\n@DATA\n1\n"), "arff"],
  ["a .ts file", latin1("# a comment\r\n@problemName ArrowHead\r\n@data\r\n1,2:0\r\n"), "arff"],
  ["gzip", latin1("\x1f\x8b\x08\0"), "gzip"],
  ["tar", latin1(`${"\0".repeat(257)}ustar\0`), "tar"],
  ["Excel", zip("[Content_Types].xml", "xl/workbook.xml"), "excel"],
  ["old Excel", latin1("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"), "oldExcel"],
  ["Parquet", latin1("PAR1\x15"), "parquet"],
  ["another zip", zip("data.csv"), "zip"],
  ["a zip that is cut off", zip("x.npy", "y.npy").subarray(0, 40), "zip"],
  ["a table", latin1("date,price\n2020-01-01,3\n"), null],
  ["a table of numbers", latin1("1.5;2\n3;4\n"), null],
  ["nothing", new Uint8Array(0), null],
];

describe("the first bytes show what a file is", () => {
  it.each(cases)("%s", (_, bytes, kind) => {
    expect(signatureOf(bytes)).toBe(kind);
  });

  it("for any first two bytes", () => {
    const kinds = new Set<FileKind | null>();
    for (let i = 0; i < 65_536; i++) kinds.add(signatureOf(Uint8Array.of(i >> 8, i & 255, 3, 4, 5, 6, 7, 8, 123, 34)));
    expect(kinds).toContain("pickle");
  });
});
