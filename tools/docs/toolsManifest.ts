/** The language models' tools in the manifest, which have the descriptions and inputs of the `gradlens mcp` server. */

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import * as z from "zod";
import { mcpServer } from "../../src/cli/mcp/server.ts";
import { Workbench } from "../../src/cli/mcp/workbench.ts";
import { contributedTool, toolNames } from "../../src/contributions.ts";

const icons = {
  list_models: "$(list-tree)",
  get_findings: "$(search)",
  probe_model: "$(pulse)",
  compare_runs: "$(git-compare)",
  verify_fixes: "$(beaker)",
} as const;

/** What package.json contributes as `languageModelTools`; titles and descriptions for people are in package.nls.json. */
export async function contributedTools(): Promise<readonly object[]> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await mcpServer(new Workbench(".", { backend: "cpu", allowNative: null })).connect(ours);
  const client = new Client({ name: "manifest", version: "1" });
  await client.connect(theirs);
  const { tools } = await client.listTools();
  await client.close();
  return toolNames.map((name) => {
    const tool = tools.find((one) => one.name === name);
    if (!tool) throw new Error(`The server has no tool ${name}.`);
    const { $schema: _, ...inputSchema } = tool.inputSchema;
    return {
      name: contributedTool(name),
      toolReferenceName: contributedTool(name).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      canBeReferencedInPrompt: true,
      displayName: `%tool.${name}%`,
      userDescription: `%tool.${name}.description%`,
      modelDescription: tool.description,
      icon: icons[name],
      when: "isWorkspaceTrusted",
      tags: ["gradients", "neural-networks"],
      inputSchema,
    };
  });
}

const manifest = z.looseObject({ contributes: z.looseObject({}) });

/** The manifest with the tools as the server has them. */
export async function manifestWithTools(text: string): Promise<string> {
  const { contributes, ...rest } = manifest.parse(JSON.parse(text));
  const languageModelTools = await contributedTools();
  const entries = Object.entries({ ...rest, contributes: { ...contributes, languageModelTools } });
  const order = Object.keys(JSON.parse(text));
  entries.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
