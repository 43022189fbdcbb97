/** The output of `verify`: the present model's figures, and each fix's below them. */

import type { VerifyOutcome } from "../../diagnosis/verify/verify.ts";
import { inlineWords } from "../../messages/inline.ts";
import { reportWords } from "../../messages/report.ts";
import { formatDecades, formatNumber } from "../../protocol/numberText.ts";
import {
  type ArmFigures,
  type FixVerdict,
  purposeText,
  type Spread,
  type VerifiedFix,
} from "../../protocol/verification.ts";
import type { Output } from "../io.ts";
import { columnWidths, displayWidth, padded, wrap } from "./layout.ts";
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
      return [`${indent}${reportWords().cancelled}`];
    case "ended":
      return [`${indent}${reportWords().couldNotRun}`];
    case "sound":
      return [`${indent}${style.good(outcome.findings.length === 0 ? reportWords().noFindings : reportWords().noFix)}`];
    case "verified": {
      const { verification: v } = outcome;
      const shown = { purpose: purposeText(v), layer: v.layer, seeds: v.seeds.length, steps: v.steps };
      const table = [
        reportWords().verifyHeads,
        [reportWords().now, ...cells(v.present)],
        ...v.fixes.map((fix, i) => [`${i + 1}`, ...cells(fix.figures)]),
      ];
      const widths = columnWidths(table);
      const rows = table.flatMap((row, i) => tableRow(row, widths, width).map((l) => (i === 0 ? style.dim(l) : l)));
      return [
        `${indent}${reportWords().verifyTitle(shown)}`,
        "",
        ...rows,
        "",
        ...v.fixes.flatMap((fix, i) => fixLines(fix, i + 1, width, style)),
        ...v.impossible.flatMap(({ title, reason }) =>
          wrap(`–  ${reportWords().cannotRun({ title, reason })}`, width, indent),
        ),
        "",
        ...wrap(v.conclusion.text, width, indent).map(v.conclusion.kind === "helps" ? style.good : style.bold),
        ...(v.conclusion.causes.length === 0 ? [] : [`${indent}${reportWords().remains}`]),
        ...v.conclusion.causes.flatMap((cause) => wrap(`–  ${cause}`, width, indent)),
      ];
    }
  }
}

/** A row whose last cell takes as many lines as it needs. */
function tableRow(row: readonly string[], widths: readonly number[], width: number): readonly string[] {
  const start = row.slice(0, -1).map((cell, c) => padded(cell, widths[c]! + 2));
  const [first = "", ...rest] = wrap(row.at(-1) ?? "", width, " ".repeat(displayWidth(indent + start.join(""))));
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
    ...wrap(reportWords().because({ verdict: inlineWords().verdicts[verdict], reason }), width, `${indent}   `).map(
      paint[verdict],
    ),
    ...(measured === "" ? [] : wrap(reportWords().measured(measured), width, `${indent}   `)),
    ...(verdict === "better" && remaining.length > 0
      ? wrap(reportWords().thenFindings(remaining.join(", ")), width, `${indent}   `)
      : []),
    ...alike.flatMap(({ title }) => wrap(reportWords().sameEffect(title), width, `${indent}   `)),
  ];
}

function cells(figures: ArmFigures): readonly string[] {
  const { horizon, requiredLag, survival, loss, diverged, runs, findings } = figures;
  if (runs === 0) return ["–", "–", "–", "–"];
  const codes = Object.entries(findings).map(([code, n]) => `${code} ${n}/${runs}`);
  return [
    horizon ? reportWords().horizonOf({ horizon: spreadText(horizon, String), required: requiredLag }) : "–",
    survival ? spreadText(survival, formatDecades) : "–",
    diverged > 0 ? reportWords().diverged({ diverged, runs }) : spreadText(loss, formatNumber),
    codes.length === 0 ? reportWords().none : codes.join(", "),
  ];
}

function spreadText({ median, min, max }: Spread, format: (v: number) => string): string {
  return format(min) === format(max)
    ? format(median)
    : reportWords().range({ median: format(median), min: format(min), max: format(max) });
}
