/**
 * Offers the tools of `gradlens mcp` to language models in VS Code's chat (1.95 and newer). They are detected, because the
 * API is newer than the oldest VS Code that we run on: https://code.visualstudio.com/api/extension-guides/ai/tools. The
 * server of the same tools checks what a model sends and does the work.
 */

import * as vscode from "vscode";
import * as z from "zod";
import { contributedTool, type ToolName, toolNames } from "../../contributions.ts";
import { toolWords } from "../../messages/chatTools.ts";
import { hostWords } from "../../messages/host.ts";
import { classOf, disposableOf, languageModelFunction } from "./newerApi.ts";
import type { ToolAnswer } from "./toolProcess.ts";

/** What a question before a run needs of the input; the server checks the whole of it. */
const asked = z.object({
  config: z.string().max(4096).optional().catch(undefined),
  model: z.string().max(200).optional().catch(undefined),
  models: z.array(z.string().max(200)).max(50).optional().catch(undefined),
  seconds: z.number().optional().catch(undefined),
});
type Asked = z.infer<typeof asked>;

const invocation = z.looseObject({ input: z.unknown() });

/** Most seconds for a model if the language model names none, as the server has them. */
export const usualSeconds = { probe: 2, verify: 60 };

/** Most names of models that a question lists. */
const mostNamed = 5;

/** What VS Code shows while a tool runs, and asks before. */
interface Prepared {
  readonly invocationMessage: vscode.MarkdownString;
  readonly confirmationMessages?: { readonly title: string; readonly message: vscode.MarkdownString };
}

export interface ToolWork {
  call(name: ToolName, config: string | undefined, input: unknown, signal: AbortSignal): Promise<ToolAnswer>;
}

/** @param api the `vscode` module; a test gives its own */
export function offerChatTools(work: ToolWork, api: object = vscode): vscode.Disposable {
  const register = languageModelFunction(api, "registerTool");
  const Result = classOf(api, "LanguageModelToolResult");
  const Text = classOf(api, "LanguageModelTextPart");
  if (!register || !Result || !Text) return { dispose: () => {} };
  const registered = toolNames.map((name) =>
    disposableOf(
      register(contributedTool(name), {
        prepareInvocation: (options: unknown) => prepared(name, inputOf(options)),
        invoke: async (options: unknown, token: vscode.CancellationToken) =>
          new Result([new Text(await answerOf(work, name, inputOf(options), token))]),
      }),
    ),
  );
  return {
    dispose: () => {
      for (const one of registered) one.dispose();
    },
  };
}

function inputOf(options: unknown): unknown {
  return invocation.safeParse(options).data?.input ?? {};
}

/** @throws with the reason for the language model, if the tool cannot answer */
async function answerOf(
  work: ToolWork,
  name: ToolName,
  input: unknown,
  token: vscode.CancellationToken,
): Promise<string> {
  if (!vscode.workspace.isTrusted) throw new Error(hostWords().restrictedMode);
  const stopped = new AbortController();
  const listening = token.onCancellationRequested(() => stopped.abort());
  if (token.isCancellationRequested) stopped.abort();
  try {
    const { text, refused } = await work.call(name, read(input).config, input, stopped.signal);
    if (refused) throw new Error(text);
    return text;
  } catch (error) {
    if (stopped.signal.aborted) throw new vscode.CancellationError();
    throw error;
  } finally {
    listening.dispose();
  }
}

function read(input: unknown): Asked {
  return asked.safeParse(input).data ?? {};
}

function prepared(name: ToolName, input: unknown): Prepared {
  const { config = toolWords().workspaceConfig, model, models = [], seconds } = read(input);
  const one = { model: model ?? toolWords().allModels, config };
  const several = { models: modelsText(models), config };
  switch (name) {
    case "list_models":
      return { invocationMessage: shown(toolWords().listing(config)) };
    case "get_findings":
      return { invocationMessage: shown(toolWords().findings(one)) };
    case "probe_model":
      return {
        invocationMessage: shown(toolWords().probing(several)),
        confirmationMessages: {
          title: toolWords().mayProbe,
          message: shown(toolWords().probes({ ...several, seconds: seconds ?? usualSeconds.probe })),
        },
      };
    case "compare_runs":
      return {
        invocationMessage: shown(toolWords().comparing(several)),
        confirmationMessages: {
          title: toolWords().mayCompare,
          message: shown(toolWords().probes({ ...several, seconds: seconds ?? usualSeconds.probe })),
        },
      };
    case "verify_fixes":
      return {
        invocationMessage: shown(toolWords().verifying(one)),
        confirmationMessages: {
          title: toolWords().mayVerify,
          message: shown(toolWords().verifies({ ...one, seconds: seconds ?? usualSeconds.verify })),
        },
      };
  }
}

function modelsText(models: readonly string[]): string {
  if (models.length === 0) return toolWords().allModels;
  const rest = models.length - mostNamed;
  return toolWords().names([...models.slice(0, mostNamed), ...(rest > 0 ? [hostWords().andMore(rest)] : [])]);
}

/** Text that comes from a language model, shown as it is: it may try links and pictures. */
function shown(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString().appendText(text);
}
