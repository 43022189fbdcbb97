/** The output channel. */

import * as vscode from "vscode";

export type LogLevel = "info" | "warning" | "error";

export class Log {
  readonly #channel = vscode.window.createOutputChannel("Gradient Lens", { log: true });
  readonly #errors: string[] = [];

  /** Errors of this session, the newest last, for bug reports and tests. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  readonly write = (level: LogLevel, message: string): void => {
    if (level === "info") this.#channel.info(message);
    else if (level === "warning") this.#channel.warn(message);
    else {
      this.#channel.error(message);
      this.#errors.push(message);
      if (this.#errors.length > 100) this.#errors.shift();
    }
  };

  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }
}
