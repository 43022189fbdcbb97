/** Calls of the tools of `gradlens mcp`, with arguments that an agent, or what it has read, made up. */

import fs from "node:fs";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import fc, { type Arbitrary } from "fast-check";
import * as z from "zod";
import { mcpServer } from "../../../src/cli/mcp/server.ts";
import { Workbench } from "../../../src/cli/mcp/workbench.ts";
import type { JsonObject } from "../../../src/config/merge.ts";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { oddText } from "../mutate.ts";
import { checkMessage, Fault, type Target, target } from "../target.ts";

/** Characters of the longest answer about the small configs of this target. */
const longestAnswer = 40_000;

const secret = "hunter2";

const net = [
  { type: "simpleRNN", units: 2 },
  { type: "dense", units: 1 },
];
const task = { task: "addingProblem", length: 4, samples: 16 };
const configOf = (models: JsonObject, data: JsonObject = task) => ({ data, training: { batchSize: 8 }, models });

const stranger = "<b>$(trash)\u202e](command:x)";

/** What lies in the folder that the server may read. */
const configs: { readonly [file: string]: unknown } = {
  "gradlens.json": configOf({ m: { layers: net }, other: { layers: net } }),
  "names.json": configOf({ constructor: { layers: net }, [stranger]: { layers: net } }),
  "broken.json": configOf({ m: { layers: [{ type: "lstn" }] } }),
  "leaky.json": configOf(
    { m: { layers: net } },
    { file: "../outside/secret.csv", inputs: ["a"], targets: ["b"], window: 2 },
  ),
  "linked.json": configOf({ m: { layers: net } }, { file: "link.csv", inputs: ["a"], targets: ["b"], window: 2 }),
  "text.json": "not a config",
};

const places = [
  ...Object.keys(configs),
  "gradlens.json",
  "gradlens.json",
  "names.json",
  ".",
  "",
  "..",
  "../outside/gradlens.json",
  "/etc/passwd",
  "link.csv",
  "folder-link",
  "folder-link/gradlens.json",
  "gradlens.json/x",
  "gradlens.json\u0000",
  "~",
  "file:///etc/passwd",
  "x".repeat(4096),
];

/** A text, a number or a list in the place of any argument. */
const wrong: Arbitrary<JsonValue> = fc.oneof(
  oddText,
  fc.constantFrom<JsonValue>(null, true, 0, -1, 1.5, 1e9, "1", {}, [], [[]], [null], { toString: 1 }, 2 ** 53),
);
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("m", "other") },
  fc.constantFrom("constructor", "__proto__", "toString", stranger),
  oddText,
);

/** Sound bounds of a run that takes milliseconds; unsound ones are refused before anything runs. */
const args: Arbitrary<JsonObject> = fc
  .record({
    config: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(undefined, ...places) }, wrong),
    models: fc.oneof(
      { weight: 6, arbitrary: fc.oneof(fc.constant(undefined), fc.array(name, { maxLength: 3 })) },
      wrong,
    ),
    model: fc.oneof({ weight: 6, arbitrary: name }, wrong),
    steps: fc.constantFrom<JsonValue>(1, 2, 1, 2, 1, 2, 0, -1, 1.5, "1", null, 1e9),
    seconds: fc.constantFrom<JsonValue>(5, 60, 5, 60, 5, 60, 0, -1, "1", null, 1e9),
    seeds: fc.constantFrom<JsonValue>(1, 1, 1, 1, 0, 1.5, 1e9, "1"),
    [stranger]: fc.constantFrom(undefined, undefined, 1),
  })
  .map((all) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, z.json().parse(structuredClone(value))] as const],
      ),
    ),
  );

interface Call {
  readonly tool: string;
  readonly given: JsonObject;
}

const tools = ["list_models", "get_findings", "probe_model", "compare_runs"];

export const toolCalls: Target = target<Call>({
  name: "calls of tools",
  share: 4,
  quick: 120,
  accepted: 0.1,
  inputs: () =>
    fc.record({
      // A verification takes many runs.
      tool: fc.oneof({ weight: 60, arbitrary: fc.constantFrom(...tools) }, fc.constant("verify_fixes"), oddText),
      given: args,
    }),
  open: async (folder) => {
    const client = await served(prepared(folder));
    const before = listing(folder);
    return {
      one: async ({ tool, given }) => {
        const result = await client.callTool({ name: tool, arguments: given }).then(
          (answer) => CallToolResultSchema.parse(answer),
          (error: unknown) => ({ isError: true, content: [{ type: "text" as const, text: String(error) }] }),
        );
        const [first] = result.content;
        const text = first?.type === "text" ? first.text : "";
        if (text.includes(secret)) throw new Fault("an answer shows a file from outside of the folder");
        if (listing(folder) !== before) throw new Fault("a tool has written a file");
        if (result.isError === true) {
          checkMessage(text, `${tool}`);
          return "refused";
        }
        if (text.length > longestAnswer) throw new Fault(`an answer of ${text.length} characters`);
        z.looseObject({ config: z.string() }).parse(JSON.parse(text));
        return "accepted";
      },
      all: () => (listing(folder) === before ? null : "a tool has written a file"),
    };
  },
  shown: (call) => JSON.stringify(call),
});

/** Fills the folder for the server, with a secret beside it. */
function prepared(folder: string): string {
  const [root, outside] = [path.join(folder, "root"), path.join(folder, "outside")];
  for (const one of [root, outside]) fs.mkdirSync(one, { recursive: true });
  for (const [file, config] of Object.entries(configs))
    fs.writeFileSync(path.join(root, file), typeof config === "string" ? config : JSON.stringify(config));
  fs.writeFileSync(path.join(outside, "secret.csv"), `${secret},b\n${"1,2\n".repeat(20)}`);
  fs.writeFileSync(path.join(outside, "gradlens.json"), JSON.stringify(configOf({ [secret]: { layers: net } })));
  fs.symlinkSync(path.join(outside, "secret.csv"), path.join(root, "link.csv"));
  fs.symlinkSync(outside, path.join(root, "folder-link"));
  return root;
}

async function served(root: string): Promise<Client> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await mcpServer(new Workbench(root, { backend: "cpu", allowNative: null })).connect(ours);
  const client = new Client({ name: "fuzz", version: "1" });
  await client.connect(theirs);
  return client;
}

function listing(folder: string): string {
  return fs.readdirSync(folder, { recursive: true }).map(String).sort().join("\n");
}
