/** Columns in which some numbers have a per cent or per mille sign and others do not: the same text means two things. */

import { tableWords } from "../../../messages/tables.ts";
import type { Layout } from "./layout.ts";
import { showCell } from "./layoutText.ts";
import type { Decimal } from "./numberFormat.ts";

type Sign = "%" | "‰";

interface Seen {
  readonly line: number;
  /** Null: the number in digits. */
  readonly cell: string | null;
  readonly value: number;
}

/** The sign of a cell that is a number; null: it has none. */
function signOf(cell: string): Sign | null {
  if (cell.includes("‰")) return "‰";
  return cell.includes("%") || cell.includes("％") ? "%" : null;
}

/** The first cells of a column in per cent, in per mille and without a sign. */
export class MixedSigns {
  readonly #first = new Map<Sign, Seen>();
  #plain: Seen | null = null;

  /** @param cell its text; undefined: only digits and a decimal mark */
  number(line: number, value: number, cell: string | undefined): void {
    // Nothing is nothing, with a sign or without.
    if (value === 0) return;
    const sign = cell === undefined ? null : signOf(cell);
    if (sign !== null) {
      if (!this.#first.has(sign)) this.#first.set(sign, { line, cell: cell ?? null, value });
    } else this.#plain ??= { line, cell: cell ?? null, value };
  }

  /** What is wrong with the column; null: nothing. */
  fault(
    file: string,
    column: string,
    { counted, decimal }: { counted: Layout["counted"]; decimal: Decimal },
  ): string | null {
    const [percent, perMille] = [this.#first.get("%"), this.#first.get("‰")];
    const shown = ({ line, cell, value }: Seen) => ({
      line,
      cell: showCell(cell ?? String(value).replace(".", decimal)),
    });
    if (percent && perMille)
      return tableWords().percentAndPerMille({
        file,
        column,
        counted,
        percent: shown(percent),
        perMille: shown(perMille),
      });
    const signed = percent ?? perMille;
    const plain = this.#plain;
    if (!signed || !plain) return null;
    const sign = percent ? "%" : "‰";
    const share = `${Number((plain.value * (percent ? 100 : 1000)).toPrecision(12))}${sign}`;
    const numbers = { sign, share, number: `${plain.value}${sign}` };
    return tableWords().signsInPlaces({
      file,
      column,
      counted,
      signed: shown(signed),
      plain: shown(plain),
      ...numbers,
    });
  }
}
