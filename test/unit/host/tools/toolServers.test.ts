import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ServerStart } from "../../../../src/host/tools/mcpProvider.ts";
import { startFor, ToolServers } from "../../../../src/host/tools/toolServers.ts";
import { bundledCli, type Cli, openCli, tiny } from "../../cli/cli.ts";

const config = tiny({
  tanh: [
    { type: "simpleRNN", units: 4 },
    { type: "dense", units: 1 },
  ],
});
const never = new AbortController().signal;

let cli: Cli;
let folder: string;
let script: string;
beforeAll(async () => {
  cli = openCli();
  folder = cli.folder({ "gradlens.json": config });
  script = await bundledCli();
});
afterAll(() => cli.dispose());

const open: ToolServers[] = [];
afterEach(() => {
  for (const servers of open.splice(0)) servers.dispose();
});

function servers(starts: readonly ServerStart[], idle = 60_000): ToolServers {
  const made = new ToolServers({ starts: () => starts, version: "1", idleTimeout: () => idle });
  open.push(made);
  return made;
}

function startOf(args: readonly string[], at = folder): ServerStart {
  return { folder: at, label: "l", command: process.execPath, args, env: {}, version: "1" };
}

const ours = (): ServerStart => startOf([script, "mcp", "--backend", "cpu", folder]);

/** A server that does with each request what `body` says; `id`, `method`, `say` and `params` are there. */
function played(body: string): ServerStart {
  return startOf([
    "-e",
    `const say = (m) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...m }) + "\\n");
     require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
       const { id, method, params } = JSON.parse(line);
       if (method === "initialize") return say({ id, result: {} });
       ${body}
     });`,
  ]);
}

describe("the processes of the tools", () => {
  it("answer and refuse as the command line's server, and remember what was probed", async () => {
    const tools = servers([ours()]);
    const listed = await tools.call("list_models", undefined, {}, never);
    expect(listed).toMatchObject({ refused: false, text: expect.stringContaining('"model":"tanh"') });
    const probed = await tools.call("probe_model", undefined, { steps: 2, seconds: 60 }, never);
    expect(JSON.parse(probed.text)).toMatchObject({ models: [{ model: "tanh", figures: { steps: 2 } }] });
    const found = await tools.call("get_findings", undefined, {}, never);
    expect(JSON.parse(found.text)).toMatchObject({ models: [{ findings: expect.any(Array) }] });
    const outside = await tools.call("list_models", "..", { config: ".." }, never);
    expect(outside).toEqual({
      refused: true,
      text: "The config is outside of the folder that this server was started for.",
    });
  });

  it("say that no folder is open", async () => {
    await expect(servers([]).call("list_models", undefined, {}, never)).rejects.toThrow(/Open a folder first/);
  });

  it("say that a process could not be started", async () => {
    const missing = { ...ours(), command: path.join(folder, "missing") };
    await expect(servers([missing]).call("list_models", undefined, {}, never)).rejects.toThrow(/could not be started/);
  });

  it("say that a process ended, and start another for the next question", { tags: "thorough" }, async () => {
    const counted = path.join(folder, "count");
    const tools = servers([
      played(
        `if (method === "tools/call") {
           if (!require("fs").existsSync(${JSON.stringify(counted)})) {
             require("fs").writeFileSync(${JSON.stringify(counted)}, "1");
             process.exit(3);
           }
           say({ id, result: { content: [{ type: "text", text: "second" }] } });
         }`,
      ),
    ]);
    await expect(tools.call("a", undefined, {}, never)).rejects.toThrow(/ended in the middle/);
    expect(await tools.call("a", undefined, {}, never)).toEqual({ text: "second", refused: false });
  });

  it("pass a cancellation on", async () => {
    const told = path.join(folder, "told");
    const tools = servers([
      played(
        `if (method === "tools/call") say({ method: "notifications/progress" });
         if (method === "notifications/cancelled") require("fs").writeFileSync(${JSON.stringify(told)}, line);`,
      ),
    ]);
    const stop = new AbortController();
    const going = tools.call("a", undefined, {}, stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(going).rejects.toThrow();
    while (!fs.existsSync(told) || fs.readFileSync(told, "utf8") === "") await new Promise((r) => setTimeout(r, 20));
    expect(JSON.parse(fs.readFileSync(told, "utf8"))).toMatchObject({ params: { requestId: 2 } });
  });

  it.each([
    ["no JSON", `process.stdout.write("nonsense\\n"); say({ id, error: { message: "no" } });`],
    ["another id", `say({ id: 99, result: {} }); say({ id, error: { message: "no" } });`],
    ["an answer of another form", `say({ id, result: { content: "x" } });`],
    ["a line without an end", `process.stdout.write("x".repeat(5_000_000));`],
  ])("fail, and do not hang, at %s", async (_, body) => {
    const tools = servers([played(`if (method === "tools/call") { ${body} }`)]);
    await expect(tools.call("a", undefined, {}, never)).rejects.toThrow();
  });

  it("read characters that two pieces of output share", async () => {
    const tools = servers([
      played(
        `if (method !== "tools/call") return;
         const all = Buffer.from(JSON.stringify({ id, result: { content: [{ type: "text", text: "梯度" }] } }) + "\\n");
         const cut = all.indexOf(Buffer.from("梯")) + 1;
         process.stdout.write(all.subarray(0, cut));
         setTimeout(() => process.stdout.write(all.subarray(cut)), 30);`,
      ),
    ]);
    expect(await tools.call("a", undefined, {}, never)).toEqual({ text: "梯度", refused: false });
  });

  it("end when nobody asks anything", async () => {
    const ended = path.join(folder, "ended");
    const tools = servers(
      [
        played(
          `if (method === "tools/call") {
             process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(ended)}, "1"));
             say({ id, result: { content: [] } });
           }`,
        ),
      ],
      10,
    );
    await tools.call("a", undefined, {}, never);
    while (!fs.existsSync(ended)) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

describe("the folder of a config", () => {
  const at = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-tools-"));
  const [a, b] = ["a", "b"].map((name) => path.join(at, name));
  const starts = [a, b].map((one) => startOf([], one));
  beforeAll(() => {
    for (const one of [a, b]) fs.mkdirSync(one ?? "", { recursive: true });
    fs.writeFileSync(path.join(b ?? "", "gradlens.json"), "{}");
  });
  afterAll(() => fs.rmSync(at, { recursive: true, force: true }));

  it.each([
    [undefined, "a"],
    ["gradlens.json", "b"],
    ["missing.json", "a"],
    [path.join(at, "b", "sub", "gradlens.json"), "b"],
    [path.join(at, "b..c", "gradlens.json"), "a"],
    ["../b/gradlens.json", "b"],
  ])("of %s is %s", (config, name) => {
    expect(path.basename(startFor(config, starts)?.folder ?? "")).toBe(name);
  });
});
