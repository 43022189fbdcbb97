/** One owner per folder: in this process, between processes, after kills, and with forged locks. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FolderLock, lockName } from "../../../src/files/lock/folderLock.ts";
import { type Owner, ownerText, stateOf, thisProcess } from "../../../src/files/lock/owner.ts";
import { type System, startByPs } from "../../../src/files/lock/system.ts";
import { SafeFolder } from "../../../src/files/safeFolder.ts";
import { patience } from "../../../tools/patience.mts";

let top = "";
let folder = "";
let script = "";
let count = 0;

beforeAll(async () => {
  top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-lock-")));
  script = path.join(top, "taker.cjs");
  await esbuild.build({
    stdin: {
      contents: `
        import fs from "node:fs";
        import { setTimeout } from "node:timers/promises";
        import { FolderLock } from "./src/files/lock/folderLock.ts";
        import { SafeFolder } from "./src/files/safeFolder.ts";
        const [root, how, log] = process.argv.slice(2);
        const once = async (patience) => {
          const folder = SafeFolder.open(root, ".");
          const lock = await FolderLock.take(folder, { patience });
          return { folder, lock };
        };
        (async () => {
          if (how === "hold" || how === "exit") {
            const { lock } = await once(0);
            process.stdout.write(lock instanceof FolderLock ? "held" : lock.message);
            if (how === "exit") process.exit(0);
            await setTimeout(${patience.test});
          }
          // Taken and released repeatedly; the log shows whether two processes ever had it at once.
          for (let i = 0; i < 40; i++) {
            const { folder, lock } = await once(${patience.wait});
            if (!(lock instanceof FolderLock)) throw new Error(lock.message);
            fs.appendFileSync(log, "+" + process.pid + "\\n");
            await setTimeout(Math.random() * 2);
            fs.appendFileSync(log, "-" + process.pid + "\\n");
            // Sometimes left as a killed process leaves it.
            if (i % 2 === 1) {
              const file = root + "/.gradlens.lock";
              const stale = { ...JSON.parse(fs.readFileSync(file, "utf8")), started: "1" };
              fs.writeFileSync(file + ".stale" + process.pid, JSON.stringify(stale));
              fs.renameSync(file + ".stale" + process.pid, file);
            } else lock.release();
            folder.close();
          }
        })();`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: script,
    logLevel: "error",
  });
});
afterAll(() => fs.rmSync(top, { recursive: true }));
beforeEach(() => {
  folder = path.join(top, String(count++));
  fs.mkdirSync(folder);
});

const take = (patience = 0) => FolderLock.take(SafeFolder.open(folder, "."), { patience });
const lockFile = () => path.join(folder, lockName);
const plant = (owner: Partial<Owner>) => fs.writeFileSync(lockFile(), JSON.stringify({ ...thisProcess(), ...owner }));

async function taken(): Promise<FolderLock> {
  const lock = await take();
  if (!(lock instanceof FolderLock)) throw new Error(lock.message);
  return lock;
}

/** Resolves with the process and its first output. */
function other(how: "hold" | "exit"): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, folder, how]);
    child.stdout.once("data", (data) => resolve({ child, said: String(data) }));
    child.stderr.once("data", (data) => reject(new Error(String(data))));
  });
}

const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });

describe("a folder", () => {
  it("has one owner, whose process and time are reported to the next; then another one", async () => {
    const lock = await taken();
    const since = JSON.parse(fs.readFileSync(lockFile(), "utf8")).since.slice(0, 19).replace("T", " ");
    expect(await take()).toEqual({ message: `another run writes there (process ${process.pid}, since ${since} UTC)` });
    lock.release();
    lock.release();
    expect(fs.readdirSync(folder)).toEqual([]);
    (await taken()).release();
  });

  it("is given to a run that waits for its owner to end", async () => {
    const lock = await taken();
    setTimeout(() => lock.release(), 100);
    const next = await take(patience.wait);
    expect(next).toBeInstanceOf(FolderLock);
    if (next instanceof FolderLock) next.release();
  });

  it("that another process owns is refused until that process ends, by itself or by a kill", async () => {
    const { child, said } = await other("hold");
    expect(said).toBe("held");
    expect(await take()).toEqual({ message: expect.stringMatching(new RegExp(`\\(process ${child.pid}, since `)) });
    child.kill("SIGKILL");
    await ended(child);
    expect(fs.readdirSync(folder)).toEqual([lockName]);
    (await taken()).release();
    const second = await other("exit");
    await ended(second.child);
    expect(second.said).toBe("held");
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it.runIf(process.platform === "linux")("of a process that has ended but was not collected is free", async () => {
    // A shell that turns into another program never collects its children. The child ends once that has happened.
    const child = 'while [ "$(cat /proc/$PPID/comm)" = sh ]; do sleep 0.05; done';
    const shell = spawn("sh", ["-c", `sh -c '${child}' & echo $!; exec sleep 600`]);
    const pid = await new Promise<number>((resolve) => shell.stdout.once("data", (data) => resolve(Number(data))));
    const stat = () => fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    while (!/\) Z /.test(stat())) await new Promise((resolve) => setTimeout(resolve, 20));
    plant({
      pid,
      started:
        stat()
          .slice(stat().lastIndexOf(")") + 2)
          .split(" ")[19] ?? null,
    });
    (await taken()).release();
    shell.kill();
  });

  it("never has two owners, even if many processes find stale locks at once", { tags: "thorough" }, async () => {
    const log = path.join(top, "log");
    plant({ started: "1" });
    const codes = await Promise.all(
      Array.from(
        { length: 4 },
        () =>
          new Promise<number | null>((resolve) => {
            const child = spawn(process.execPath, [script, folder, "race", log], { stdio: "inherit" });
            child.once("exit", resolve);
          }),
      ),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    const lines = fs.readFileSync(log, "utf8").trim().split("\n");
    expect(lines).toHaveLength(4 * 40 * 2);
    const torn = lines.filter((line, i) => i % 2 === 1 && line !== `-${lines[i - 1]?.slice(1)}`);
    expect(torn).toEqual([]);
    expect(fs.readdirSync(folder).filter((name) => name !== lockName)).toEqual([]);
  });

  it("is not taken from a process that took it between the check of a stale lock and its removal", async () => {
    const stale = { ...thisProcess(), started: "1", boot: "another" };
    plant(stale);
    const guard = `${lockFile()}-${stale.id}`;
    fs.writeFileSync(guard, JSON.stringify(thisProcess()));
    const waiting = take(300);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const live = thisProcess();
    plant(live);
    fs.rmSync(guard);
    expect(await waiting).toEqual({ message: expect.stringContaining("another run writes there") });
    expect(JSON.parse(fs.readFileSync(lockFile(), "utf8"))).toEqual(live);
  });

  it("whose lock was removed and taken by another process keeps that one", async () => {
    const lock = await taken();
    plant({});
    lock.release();
    expect(fs.readdirSync(folder)).toEqual([lockName]);
  });

  it.each(["", "{", "[]", '{"pid":1}', "\0\0\0", JSON.stringify({ ...thisProcess(), pid: -1 })])(
    "with a lock that no process can have written is taken: %j",
    async (content) => {
      fs.writeFileSync(lockFile(), content);
      expect(await take()).toEqual({ message: "another run is taking it" });
      fs.utimesSync(lockFile(), 1000, 1000);
      (await taken()).release();
      expect(fs.readdirSync(folder)).toEqual([]);
    },
  );

  it("with something else in the lock's place is refused, without following or waiting", async () => {
    fs.symlinkSync(path.join(top, "nowhere"), lockFile());
    await expect(take()).rejects.toThrow(/gradlens\.lock" is a link, which is never followed; remove it/);
    fs.rmSync(lockFile());
    fs.writeFileSync(lockFile(), "x".repeat(5000));
    await expect(take()).rejects.toThrow(/was not written by Gradient Lens; remove it/);
    fs.rmSync(lockFile());
    if (process.platform === "win32") return;
    execFileSync("mkfifo", [lockFile()]);
    await expect(take()).rejects.toThrow(/is not a plain file; remove it/);
  });

  it("with guards left by killed processes is taken", async () => {
    const first = { ...thisProcess(), started: "1" };
    const second = { ...thisProcess(), started: "1" };
    fs.writeFileSync(lockFile(), JSON.stringify(first));
    fs.writeFileSync(`${lockFile()}-${first.id}`, JSON.stringify(second));
    (await taken()).release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe("the owner of a lock", () => {
  const here = thisProcess();

  it("is gone if the process does not exist, if another one has its id, or if the machine was restarted", () => {
    expect(stateOf(here)).toBe("alive");
    expect(stateOf({ ...here, pid: 2 ** 22 + 1 })).toBe("gone");
    if (here.started !== null) expect(stateOf({ ...here, started: `${Number(here.started) + 1}` })).toBe("gone");
    expect(stateOf({ ...here, boot: "another" })).toBe("gone");
  });

  it("is elsewhere if it cannot be checked from here, and the message gives a remedy", async () => {
    expect(stateOf({ ...here, boot: "another", host: "far" })).toBe("elsewhere");
    expect(stateOf({ ...here, namespace: "pid:[1]" })).toBe("elsewhere");
    expect(ownerText({ ...here, boot: "another", host: "far" })).toMatch(/^process \d+ on "far", since /);
    plant({ boot: "another", host: "far" });
    expect(await take()).toEqual({
      message: expect.stringMatching(/on "far", since .*; if that process is gone, remove ".*\.gradlens\.lock"$/),
    });
  });

  it("may be another process if start times are unknown, unless the machine was started later", async () => {
    const unknown = { ...here, started: null };
    expect(stateOf(unknown)).toBe("unsure");
    plant({ started: null });
    expect(await take()).toEqual({
      message: expect.stringMatching(/\(process \d+, since .*\); if that process is gone, remove ".*lock"$/),
    });
  });
});

/** A system without /proc, whose clocks and processes the test sets. */
function foreign(starts: boolean) {
  const state = { now: Date.parse("2026-01-31T12:00:00Z"), sinceBoot: 3_600_000, processes: new Map([[4711, "a"]]) };
  const system: System = {
    pid: 4711,
    host: () => "here",
    boot: () => null,
    namespace: () => null,
    exists: (pid) => state.processes.has(pid),
    startOf: (pid) => (starts ? (state.processes.get(pid) ?? null) : null),
    now: () => state.now,
    sinceBoot: () => state.sinceBoot,
  };
  return { state, system };
}

const year = 365 * 86_400_000;

describe.each([
  ["whose processes have a start", true, "alive", "gone"],
  ["whose processes have no known start", false, "unsure", "unsure"],
] as const)("a system without /proc, %s", (_, starts, alive, reused) => {
  it.each([-year, -3_600_000, 3_600_000, year])("keeps a lock in use when its clock jumps by %d ms", (jump) => {
    const { state, system } = foreign(starts);
    const owner = thisProcess(system);
    state.now += jump;
    state.sinceBoot += 10_000;
    expect(stateOf(owner, system)).toBe(alive);
  });

  it.each([-year, 0, year])("frees a stale lock when its clock has jumped by %d ms", (jump) => {
    const { state, system } = foreign(starts);
    const owner = thisProcess(system);
    state.now += jump;
    state.processes.delete(4711);
    expect(stateOf(owner, system)).toBe("gone");
    state.processes.set(4711, "b");
    expect(stateOf(owner, system)).toBe(reused);
    // The machine was started again, and its first clock says so whatever the second one says.
    state.sinceBoot = 60_000;
    expect(stateOf(owner, system)).toBe("gone");
  });

  it("does not judge a lock of another machine", () => {
    const { system } = foreign(starts);
    expect(stateOf({ ...thisProcess(system), host: "far" }, system)).toBe("elsewhere");
    expect(stateOf({ ...thisProcess(system), boot: "known" }, system)).toBe("elsewhere");
  });
});

it.runIf(fs.existsSync("/bin/ps"))(
  "the start of a process is the same each time, and differs from another one's",
  async () => {
    const child = spawn("sleep", ["600"]);
    try {
      const first = startByPs(process.ppid);
      expect(first).toMatch(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/);
      expect(startByPs(process.ppid)).toBe(first);
      expect(startByPs(child.pid ?? 0)).not.toBe(first);
      expect(startByPs(2 ** 22 + 1)).toBeNull();
    } finally {
      child.kill();
    }
  },
);
