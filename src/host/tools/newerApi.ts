/** Finds what newer versions of VS Code have, and the types of the oldest one that we run on do not name. */

import type * as vscode from "vscode";

type Call = (...values: readonly unknown[]) => unknown;
type Make = new (...values: readonly unknown[]) => object;

/** A function of `vscode.lm` that can be called; null where there is none. */
export function languageModelFunction(api: object, name: string): Call | null {
  const lm: unknown = Reflect.get(api, "lm");
  if (typeof lm !== "object" || lm === null) return null;
  const found: unknown = Reflect.get(lm, name);
  return isCall(found) ? (...values) => Reflect.apply(found, lm, values) : null;
}

/** A class of the API; null where there is none. */
export function classOf(api: object, name: string): Make | null {
  const found: unknown = Reflect.get(api, name);
  return isMake(found) ? found : null;
}

/** What a registration returned. */
export function disposableOf(registered: unknown): vscode.Disposable {
  return isDisposable(registered) ? registered : { dispose: () => {} };
}

function isCall(value: unknown): value is Call {
  return typeof value === "function";
}

function isMake(value: unknown): value is Make {
  return typeof value === "function";
}

function isDisposable(value: unknown): value is vscode.Disposable {
  return typeof value === "object" && value !== null && isCall(Reflect.get(value, "dispose"));
}
