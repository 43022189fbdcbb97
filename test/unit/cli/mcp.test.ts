import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { mcpServer } from "../../../src/cli/mcp/server.ts";
import { Workbench } from "../../../src/cli/mcp/workbench.ts";
import { contributedTools } from "../../../tools/docs/toolsManifest.ts";
import { bundledCli, type Cli, openCli, tiny } from "./cli.ts";

const rnn = (activation: string) => [
  { type: "simpleRNN", units: 4, activation },
  { type: "dense", units: 1 },
];
const config = tiny({ tanh: rnn("tanh"), sigmoid: rnn("sigmoid") });

let cli: Cli;
let folder: string;
let client: Client;
beforeAll(async () => {
  cli = openCli();
  folder = cli.folder({ "gradlens.json": config, "broken.json": tiny({ a: [{ type: "lstn" }] }) });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await mcpServer(new Workbench(folder, { backend: "cpu", allowNative: null })).connect(ours);
  client = new Client({ name: "test", version: "1" });
  await client.connect(theirs);
});
afterAll(async () => {
  await client.close();
  cli.dispose();
});

async function call(name: string, given: { [key: string]: unknown } = {}): Promise<{ text: string; isError: boolean }> {
  const { content, isError = false } = CallToolResultSchema.parse(await client.callTool({ name, arguments: given }));
  const [first] = content;
  return { text: first?.type === "text" ? first.text : "", isError };
}

const answer = z.looseObject({ models: z.array(z.looseObject({ model: z.string() })).optional() });

async function answerOf(name: string, given: { [key: string]: unknown } = {}): Promise<z.infer<typeof answer>> {
  const { text, isError } = await call(name, given);
  expect([isError, text.slice(0, 200)]).toEqual([false, expect.any(String)]);
  expect(text.length).toBeLessThan(20_000);
  return answer.parse(JSON.parse(text));
}

describe("the tools for programs", () => {
  it("are five; those that read files alone need no confirmation", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ["list_models", true],
      ["get_findings", true],
      ["probe_model", false],
      ["compare_runs", false],
      ["verify_fixes", false],
    ]);
  });

  it("are those of the manifest, with the same descriptions and inputs", async () => {
    const { contributes } = z
      .looseObject({ contributes: z.looseObject({ languageModelTools: z.array(z.unknown()) }) })
      .parse(JSON.parse(fs.readFileSync("package.json", "utf8")));
    // `npm run docs` writes them.
    expect(contributes.languageModelTools).toEqual(await contributedTools());
  });

  it("list models with the places of their layers", async () => {
    const { models } = await answerOf("list_models");
    expect(models).toMatchObject([
      { model: "tanh", layers: [{ type: "simpleRNN", place: expect.stringMatching(/^gradlens\.json:\d+:\d+$/) }, {}] },
      { model: "sigmoid" },
    ]);
  });

  it("probe a model, and return its findings again without a run", async () => {
    expect(await answerOf("get_findings", { model: "sigmoid" })).toMatchObject({ models: [{ findings: null }] });
    const { models } = await answerOf("probe_model", { models: ["sigmoid"], steps: 25, seconds: 60 });
    expect(models).toMatchObject([
      { model: "sigmoid", headline: expect.stringContaining("gradient reaches"), figures: { steps: 25 } },
    ]);
    const again = await answerOf("get_findings", { model: "sigmoid" });
    expect(again.models?.[0]?.["findings"]).toEqual(models?.[0]?.["findings"]);
  });

  it("compare models", async () => {
    expect(await answerOf("compare_runs", { steps: 3, seconds: 60 })).toMatchObject({
      runs: [
        { model: "tanh", figures: { steps: 3 } },
        { model: "sigmoid", figures: { steps: 3 } },
      ],
    });
    expect(await call("compare_runs", { models: ["tanh"], steps: 1 })).toMatchObject({ isError: true });
  });

  it("verify fixes, and say which help", { tags: "thorough" }, async () => {
    const verified = await answerOf("verify_fixes", { model: "sigmoid", steps: 10, seeds: 1, seconds: 120 });
    expect(verified["model"]).toBe("sigmoid");
    expect(verified["conclusion"] ?? verified["outcome"]).toEqual(expect.any(String));
  });

  it("name the place of what is wrong in a config", async () => {
    const { text, isError } = await call("probe_model", { config: "broken.json" });
    expect([isError, text]).toEqual([true, expect.stringMatching(/^broken\.json:\d+:\d+: .*lstm/s)]);
  });

  it("read no config outside of the folder, not even through a link", async () => {
    const outside = cli.folder({ "gradlens.json": config });
    fs.symlinkSync(outside, path.join(folder, "link"));
    for (const asked of ["..", path.join(outside, "gradlens.json"), "link"])
      expect(await call("list_models", { config: asked })).toEqual({
        isError: true,
        text: "The config is outside of the folder that this server was started for.",
      });
  });

  it.skipIf(process.platform === "win32")("wait for no pipe in a config's place", async () => {
    execFileSync("mkfifo", [path.join(folder, "pipe.json")]);
    const { text, isError } = await call("list_models", { config: "pipe.json" });
    expect([isError, text]).toEqual([true, expect.stringContaining("it is not a regular file")]);
  });

  it("open no file outside of the folder that a config names, not even through a link", async () => {
    const outside = cli.folder({ "secret.csv": "password,b\n1,2\n3,4\n5,6\n" });
    fs.symlinkSync(path.join(outside, "secret.csv"), path.join(folder, "inside.csv"));
    fs.symlinkSync(path.join(outside, "not-there.csv"), path.join(folder, "dangling.csv"));
    for (const file of [path.join(outside, "secret.csv"), "inside.csv", "dangling.csv", "../x/y.csv"]) {
      const data = { file, inputs: ["a"], targets: ["b"] };
      fs.writeFileSync(path.join(folder, "leaky.json"), JSON.stringify(tiny({ m: rnn("tanh") }, { data })));
      const answer = await call("probe_model", { config: "leaky.json" });
      expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(/^m names ".*", which is outside/) });
      expect(answer.text).not.toContain("password");
    }
  });

  it.each([{ steps: 0 }, { steps: 1e9 }, { models: "tanh" }, { config: "x".repeat(5000) }])(
    "refuse arguments that they do not take: %j",
    async (given) => {
      const refused = await call("probe_model", given).catch((error: unknown) => ({
        isError: true,
        text: String(error),
      }));
      expect(refused.isError).toBe(true);
    },
  );

  it("are served by the command line", { tags: "thorough" }, async () => {
    const script = await bundledCli();
    const other = new Client({ name: "test", version: "1" });
    await other.connect(
      new StdioClientTransport({ command: process.execPath, args: [script, "mcp", folder], stderr: "ignore" }),
    );
    expect((await other.listTools()).tools).toHaveLength(5);
    await other.close();
  });
});
