import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toolNames } from "../../../../src/contributions.ts";
import { speak } from "../../../../src/messages/language.ts";
import { contributedTools } from "../../../../tools/docs/toolsManifest.ts";

class MarkdownString {
  value = "";
  appendText(text: string): this {
    this.value += text;
    return this;
  }
}
class CancellationError extends Error {}
const workspace = { isTrusted: true };
vi.mock("vscode", () => ({ MarkdownString, CancellationError, workspace }));
const { offerChatTools, usualSeconds } = await import("../../../../src/host/tools/chatTools.ts");

interface Tool {
  prepareInvocation(options: unknown): {
    readonly invocationMessage: MarkdownString;
    readonly confirmationMessages?: { readonly title: string; readonly message: MarkdownString };
  };
  invoke(options: unknown, token: object): Promise<Result>;
}
class Result {
  readonly parts: readonly Text[];
  constructor(parts: readonly Text[]) {
    this.parts = parts;
  }
}
class Text {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

const call = vi.fn(async (_name: string, _config: string | undefined, _input: unknown, _signal: AbortSignal) => ({
  text: "answer",
  refused: false,
}));
const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => {} }) };
const disposed: string[] = [];
const tools = new Map<string, Tool>();
const api = {
  lm: {
    registerTool: (name: string, tool: Tool) => {
      tools.set(name, tool);
      return { dispose: () => disposed.push(name) };
    },
  },
  LanguageModelToolResult: Result,
  LanguageModelTextPart: Text,
};

afterEach(() => speak("en"));
beforeEach(() => {
  workspace.isTrusted = true;
  call.mockClear();
  offerChatTools({ call }, api);
});

function tool(name: string): Tool {
  const found = tools.get(`gradlens_${name}`);
  if (!found) throw new Error(`${name} is not registered`);
  return found;
}

describe("the tools of language models", () => {
  it("are the five of the server", () => {
    expect([...tools.keys()]).toEqual(toolNames.map((name) => `gradlens_${name}`));
  });

  it("ask before they run a model, and not before they read", () => {
    const asks = toolNames.map((name) => [
      name,
      tool(name).prepareInvocation({ input: {} }).confirmationMessages?.title,
    ]);
    expect(Object.fromEntries(asks)).toEqual({
      list_models: undefined,
      get_findings: undefined,
      probe_model: "Probe models?",
      compare_runs: "Compare models?",
      verify_fixes: "Verify fixes?",
    });
  });

  it.each([
    ["en", "This trains tanh, lstm of a/gradlens.json on this computer, each for at most 5 s. Nothing is written."],
    ["zh", "将在本机训练 a/gradlens.json 中的 tanh、lstm，每个最多 5 秒。不会写入任何文件。"],
  ] as const)("say what will run, and how long (%s)", (language, text) => {
    speak(language);
    const input = { config: "a/gradlens.json", models: ["tanh", "lstm"], seconds: 5 };
    expect(tool("probe_model").prepareInvocation({ input }).confirmationMessages?.message.value).toBe(text);
  });

  it("name the seconds that the server takes if a model names none", async () => {
    expect(await contributedTools()).toMatchObject([
      {},
      {},
      { inputSchema: { properties: { seconds: { default: usualSeconds.probe } } } },
      { inputSchema: { properties: { seconds: { default: usualSeconds.probe } } } },
      { inputSchema: { properties: { seconds: { default: usualSeconds.verify } } } },
    ]);
  });

  it("list a few names of many", () => {
    const models = Array.from({ length: 12 }, (_, i) => `m${i}`);
    expect(tool("compare_runs").prepareInvocation({ input: { models } }).invocationMessage.value).toBe(
      "Comparing m0, m1, m2, m3, m4, and 7 more of the workspace's config",
    );
  });

  it.each([undefined, null, 3, "x", { models: "x", config: 4, seconds: "long" }, { config: "x".repeat(5000) }])(
    "ask before a run whatever the input is: %j",
    (input) => {
      const { confirmationMessages } = tool("probe_model").prepareInvocation({ input });
      expect(confirmationMessages?.message.value).toContain("all models of the workspace's config");
    },
  );

  it("give the input to the server unchanged, and its answer back", async () => {
    const input = { config: "gradlens.json", model: "tanh", more: [1] };
    const result = await tool("get_findings").invoke({ input }, token);
    expect(call).toHaveBeenCalledWith("get_findings", "gradlens.json", input, expect.any(AbortSignal));
    expect(result.parts.map(({ value }) => value)).toEqual(["answer"]);
  });

  it("fail with the server's reason", async () => {
    call.mockResolvedValueOnce({ text: "There is no model x.", refused: true });
    await expect(tool("probe_model").invoke({ input: {} }, token)).rejects.toThrow("There is no model x.");
  });

  it("run nothing in Restricted Mode", async () => {
    workspace.isTrusted = false;
    await expect(tool("list_models").invoke({ input: {} }, token)).rejects.toThrow(/Restricted Mode/);
    expect(call).not.toHaveBeenCalled();
  });

  it("are cancelled with the request", async () => {
    let cancel = (): void => {};
    call.mockImplementationOnce(
      (_name, _config, _input, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))),
    );
    const going = tool("verify_fixes").invoke(
      { input: { model: "tanh" } },
      {
        isCancellationRequested: false,
        onCancellationRequested: (listener: () => void) => {
          cancel = listener;
          return { dispose: () => {} };
        },
      },
    );
    cancel();
    await expect(going).rejects.toBeInstanceOf(CancellationError);
  });

  it("are withdrawn together", () => {
    offerChatTools({ call }, api).dispose();
    expect(disposed).toEqual(toolNames.map((name) => `gradlens_${name}`));
  });

  it.each([{}, { lm: {} }, { lm: { registerTool: () => ({}) } }])(
    "are not offered by an older VS Code: %j",
    (older) => {
      expect(() => offerChatTools({ call }, older).dispose()).not.toThrow();
    },
  );
});
