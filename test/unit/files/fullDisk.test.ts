/** A disk that is full, over its quota, read-only or broken, at any byte of any file. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { SafeFolder } from "../../../src/files/safeFolder.ts";
import { createFile, createWhole, writeDurably, writeWhole } from "../../../src/files/writeSafely.ts";
import { budget, sampled } from "../../budget.ts";
import { openCli, tiny } from "../cli/cli.ts";
import { type Fault, fullDisk } from "./fullDisk.ts";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-full-"));
const cli = openCli();
afterAll(() => {
  cli.dispose();
  fs.rmSync(root, { recursive: true });
});

let disk: ReturnType<typeof fullDisk> | null = null;
afterEach(() => {
  disk?.free();
  disk = null;
});

const faults: readonly Fault[] = ["ENOSPC", "EDQUOT", "EROFS", "EIO"];
const bytes = new Uint8Array(40).fill(65);

const ways = {
  writeWhole: (folder: SafeFolder) => writeWhole(folder, "x", bytes),
  writeDurably: (folder: SafeFolder) => writeDurably(folder, "x", [bytes.subarray(0, 7), bytes.subarray(7)]),
  createFile: (folder: SafeFolder) => createFile(folder, "new", bytes),
  createWhole: (folder: SafeFolder) => createWhole(folder, "new", bytes),
};

describe.each(Object.entries(ways))("%s on a disk that takes no more", (way, write) => {
  it.each(faults)("rejects with %s, and leaves the folder as it was", async (fault) => {
    for (let room = 0; room < bytes.length; room += 3) {
      const place = fs.mkdtempSync(path.join(root, `${way}-`));
      fs.writeFileSync(path.join(place, "x"), "former");
      const folder = SafeFolder.open(place, ".");
      disk = fullDisk(fault, room);
      await expect((async () => write(folder))()).rejects.toMatchObject({ code: fault });
      disk.free();
      expect(fs.readdirSync(place)).toEqual(["x"]);
      expect(fs.readFileSync(path.join(place, "x"), "utf8")).toBe("former");
      folder.close();
    }
  });
});

const model = {
  vanishing: [
    { type: "simpleRNN", units: 3 },
    { type: "dense", units: 1 },
  ],
};
const training = { batchSize: 16, steps: 6, checkpoint: { folder: "kept", every: 2 } };

describe("a training on a disk that takes no more", () => {
  it.each(sampled(faults, faults.length, 0, 1))(
    "says %s, keeps the former checkpoint, and goes on from it later",
    async (fault) => {
      const stops = [0, 1, 900, 4000, 9000, 20_000];
      for (const room of stops.filter((_, i) => i % budget(6, 1, 3) === 0)) {
        const folder = cli.folder({ "gradlens.json": tiny(model, { training }) });
        const args = ["--backend", "cpu"];
        expect((await cli.here(folder, "train", ...args, "--steps", "2")).code).toBe(0);
        const more = tiny(model, { training: { ...training, steps: 8 } });
        fs.writeFileSync(path.join(folder, "gradlens.json"), JSON.stringify(more));
        disk = fullDisk(fault, room);
        const { code, out, err } = await cli.here(folder, "train", ...args, "--out", "runs");
        const { refused } = disk;
        disk.free();
        if (room === 0) expect(refused()).toBeGreaterThan(0);
        if (refused() > 0) {
          expect([fault, room, code]).not.toEqual([fault, room, 0]);
          expect(out + err).toContain(fault);
          expect(out + err).not.toMatch(/\bat \S+ \(.*:\d+:\d+\)/);
        }
        const again = await cli.here(folder, "train", ...args, "--resume");
        expect([room, again.code, again.err]).toEqual([room, 0, expect.not.stringContaining("error")]);
        const left = fs.readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".tmp"));
        expect(left).toEqual([]);
      }
    },
  );
});
