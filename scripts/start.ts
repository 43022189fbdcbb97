/**
 * `npm start`: opens the examples in VS Code with this extension loaded. It uses the desktop VS Code if there is one,
 * otherwise (or with `npm start -- --server`) VS Code's server from npm, on localhost until Ctrl+C.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { examples, firstExample } from "../tools/examples/folders.ts";
import { root } from "../tools/root.ts";
import { linkExtension } from "../tools/vscode/installExtension.ts";
import { Scratch } from "../tools/vscode/scratch.ts";
import { startServer, workbenchUrl } from "../tools/vscode/workbench.ts";

const MAC_CODE = "/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code";

const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(built.status ?? 1);

const code = process.argv.includes("--server") ? undefined : desktopCode();
if (code === undefined) await serve();
else open(code);

/** The `code` command of a desktop VS Code that can show a window here. */
function desktopCode(): string | undefined {
  const linux = process.platform === "linux";
  if (linux && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return undefined;
  // VS Code refuses to run as root, and in a terminal of a remote window `code` is another program.
  if (process.getuid?.() === 0 || process.env["VSCODE_IPC_HOOK_CLI"]) return undefined;
  return ["code", MAC_CODE].find((command) => run(command, ["--version"], "ignore") === 0);
}

function open(command: string): void {
  const status = run(
    command,
    ["--new-window", `--extensionDevelopmentPath=${root}`, examples, firstExample],
    "inherit",
  );
  if (status !== 0) process.exit(1);
  console.log(`VS Code opens ${path.relative(process.cwd(), examples) || "."} with Gradient Lens loaded.`);
}

function run(command: string, args: readonly string[], stdio: "ignore" | "inherit"): number | null {
  const windows = process.platform === "win32";
  // On Windows `code` is a batch file, which only a shell runs; it takes the arguments as one line.
  const quoted = windows ? args.map((a) => `"${a}"`) : args;
  return spawnSync(command, quoted, { stdio, shell: windows, timeout: 60_000 }).status;
}

async function serve(): Promise<void> {
  console.log("Starting VS Code's server (the first time it is installed from npm, about 10 s) ...");
  const scratch = new Scratch();
  let stopping = false;
  const stop = (status: number) => {
    stopping = true;
    return scratch.close().then(() => process.exit(status));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(0));
  // When npm is stopped, it stops the shell between us but not this process.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(0), 1000).unref();
  try {
    const extensionsDir = path.join(scratch.dir, "extensions");
    linkExtension(root, extensionsDir);
    const server = await startServer(scratch, {
      userDataDir: path.join(root, ".cache/vscode-user"),
      extensionsDir,
      testDriver: false,
      reconnectionSeconds: 3 * 3600,
    });
    const url = workbenchUrl(server, { folder: examples, file: firstExample });
    console.log(`
VS Code ${server.version} with Gradient Lens loaded is at

  ${url}

Open this address in a browser on this machine (from elsewhere, forward ${server.origin} first). Ctrl+C ends it.
`);
    const why = await server.ended;
    if (stopping) return;
    console.error(why);
    await stop(1);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error("Or install VS Code (https://code.visualstudio.com) with its `code` command and start again.");
    await stop(1);
  }
}
