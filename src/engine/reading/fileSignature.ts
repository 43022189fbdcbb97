/**
 * Determines what a file is from its first bytes, because names can be wrong (a zip named `.csv`, HDF5 named `.keras`,
 * a pointer instead of the file). Every signature comes from the format's own specification.
 */

import { type ZipEntry, ZipFault, zipEntries } from "./zip.ts";

export type FileKind =
  | "hdf5"
  | "keras"
  | "npy"
  | "npz"
  | "pytorch"
  | "onnx"
  | "tflite"
  | "savedModel"
  | "safetensors"
  | "gguf"
  | "gitLfs"
  | "html"
  | "json"
  | "arff"
  | "gzip"
  | "tar"
  | "zip"
  | "excel"
  | "oldExcel"
  | "parquet"
  | "feather"
  | "matlab"
  | "pickle"
  | "sqlite"
  | "picture"
  | "pdf";

/** Bytes that are enough for every signature except a zip's, whose list of entries is at its end. */
export const signatureBytes = 4096;

/** Signatures at a fixed place: the bytes as Latin-1 text, and their offset. */
const fixed: readonly (readonly [text: string, at: number, kind: FileKind])[] = [
  ["\x93NUMPY", 0, "npy"],
  ["GGUF", 0, "gguf"],
  ["TFL3", 4, "tflite"],
  ["PAR1", 0, "parquet"],
  ["ARROW1", 0, "feather"],
  ["FEA1", 0, "feather"],
  ["MATLAB 5.0 MAT-file", 0, "matlab"],
  ["SQLite format 3\0", 0, "sqlite"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "oldExcel"],
  ["\x89PNG\r\n\x1a\n", 0, "picture"],
  ["\xff\xd8\xff", 0, "picture"],
  ["GIF8", 0, "picture"],
  ["%PDF-", 0, "pdf"],
  ["\x1f\x8b", 0, "gzip"],
  ["ustar", 257, "tar"],
  ["version https://git-lfs.github.com/spec/", 0, "gitLfs"],
];

/** HDF5's signature is at offset 0, 512, 1024, 2048, … (HDF5 file format specification, section II.A). */
const hdf5Signature = "\x89HDF\r\n\x1a\n";
/** PyTorch before 1.6: a pickle of this number, 0x1950a86a20f9469cfc6c. */
const torchMagic = "\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.";
const htmlMark = /^\s*(<!doctype html|<html[\s>])/i;
const jsonMark = /^\s*[{[]/;

/**
 * @param bytes the file's bytes from its start; all of them are needed to see what a zip contains.
 * @returns null if there is no known signature, as in text.
 */
export function signatureOf(bytes: Uint8Array): FileKind | null {
  const head = Buffer.from(bytes.subarray(0, signatureBytes)).toString("latin1");
  if (head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06")) return insideZip(bytes);
  for (const [text, at, kind] of fixed) if (head.startsWith(text, at)) return kind;
  for (let at = 0; at < head.length; at = Math.max(512, 2 * at)) if (head.startsWith(hdf5Signature, at)) return "hdf5";
  if (isPickle(bytes)) return head.startsWith(torchMagic, 2) ? "pytorch" : "pickle";
  if (isSafetensors(bytes, head)) return "safetensors";
  const text = head.replace(/^\xef\xbb\xbf/, "");
  if (htmlMark.test(text)) return "html";
  if (jsonMark.test(text)) return "json";
  if (isArff(text)) return "arff";
  return isOnnx(bytes, head) ? "onnx" : null;
}

/** `PROTO` and a version from 2 to 5 (Python's pickletools); versions 0 and 1 have no mark at the start. */
function isPickle([proto, version = 0]: Uint8Array): boolean {
  return proto === 0x80 && version >= 2 && version <= 5;
}

/** `@relation` (ARFF, .tsf) or `@problemName` (.ts) on the first line that is no comment. */
function isArff(text: string): boolean {
  const first = text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "" && !line.startsWith("%") && !line.startsWith("#"));
  return first !== undefined && /^@(?:relation|problemname)\b/i.test(first);
}

/** ONNX's ModelProto: the version of its format (field 1), then the name of the program that wrote it (field 2). */
function isOnnx([versionKey, version = 0, nameKey, length = 0]: Uint8Array, head: string): boolean {
  if (versionKey !== 0x08 || version < 1 || version > 32 || nameKey !== 0x12 || length < 1) return false;
  return /^[\w .:+-]+$/.test(head.slice(4, 4 + Math.min(length, 64)));
}

/** 8 bytes with a length, then a JSON object of that length. */
function isSafetensors(bytes: Uint8Array, head: string): boolean {
  if (bytes.length < 10 || !head.startsWith('{"', 8)) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  return length > 1n && length < 100_000_000n;
}

const most = { total: Number.MAX_SAFE_INTEGER, entries: 20_000 };

function insideZip(bytes: Uint8Array): FileKind {
  let entries: readonly ZipEntry[];
  try {
    entries = zipEntries(bytes, most);
  } catch (error) {
    if (error instanceof ZipFault) return "zip";
    throw error;
  }
  const has = (pattern: RegExp): boolean => entries.some(({ name }) => pattern.test(name));
  if (has(/^config\.json$/) && has(/\.weights\.h5$/)) return "keras";
  if (has(/(^|\/)data\.pkl$/) || has(/(^|\/)constants\.pkl$/)) return "pytorch";
  if (has(/(^|\/)saved_model\.pb$/)) return "savedModel";
  if (has(/^xl\//)) return "excel";
  return entries.length > 0 && entries.every(({ name }) => name.endsWith(".npy")) ? "npz" : "zip";
}
