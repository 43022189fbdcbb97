/**
 * One process of `gradlens mcp` and the requests to it: JSON-RPC, one message a line, as the Model Context Protocol has
 * it over stdin and stdout (https://modelcontextprotocol.io/specification/2025-06-18/basic/transports). The protocol's own
 * client would bring a second validator of JSON Schema into the extension's bundle; we need one request of it.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import * as z from "zod";
import { toolWords } from "../../messages/chatTools.ts";
import type { ServerStart } from "./mcpProvider.ts";

const protocolVersion = "2025-06-18";

/** Most characters of an answer that is read. An answer has some thousand. */
const longest = 2 ** 22;

/** Milliseconds that the process has to end by itself. */
const endGrace = 2000;

const reply = z.object({
  id: z.int(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});

const toolResult = z.object({
  content: z.array(z.object({ type: z.literal("text"), text: z.string() })),
  isError: z.boolean().default(false),
});

export interface ToolAnswer {
  readonly text: string;
  /** Whether the text is the reason why the tool refused. */
  readonly refused: boolean;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class ToolProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #decoder = new StringDecoder("utf8");
  #unread = "";
  #sent = 0;
  #over = false;

  constructor({ command, args, env }: ServerStart, version: string) {
    this.#child = spawn(command, [...args], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, ...env },
      windowsHide: true,
    });
    this.#child.stdout?.on("data", (data: Buffer) => this.#read(data));
    // The process may end while it is written to; its end is what is told.
    this.#child.stdin?.on("error", () => {});
    this.#child.on("error", ({ message }) => this.#end(toolWords().notStarted(message)));
    this.#child.on("close", () => this.#end(toolWords().ended));
    this.#ready = this.#request("initialize", {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: "gradient-lens-vscode", version },
    }).then(() => this.#send({ method: "notifications/initialized" }));
    // Whoever calls a tool is told.
    this.#ready.catch(() => {});
  }

  /** Whether the process has ended or is ending. */
  get over(): boolean {
    return this.#over;
  }

  get busy(): boolean {
    return this.#waiting.size > 0;
  }

  /** @throws if the process ends, or if `signal` is aborted */
  async call(name: string, input: unknown, signal: AbortSignal): Promise<ToolAnswer> {
    await this.#ready;
    const { content, isError } = toolResult.parse(
      await this.#request("tools/call", { name, arguments: input }, signal),
    );
    return { text: content.map(({ text }) => text).join("\n"), refused: isError };
  }

  dispose(): void {
    if (this.#over) return;
    this.#end(toolWords().ended);
    // The server ends with its input.
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), endGrace);
    timer.unref();
    this.#child.once("exit", () => clearTimeout(timer));
  }

  #request(method: string, params: object, signal?: AbortSignal): Promise<unknown> {
    const id = ++this.#sent;
    return new Promise((resolve, reject) => {
      if (this.#over) return reject(new Error(toolWords().ended));
      const cancel = (): void => {
        if (!this.#waiting.delete(id)) return;
        this.#send({ method: "notifications/cancelled", params: { requestId: id } });
        reject(new Error("cancelled"));
      };
      const done = (): void => signal?.removeEventListener("abort", cancel);
      this.#waiting.set(id, {
        resolve: (result) => {
          done();
          resolve(result);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.#send({ id, method, params });
      if (signal?.aborted) cancel();
      else signal?.addEventListener("abort", cancel, { once: true });
    });
  }

  #send(message: object): void {
    this.#child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  #read(data: Buffer): void {
    const lines = this.#decoder.write(data).split("\n");
    lines[0] = this.#unread + (lines[0] ?? "");
    this.#unread = lines.pop() ?? "";
    for (const line of lines) this.#receive(line);
    if (this.#unread.length > longest) this.#child.kill("SIGKILL");
  }

  #receive(line: string): void {
    const parsed = reply.safeParse(parseJson(line));
    // A notification, or something else that nobody waits for.
    if (!parsed.success) return;
    const { id, result, error } = parsed.data;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }

  #end(reason: string): void {
    this.#over = true;
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
