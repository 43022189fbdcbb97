import fs from "node:fs";
import path from "node:path";

/**
 * Unpacks the regular files of a tar archive (POSIX ustar) into a folder. These few lines replace a tar command, which
 * the machine may lack, and another package.
 */
export function untar(archive: Buffer, into: string): void {
  const field = (at: number, length: number) => archive.toString("latin1", at, at + length).replace(/\0[\s\S]*$/, "");
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const name = field(at, 100);
    const mode = Number.parseInt(field(at + 100, 8), 8);
    const size = Number.parseInt(field(at + 124, 12), 8);
    const type = field(at + 156, 1);
    const file = path.resolve(into, name);
    if (type === "" || type === "0") {
      if (!file.startsWith(into + path.sep)) throw new Error(`${name} would be written outside ${into}`);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, archive.subarray(at + 512, at + 512 + size), { mode });
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
