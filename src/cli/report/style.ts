/** Colours from the terminal's own palette, so that they fit its theme; none if colour is off. */

import type { Severity } from "../../protocol/finding.ts";
import type { Output } from "../io.ts";

export type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly accent: Paint;
  readonly good: Paint;
  readonly severity: { readonly [S in Severity]: Paint };
}

export function styleFor(output: Output): Style {
  const sgr =
    (code: number): Paint =>
    (text) =>
      output.colour && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    bold: sgr(1),
    dim: sgr(2),
    accent: sgr(36),
    good: sgr(32),
    severity: { error: sgr(31), warning: sgr(33), information: sgr(34) },
  };
}
