/** `mcp`: the same measurements as tools of the Model Context Protocol, over stdin and stdout. */

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { version } from "../../../package.json";
import { fewestPairs } from "../../diagnosis/verify/sequential.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import type { BackendRequest } from "../startBackend.ts";
import { type Answer, answerText } from "./answers.ts";
import { type ProbeRequest, Refusal, Workbench } from "./workbench.ts";

const config = z
  .string()
  .max(4096)
  .optional()
  .describe("path of a gradlens.json, or of its folder, relative to the workspace (default: its top folder)");
const model = z.string().max(200).describe("name of a model in the config");
const models = z.array(model).max(50).default([]).describe("names of models (default: all)");
const steps = z
  .int()
  .min(1)
  .max(100_000)
  .optional()
  .describe("steps of each run (default: as many as the time allows)");
const seconds = (usual: number) => z.number().min(0.1).max(3600).default(usual).describe("most seconds for each model");

/** Reads files alone: no confirmation is needed. */
const reads = { readOnlyHint: true, openWorldHint: false };
/** Computes for seconds or minutes, and changes nothing. */
const computes = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false };

export function mcpServer(workbench: Workbench): McpServer {
  const server = new McpServer({ name: "gradient-lens", version });
  server.registerTool(
    "list_models",
    {
      description: "Lists the models of a gradlens.json with their layers and places, and the config's problems.",
      inputSchema: { config },
      annotations: { title: "List models", ...reads },
    },
    (asked) => answered(() => workbench.list(asked.config)),
  );
  server.registerTool(
    "get_findings",
    {
      description:
        "Returns the findings of the newest runs: cause, place, figures, explanation and fixes. Runs nothing; probe_model measures.",
      inputSchema: { config, model: model.optional() },
      annotations: { title: "Get findings", ...reads },
    },
    (asked) => answered(() => workbench.findings(asked.config, asked.model)),
  );
  server.registerTool(
    "probe_model",
    {
      description:
        "Trains models briefly and measures how far their gradients reach through time and depth. Returns verdict, figures and findings with places and fixes.",
      inputSchema: { config, models, steps, seconds: seconds(2) },
      annotations: { title: "Probe models", ...computes },
    },
    (asked, { signal }) => answered(() => workbench.probe(probeOf(asked), signal)),
  );
  server.registerTool(
    "compare_runs",
    {
      description: "Probes several models of a config from the same seed and returns their figures side by side.",
      inputSchema: { config, models, steps, seconds: seconds(2) },
      annotations: { title: "Compare runs", ...computes },
    },
    (asked, { signal }) => answered(() => workbench.compare(probeOf(asked), signal)),
  );
  server.registerTool(
    "verify_fixes",
    {
      description:
        "Runs a model beside each fix of its gravest finding, from the same seeds, and ranks the fixes by their measured effect. Each fix has the edits of the config that make it.",
      inputSchema: {
        config,
        model,
        steps,
        seconds: seconds(60),
        seeds: z.int().min(1).max(100).default(fewestPairs).describe("pairs of runs of each fix"),
      },
      annotations: { title: "Verify fixes", ...computes },
    },
    (asked, { signal }) =>
      answered(() => workbench.verify(asked.config, asked.model, { ...limitsOf(asked), seeds: asked.seeds }, signal)),
  );
  return server;
}

/** Serves until the client closes stdin, or until `signal`. */
export async function serveMcp(root: string, request: BackendRequest, signal: AbortSignal): Promise<ExitCode> {
  const server = mcpServer(new Workbench(root, request));
  const closed = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
    signal.addEventListener("abort", () => resolve());
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
  return signal.aborted ? exitCodes.interrupted : exitCodes.fine;
}

function limitsOf({ steps, seconds }: { readonly steps?: number | undefined; readonly seconds: number }): {
  readonly steps: number | null;
  readonly budget: number;
} {
  return { steps: steps ?? null, budget: seconds * 1000 };
}

function probeOf(
  asked: Parameters<typeof limitsOf>[0] & Pick<ProbeRequest, "models"> & { readonly config?: string | undefined },
): ProbeRequest {
  return { config: asked.config, models: asked.models, ...limitsOf(asked) };
}

async function answered(answer: () => Answer | Promise<Answer>): Promise<CallToolResult> {
  try {
    return { content: [{ type: "text", text: answerText(await answer()) }] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { content: [{ type: "text", text: error.message }], isError: true };
  }
}
