/**
 * Read-only documents of the scheme `gradlens`: the configs' schema, the explanation of each finding, and texts made for
 * showing. The first one that VS Code opens activates the extension (`onFileSystem:gradlens`). Since its JSON support
 * asks for the schema of every config that it opens, our own files activate it, and no others do.
 */

import * as vscode from "vscode";
import * as z from "zod";
import { inOtherWords } from "../config/explanations.ts";
import { virtualScheme } from "../contributions.ts";
import { spokenLanguage } from "../messages/language.ts";
import type { FindingDocs } from "./inline/findingDocs.ts";

/** Most texts that are remembered; the oldest are forgotten, and their documents are empty if opened again. */
const mostTexts = 20;

export class VirtualDocuments implements vscode.TextDocumentContentProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #docs: FindingDocs;
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(extensionUri: vscode.Uri, docs: FindingDocs) {
    this.#extensionUri = extensionUri;
    this.#docs = docs;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(virtualScheme, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    if (uri.authority === "schema") {
      const english = await this.#read("gradlens.schema.json");
      if (spokenLanguage() !== "zh") return english;
      const others = z.array(z.string()).parse(JSON.parse(await this.#read("schema.zh-cn.json")));
      return JSON.stringify(inOtherWords(z.json().parse(JSON.parse(english)), others));
    }
    return this.#docs.read(uri) ?? this.#texts.get(uri.path) ?? "";
  }

  async #read(name: string): Promise<string> {
    const file = vscode.Uri.joinPath(this.#extensionUri, "dist", name);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  }

  /** Makes or replaces a document. @param name its path, which ends in the title of its tab */
  put(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: virtualScheme, path: `/${name}` });
    this.#texts.delete(uri.path);
    this.#texts.set(uri.path, text);
    for (const oldest of [...this.#texts.keys()].slice(0, -mostTexts)) this.#texts.delete(oldest);
    this.#changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
