/** Links to the explanation of a finding in docs/findings.md: a file of the extension, readable without a network. */

import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import type { FindingCode } from "../../protocol/finding.ts";

export class FindingDocs {
  readonly #file: vscode.Uri;
  #lines: readonly string[] | undefined;

  constructor(extensionUri: vscode.Uri) {
    this.#file = vscode.Uri.joinPath(extensionUri, "docs", "findings.md");
  }

  /** Opens at the code's heading: VS Code reads a file's fragment `L<n>` as its line. */
  target(code: FindingCode): vscode.Uri {
    this.#lines ??= this.#read();
    const line = this.#lines.findIndex((text) => text.trim() === `## ${code}`);
    return line < 0 ? this.#file : this.#file.with({ fragment: `L${line + 1}` });
  }

  /** The link for the Markdown preview, which scrolls to headings by their slug. */
  preview(code: FindingCode): vscode.Uri {
    return this.#file.with({ fragment: code });
  }

  #read(): readonly string[] {
    try {
      return readFileSync(this.#file.fsPath, "utf8").split(/\r?\n/);
    } catch {
      return [];
    }
  }
}
