/**
 * The explanation of each finding, from docs/findings.md in the reader's language: a document of its own, readable without a network. The manifest
 * associates these documents with the Markdown preview, so every link opens them rendered.
 */

import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { virtualScheme } from "../../contributions.ts";
import { findingsPage } from "../../messages/language.ts";
import { type FindingCode, findingCodes } from "../../protocol/finding.ts";
import { findingSection } from "./findingSection.ts";

const folder = "/findings/";

export class FindingDocs {
  readonly #docs: vscode.Uri;
  readonly #sections = new Map<FindingCode, string>();

  constructor(extensionUri: vscode.Uri) {
    this.#docs = vscode.Uri.joinPath(extensionUri, "docs");
  }

  target(code: FindingCode): vscode.Uri {
    return vscode.Uri.from({ scheme: virtualScheme, path: `${folder}${code}.md` });
  }

  /** The text of a finding's document; undefined for any other address. */
  read({ path }: vscode.Uri): string | undefined {
    const code = findingCodes.find((c) => path === `${folder}${c}.md`);
    if (code === undefined) return undefined;
    const text =
      this.#sections.get(code) ?? findingSection(this.#file(findingsPage()), code, (name) => this.#file(name));
    this.#sections.set(code, text);
    return text;
  }

  /** A file of the documentation; empty if it cannot be read. */
  #file(name: string): string {
    try {
      return readFileSync(vscode.Uri.joinPath(this.#docs, name).fsPath, "utf8");
    } catch {
      return "";
    }
  }
}
