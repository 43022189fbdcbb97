/** Words that name a row of totals or means, in several languages. */

const words: ReadonlySet<string> = new Set([
  ...["total", "totals", "grand total", "subtotal", "sub-total", "sum", "sums", "average", "avg", "mean", "means"],
  ...["summe", "gesamtsumme", "endsumme", "zwischensumme", "gesamt", "insgesamt", "mittelwert", "durchschnitt"],
  ...[
    "total général",
    "somme",
    "moyenne",
    "suma",
    "total general",
    "promedio",
    "media",
    "soma",
    "média",
    "total geral",
  ],
  ...["totale", "somma", "totaal", "gemiddelde", "razem", "średnia", "итого", "всего", "среднее"],
  ...["合计", "总计", "小计", "共计", "总和", "平均", "平均值", "均值", "合計", "總計", "小計", "共計", "總和"],
  ...["합계", "총계", "소계", "평균"],
]);

/** Whether a cell in place of a row's name says that the row is a total or a mean. */
export function isTotal(cell: string): boolean {
  return cell.length <= 20 && words.has(cell.toLowerCase().replace(/ ?[.:：]$/, ""));
}
