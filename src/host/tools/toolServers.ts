/** The processes behind the language models' tools: one for each folder whose configs were asked about. */

import fs from "node:fs";
import path from "node:path";
import { toolWords } from "../../messages/chatTools.ts";
import type { ServerStart } from "./mcpProvider.ts";
import { type ToolAnswer, ToolProcess } from "./toolProcess.ts";

export interface ToolServersOptions {
  /** The servers that can be started. */
  readonly starts: () => readonly ServerStart[];
  readonly version: string;
  /** Milliseconds after which a process that nobody asks anything is ended. */
  readonly idleTimeout: () => number;
}

interface Kept {
  readonly server: ToolProcess;
  idle: NodeJS.Timeout | undefined;
}

export class ToolServers {
  readonly #options: ToolServersOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: ToolServersOptions) {
    this.#options = options;
  }

  /** @throws if no folder is open, if the process ends, or if `signal` is aborted */
  async call(name: string, config: string | undefined, input: unknown, signal: AbortSignal): Promise<ToolAnswer> {
    const start = startFor(config, this.#options.starts());
    if (!start) throw new Error(toolWords().noFolder);
    const kept = this.#serverOf(start);
    clearTimeout(kept.idle);
    try {
      return await kept.server.call(name, input, signal);
    } finally {
      if (!kept.server.busy) this.#endWhenIdle(start.folder, kept);
    }
  }

  dispose(): void {
    for (const { server, idle } of this.#kept.values()) {
      clearTimeout(idle);
      server.dispose();
    }
    this.#kept.clear();
  }

  #serverOf(start: ServerStart): Kept {
    const known = this.#kept.get(start.folder);
    if (known && !known.server.over) return known;
    const made: Kept = { server: new ToolProcess(start, this.#options.version), idle: undefined };
    this.#kept.set(start.folder, made);
    return made;
  }

  #endWhenIdle(folder: string, kept: Kept): void {
    clearTimeout(kept.idle);
    kept.idle = setTimeout(() => {
      kept.server.dispose();
      if (this.#kept.get(folder) === kept) this.#kept.delete(folder);
    }, this.#options.idleTimeout());
    kept.idle.unref();
  }
}

/** The server of a config: its folder contains the path, or a relative path exists in it; else the first server. */
export function startFor(config: string | undefined, starts: readonly ServerStart[]): ServerStart | undefined {
  if (config === undefined) return starts[0];
  const has = ({ folder }: ServerStart): boolean => {
    const within = path.relative(folder, path.resolve(folder, config));
    if (within === ".." || within.startsWith(`..${path.sep}`) || path.isAbsolute(within)) return false;
    return path.isAbsolute(config) || fs.existsSync(path.join(folder, config));
  };
  return starts.find(has) ?? starts[0];
}
