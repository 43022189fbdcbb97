import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { brotliDecompressSync, createBrotliDecompress } from "node:zlib";
import { patience } from "../patience.mts";
import { installOnce } from "./installOnce.ts";
import { untar } from "./untar.ts";

/** Increased with every change to what `fill` makes, so that caches are filled again. */
const LAYOUT = "2";

/**
 * The headless Chromium in the npm package @sparticuz/chromium (x86-64 Linux), unpacked once. It includes the libraries
 * and fonts that a minimal machine lacks; the returned script makes it use them.
 *
 * @returns path of an executable that takes Chromium's command line
 */
export async function npmChromium(): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("no browser found: install Chrome or Chromium, or set GRADLENS_CHROMIUM to its executable");
  const main = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const packed = path.resolve(path.dirname(main), "../../bin");
  const manifest = fs.readFileSync(path.resolve(packed, "../package.json"), "utf8");
  const dir = await installOnce("chromium", manifest + LAYOUT, (d) => fill(packed, d));
  return path.join(dir, "chromium.sh");
}

async function fill(packed: string, dir: string): Promise<void> {
  const binary = path.join(dir, "chromium");
  await pipeline(
    fs.createReadStream(path.join(packed, "chromium.br")),
    createBrotliDecompress(),
    fs.createWriteStream(binary, { mode: 0o755 }),
  );
  const unpack = (name: string) => untar(brotliDecompressSync(fs.readFileSync(path.join(packed, name))), dir);
  unpack("swiftshader.tar.br");
  unpack("fonts.tar.br");
  // The package's own fonts.conf names folders of AWS Lambda.
  fs.writeFileSync(
    path.join(dir, "fonts.conf"),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts</dir><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>\n`,
  );
  // Only if the system lacks them (libnss3 and related ones): the system's own match its other libraries better.
  if (!starts(binary)) unpack("al2023.tar.br");
  fs.writeFileSync(
    path.join(dir, "chromium.sh"),
    `#!/bin/sh
here=$(dirname "$0")
if [ -d "$here/lib" ]; then export LD_LIBRARY_PATH="$here/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"; fi
export FONTCONFIG_PATH="$here"
# A relative cachedir would be relative to the working directory, so fonts.conf uses the user's cache, which is set here.
export XDG_CACHE_HOME="$here/cache"
exec "$here/chromium" "$@"
`,
    { mode: 0o755 },
  );
}

/** Whether the loader finds every library; without one, even `--version` fails. */
function starts(binary: string): boolean {
  return spawnSync(binary, ["--version"], { timeout: patience.wait }).status === 0;
}
