/**
 * Puts the lens into a PyTorch program with a plain training loop: the import, `gradlens.watch` before the loop, and
 * `lens.step` after the optimizer's step. Where one of them has no certain place, it says why.
 */

import { programWords } from "../../messages/programs.ts";
import { type Statement, statementsOf } from "./pythonLines.ts";

export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

export type LensEdit =
  | { readonly kind: "edit"; readonly insertions: readonly Insertion[] }
  | { readonly kind: "unclear"; readonly why: string };

/** Longest program that is read. */
const longest = 1_000_000;

/** Longest statement that is looked at. */
const longestStatement = 5000;

export function addLens(text: string): LensEdit {
  if (text.length > longest) return unclear(programWords().tooLong);
  const all = statementsOf(text).filter(({ code }) => code.length <= longestStatement);
  if (all.some(({ code }) => /\bgradlens\.watch\(/.test(code))) return unclear(programWords().hasLens);
  const steps = all.filter(({ code }) => stepOf(code) !== null);
  const [step] = steps;
  if (!step) return unclear(programWords().noStep);
  if (steps.length > 1) return unclear(programWords().severalSteps(steps.map(({ line }) => line).join(", ")));
  const { optimizer, scaler } = stepOf(step.code) ?? { optimizer: "", scaler: null };
  const around = blocksAround(all, step);
  const scope = around.findIndex(({ code }) => /^(?:async\s+)?def\b|^class\b/.test(code));
  const owner = scope < 0 ? null : (around[scope] ?? null);
  const loops = (scope < 0 ? around : around.slice(0, scope)).filter(({ code }) => /^(?:for|while)\b/.test(code));
  const loop = loops.at(-1);
  if (!loop) return unclear(programWords().noLoop(step.line));
  const backward = all.findLast(({ start, code }) => start > loop.start && start < step.start && lossOf(code) !== null);
  const loss = backward && lossOf(backward.code);
  if (!loss) return unclear(programWords().noLoss);
  const model = modelOf(all, optimizer);
  if (!model) return unclear(programWords().whoseParameters(optimizer));
  if (!isKnown(all, model, loop, owner)) return unclear(programWords().madeElsewhere(model, loop.line));
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const taken = new Set(text.match(/\b(?:lens|grad_lens|gradient_lens)\b/g));
  const name = ["lens", "grad_lens", "gradient_lens"].find((one) => !taken.has(one));
  if (!name) return unclear(programWords().namesTaken);
  const options = scaler === null ? "" : `, scaler=${scaler}`;
  const last = text.slice(step.start, step.end).endsWith("\n") ? "" : newline;
  return {
    kind: "edit",
    insertions: [
      { offset: importPlace(all), text: `import gradlens${newline}` },
      { offset: loop.start, text: `${loop.margin}${name} = gradlens.watch(${model}${options})${newline}` },
      { offset: step.end, text: `${last}${step.margin}${name}.step(${loss})${newline}` },
    ],
  };
}

/** The text with all insertions. */
export function inserted(text: string, insertions: readonly Insertion[]): string {
  const ordered = [...insertions].sort((a, b) => b.offset - a.offset);
  return ordered.reduce((now, one) => now.slice(0, one.offset) + one.text + now.slice(one.offset), text);
}

function unclear(why: string): LensEdit {
  return { kind: "unclear", why };
}

/** Null for a statement that makes no optimizer's step. A scheduler has a step, too. */
function stepOf(code: string): { readonly optimizer: string; readonly scaler: string | null } | null {
  const scaled = /^([A-Za-z_][\w.]*)\.step\(([A-Za-z_][\w.]*)\)/.exec(code);
  if (scaled && /opt/i.test(scaled[2] ?? "")) return { optimizer: scaled[2] ?? "", scaler: scaled[1] ?? null };
  const plain = /^(?:[A-Za-z_][\w.]*\s*=\s*)?([A-Za-z_][\w.]*)\.step\(/.exec(code);
  const optimizer = plain?.[1] ?? "";
  return /opt/i.test(optimizer) && !/sched/i.test(optimizer) ? { optimizer, scaler: null } : null;
}

/** The name of the loss that a statement differentiates. */
function lossOf(code: string): string | null {
  const scaled = /\.scale\(([A-Za-z_][\w.]*)\)\.backward\(/.exec(code);
  return scaled?.[1] ?? /^([A-Za-z_][\w.]*)\.backward\(/.exec(code)?.[1] ?? null;
}

/** Whose parameters the optimizer was given. */
function modelOf(all: readonly Statement[], optimizer: string): string | null {
  const made = all.filter(
    ({ code }) => code.startsWith(optimizer) && /^(?!\w)[^=]*=/.test(code.slice(optimizer.length)),
  );
  const names = made.flatMap(({ code }) => nameBefore(code, code.indexOf(".parameters(")) ?? []);
  return new Set(names).size === 1 ? (names[0] ?? null) : null;
}

/** The dotted name that ends at an index. */
function nameBefore(code: string, end: number): string | null {
  let start = end;
  while (start > 0 && /[\w.]/.test(code.charAt(start - 1))) start--;
  const name = code.slice(start, Math.max(start, end));
  return /^[A-Za-z_]/.test(name) ? name : null;
}

/** The statements whose blocks contain another, the innermost first. */
function blocksAround(all: readonly Statement[], inner: Statement): readonly Statement[] {
  const found: Statement[] = [];
  let indent = inner.indent;
  for (const statement of all.slice(0, all.indexOf(inner)).reverse()) {
    if (statement.indent >= indent) continue;
    found.push(statement);
    indent = statement.indent;
  }
  return found;
}

/** Whether a name has a value where the loop begins: from its own function, its parameters, or the module. */
function isKnown(all: readonly Statement[], name: string, loop: Statement, owner: Statement | null): boolean {
  const first = name.split(".")[0] ?? name;
  if (owner?.code.slice(owner.code.indexOf("(")).match(/\w+/g)?.includes(first)) return true;
  return all.some(
    ({ start, indent, code }) =>
      assignedIn(code).includes(first) &&
      (start < loop.start
        ? indent <= loop.indent && (!owner || start > owner.start || indent === 0)
        : owner !== null && indent === 0),
  );
}

/** The names that a statement assigns, with or without a type. */
function assignedIn(code: string): readonly string[] {
  const end = code.indexOf("=");
  if (end < 0 || code.charAt(end + 1) === "=") return [];
  const [names = ""] = code.slice(0, end).split(":");
  return names.split(",").map((one) => one.trim());
}

/** After the imports at the top: modules remember their lines only from the import on. */
function importPlace(all: readonly Statement[]): number {
  let place = 0;
  for (const { indent, code, end } of all) {
    if (indent > 0) break;
    const isDoc = code.startsWith('"') && code.replaceAll('"', "").trim() === "";
    if (!/^(?:import|from)\b/.test(code) && !isDoc) break;
    place = end;
  }
  return place;
}
