/** Keys that a JSON record has twice: one of the two values is lost. */

import { tableWords } from "../../../messages/tables.ts";
import type { Layout } from "./layout.ts";
import { showCell } from "./layoutText.ts";
import type { TableRemark } from "./tableQuestion.ts";

export class RepeatedKeys {
  #first: { readonly name: string; readonly line: number } | null = null;
  #count = 0;

  forget(): void {
    this.#first = null;
    this.#count = 0;
  }

  add(name: string, line: number): void {
    this.#first ??= { name, line };
    this.#count++;
  }

  remarks(counted: Layout["counted"]): readonly TableRemark[] {
    if (this.#first === null) return [];
    const { name, line } = this.#first;
    const message = tableWords().repeatedKeys({ name: showCell(name), counted, line, n: this.#count });
    return [{ about: "numbers", message, remedies: [] }];
  }
}
