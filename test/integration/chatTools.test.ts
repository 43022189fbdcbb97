import assert from "node:assert/strict";
import * as vscode from "vscode";
import * as z from "zod";
import { contributedTool, toolNames } from "../../src/contributions.ts";
import { activated, closeAll, folder, openConfig, vanishing } from "./support.ts";

/** What the newest VS Code has, and the types of the oldest one that we run on do not name. */
const languageModels = z.object({
  tools: z.array(z.object({ name: z.string(), inputSchema: z.unknown() })),
  invokeTool: z.custom<(name: string, options: object, token: vscode.CancellationToken) => Promise<unknown>>(
    (value) => typeof value === "function",
  ),
});
const answer = z.object({ content: z.array(z.object({ value: z.string() })) });

describe("the tools of language models", () => {
  const found = languageModels.safeParse(Reflect.get(vscode, "lm"));
  before(async function () {
    await activated();
    if (!found.success) this.skip();
  });
  after(closeAll);

  async function invoke(name: "list_models" | "get_findings", input: object): Promise<unknown> {
    const token = new vscode.CancellationTokenSource().token;
    const result = await found.data?.invokeTool(
      contributedTool(name),
      { input, toolInvocationToken: undefined },
      token,
    );
    return JSON.parse(answer.parse(result).content[0]?.value ?? "");
  }

  it("are in VS Code's list, with the inputs that they take", () => {
    const listed = new Map(found.data?.tools.map(({ name, inputSchema }) => [name, inputSchema]));
    for (const name of toolNames) {
      const { properties } = z
        .object({ properties: z.record(z.string(), z.unknown()) })
        .parse(listed.get(contributedTool(name)));
      assert.ok("config" in properties, name);
    }
  });

  it("read a config of the workspace without a question", async () => {
    const { document } = await openConfig("asked.gradlens.json", vanishing);
    const places = await invoke("list_models", { config: "asked.gradlens.json" });
    assert.deepEqual(
      z.object({ models: z.array(z.object({ model: z.string(), place: z.string() })) }).parse(places).models,
      [
        { model: "sigmoid", place: "asked.gradlens.json:12:5" },
        { model: "identity", place: "asked.gradlens.json:18:5" },
      ],
    );
    // Language models often name a file by its whole path.
    const findings = await invoke("get_findings", { config: document.uri.fsPath, model: "sigmoid" });
    assert.deepEqual(z.object({ models: z.array(z.unknown()) }).parse(findings).models, [
      { model: "sigmoid", findings: null, note: "not measured yet: call probe_model" },
    ]);
    await vscode.workspace.fs.delete(document.uri);
  });

  it("say why they cannot answer", async () => {
    await assert.rejects(
      invoke("list_models", { config: folder().with({ path: "/" }).fsPath }),
      /outside of the folder/,
    );
  });
});
