import fs from "node:fs";

/** A file's text; undefined while there is none. */
export function contentOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
