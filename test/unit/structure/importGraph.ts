/** The imports among the program's files, and violations of their order. */

import fs from "node:fs";
import path from "node:path";
import { root } from "../../../tools/root.ts";
import { importsOf } from "./importsOf.ts";

/** Nodes, each with the nodes it points to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The text of every source file of the program, by its path from the root. */
export function sourceTexts(): Map<string, string> {
  const files = ["src", "webview"].flatMap((top) =>
    fs
      .readdirSync(path.join(root, top), { recursive: true, encoding: "utf8" })
      .map((file) => path.posix.join(top, file.split(path.sep).join("/")))
      .filter((file) => file.endsWith(".ts") && !file.startsWith("src/kernels/assembly")),
  );
  return new Map(files.map((file) => [file, fs.readFileSync(path.join(root, file), "utf8")]));
}

/** Files, each with the files that it imports in any form, including types. */
export function fileGraph(texts: ReadonlyMap<string, string>): Graph {
  return new Map(
    [...texts].map(([file, text]) => [
      file,
      new Set(
        importsOf(text)
          .filter((from) => from.startsWith("."))
          .map((from) => path.posix.join(path.posix.dirname(file), from))
          .filter((target) => texts.has(target)),
      ),
    ]),
  );
}

/**
 * The folder (or a file that lies there itself) directly below `base` that a file belongs to; undefined if there is
 * none, as for declarations.
 */
export function roomOf(file: string, base: string): string | undefined {
  if (!file.startsWith(`${base}/`) || file.endsWith(".d.ts")) return undefined;
  const rest = file.slice(base.length + 1);
  return rest.includes("/") ? rest.slice(0, rest.indexOf("/")) : rest.replace(/\.ts$/, "");
}

/** The rooms below `base`, each with those it imports from. */
export function roomGraph(files: Graph, base: string): Graph {
  const rooms = new Map<string, Set<string>>();
  for (const [file, targets] of files) {
    const room = roomOf(file, base);
    if (room === undefined) continue;
    const known = rooms.get(room) ?? new Set<string>();
    rooms.set(room, known);
    for (const target of targets) {
      const other = roomOf(target, base);
      if (other !== undefined && other !== room) known.add(other);
    }
  }
  return rooms;
}

/** Every cycle once, as its nodes in alphabetic order: sets of nodes that all reach each other (Tarjan 1972). */
export function circles(graph: Graph): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const visit = (node: string): number => {
    const own = index.size;
    index.set(node, own);
    open.push(node);
    let least = own;
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) least = Math.min(least, visit(next));
      else if (open.includes(next)) least = Math.min(least, low.get(next) ?? index.get(next) ?? own);
    }
    low.set(node, least);
    if (least !== own) return least;
    const circle = open.splice(open.indexOf(node));
    if (circle.length > 1 || graph.get(node)?.has(node)) found.push(circle.sort());
    return least;
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found.sort();
}

/** Imports that violate an order of rooms, and rooms that have no place in it. */
export function againstOrder(files: Graph, base: string, order: readonly (readonly string[])[]): string[] {
  const level = new Map(order.flatMap((rooms, i) => rooms.map((room) => [room, i] as const)));
  const wrong: string[] = [];
  for (const [file, targets] of files) {
    const room = roomOf(file, base);
    if (room === undefined) continue;
    const own = level.get(room);
    if (own === undefined) {
      wrong.push(`${file}: ${base}/${room} has no place in the order of tools/importRules.ts`);
      continue;
    }
    for (const target of targets) {
      const other = roomOf(target, base);
      if (other !== undefined && other !== room && (level.get(other) ?? own) >= own)
        wrong.push(`${file} imports ${target}`);
    }
  }
  return wrong;
}
