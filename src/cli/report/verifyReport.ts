/** The output of `verify`: the present model's figures, and each fix's below them. */

import type { VerifyOutcome } from "../../diagnosis/verify/verify.ts";
import { count, formatDecades, formatNumber } from "../../protocol/numberText.ts";
import {
  type ArmFigures,
  type FixVerdict,
  purposeText,
  type Spread,
  type VerifiedFix,
} from "../../protocol/verification.ts";
import type { Output } from "../io.ts";
import { columnWidths, wrap } from "./layout.ts";
import { type Style, styleFor } from "./style.ts";

export interface VerifiedModel {
  readonly model: string;
  readonly outcome: VerifyOutcome;
}

const indent = "  ";

export function verifyReport(results: readonly VerifiedModel[], out: Output): string {
  const style = styleFor(out);
  return results
    .map((result) => `${[style.bold(result.model), ...lines(result, out.columns, style)].join("\n")}\n`)
    .join("\n");
}

function lines({ outcome }: VerifiedModel, width: number, style: Style): readonly string[] {
  switch (outcome.kind) {
    case "cancelled":
      return [`${indent}cancelled before any fix was run`];
    case "ended":
      return [`${indent}could not be run`];
    case "sound":
      return [
        `${indent}${style.good(outcome.findings.length === 0 ? "no findings" : "no finding has a fix to verify")}`,
      ];
    case "verified": {
      const { verification: v } = outcome;
      const where = v.layer === null ? "" : ` in ${v.layer}`;
      const table = [
        ["", "horizon", "decades", "loss", "findings"],
        ["now", ...cells(v.present)],
        ...v.fixes.map((fix, i) => [`${i + 1}`, ...cells(fix.figures)]),
      ];
      const widths = columnWidths(table);
      const rows = table.flatMap((row, i) => tableRow(row, widths, width).map((l) => (i === 0 ? style.dim(l) : l)));
      return [
        `${indent}${purposeText(v)}${where}: ${count(v.seeds.length, "seed")} × ${count(v.steps, "step")}; median (lowest to highest)`,
        "",
        ...rows,
        "",
        ...v.fixes.flatMap((fix, i) => fixLines(fix, i + 1, width, style)),
        ...v.impossible.flatMap(({ title, reason }) => wrap(`–  ${title}: cannot be run: ${reason}`, width, indent)),
        "",
        ...wrap(v.conclusion.text, width, indent).map(v.conclusion.kind === "helps" ? style.good : style.bold),
        ...(v.conclusion.causes.length === 0 ? [] : [`${indent}What remains possible:`]),
        ...v.conclusion.causes.flatMap((cause) => wrap(`–  ${cause}`, width, indent)),
      ];
    }
  }
}

/** A row whose last cell takes as many lines as it needs. */
function tableRow(row: readonly string[], widths: readonly number[], width: number): readonly string[] {
  const start = row.slice(0, -1).map((cell, c) => cell.padEnd(widths[c]! + 2));
  const [first = "", ...rest] = wrap(row.at(-1) ?? "", width, " ".repeat(indent.length + start.join("").length));
  return [(indent + start.join("") + first.trimStart()).trimEnd(), ...rest];
}

function fixLines(
  { fix, verdict, reason, measured, remaining, alike }: VerifiedFix,
  place: number,
  width: number,
  style: Style,
): string[] {
  const paint: { readonly [v in FixVerdict]: (text: string) => string } = {
    better: style.good,
    inconclusive: style.dim,
    "no difference": style.dim,
    worse: style.severity.warning,
  };
  const [first = "", ...rest] = wrap(`${place}  ${fix.title}`, width, indent);
  return [
    style.bold(first),
    ...rest,
    ...wrap(`${verdict}: ${reason}`, width, `${indent}   `).map(paint[verdict]),
    ...(measured === "" ? [] : wrap(`measured: ${measured}`, width, `${indent}   `)),
    ...(verdict === "better" && remaining.length > 0
      ? wrap(`then: ${remaining.join(", ")}`, width, `${indent}   `)
      : []),
    ...alike.flatMap(({ title }) => wrap(`the same effect: ${title}`, width, `${indent}   `)),
  ];
}

function cells(figures: ArmFigures): readonly string[] {
  const { horizon, requiredLag, survival, loss, diverged, runs, findings } = figures;
  if (runs === 0) return ["–", "–", "–", "–"];
  const codes = Object.entries(findings).map(([code, n]) => `${code} ${n}/${runs}`);
  return [
    horizon ? `${spreadText(horizon, String)} of ${requiredLag}` : "–",
    survival ? spreadText(survival, formatDecades) : "–",
    diverged > 0 ? `diverged ${diverged}/${runs}` : spreadText(loss, formatNumber),
    codes.length === 0 ? "none" : codes.join(", "),
  ];
}

function spreadText({ median, min, max }: Spread, format: (v: number) => string): string {
  return format(min) === format(max) ? format(median) : `${format(median)} (${format(min)} to ${format(max)})`;
}
