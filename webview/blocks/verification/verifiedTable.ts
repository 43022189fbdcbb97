/**
 * The measured fixes, the best first. Its roles are explicit, because in the side bar its rows are laid out as cards.
 */

import { inlineWords } from "../../../src/messages/inline.ts";
import { listWords } from "../../../src/messages/lists.ts";
import { panelWords } from "../../../src/messages/panel.ts";
import { formatCount } from "../../../src/protocol/numberText.ts";
import type { FixVerdict } from "../../../src/protocol/verification.ts";
import { unpackArm, type VerifiedFixView, type VerifiedView } from "../../../src/protocol/verificationView.ts";
import { el, icons } from "../../dom.ts";
import { changeOf, figuresOf } from "./verifiedFigures.ts";

const verdictIcons: { readonly [verdict in FixVerdict]: () => SVGSVGElement } = {
  better: icons.check,
  inconclusive: icons.question,
  "no difference": icons.dash,
  worse: icons.warning,
};

export interface VerifiedTable {
  readonly element: HTMLTableElement;
  readonly applyButtons: readonly HTMLButtonElement[];
}

/** What a button of a fix does. */
type FixAction = (fixId: string) => void;

/** @param on called with the id of a fix that is better. */
export function verifiedTable(
  result: VerifiedView,
  on: { readonly apply: FixAction; readonly preview: FixAction },
): VerifiedTable {
  const present = unpackArm(result.present);
  const figures = figuresOf(
    result,
    present,
    result.fixes.map((fix) => unpackArm(fix.figures)),
  );
  const applyButtons: HTMLButtonElement[] = [];
  const heading = (text: string, title: string | null, name: string | null = null): HTMLElement =>
    el("th", { scope: "col", role: "columnheader", class: name, title }, text);
  const row = (fix: VerifiedFixView, index: number): HTMLElement => {
    const fixed = unpackArm(fix.figures);
    const cells = figures.map((figure) => {
      const { medians, spread } = changeOf(figure, present, fixed);
      return el(
        "td",
        { role: "cell", class: "figure", "data-name": figure.words().title },
        el("span", {}, medians),
        spread === "" ? null : el("span", { class: "spread" }, spread),
      );
    });
    const buttons = fix.verdict === "better" ? fixButtons(fix, on.apply, on.preview) : [];
    applyButtons.push(...buttons);
    return el(
      "tr",
      { role: "row" },
      el(
        "th",
        { scope: "row", role: "rowheader", class: "fix" },
        el("div", { class: "fix-name" }, el("span", { class: "rank" }, String(index + 1)), el("span", {}, fix.title)),
      ),
      el(
        "td",
        { role: "cell", class: "verdict-cell" },
        el(
          "span",
          { class: `verdict ${fix.verdict.replace(" ", "-")}` },
          verdictIcons[fix.verdict](),
          inlineWords().verdicts[fix.verdict],
        ),
        el("span", { class: "reason" }, remarks(fix, fixed, result)),
      ),
      ...cells,
      el("td", { role: "cell", class: "apply-cell" }, ...buttons),
    );
  };
  const head = el(
    "tr",
    { role: "row" },
    heading(panelWords().fix, null),
    heading(panelWords().verdict, panelWords().verdictWhy),
    ...figures.map((figure) => heading(figure.words().title, figure.words().meaning)),
    el("th", { scope: "col", role: "columnheader" }, el("span", { class: "hidden-text" }, panelWords().apply)),
  );
  const element = el(
    "table",
    { class: "verified-table", role: "table" },
    el("caption", {}, caption(result)),
    el("thead", { role: "rowgroup" }, head),
    el("tbody", { role: "rowgroup" }, ...result.fixes.map(row)),
  );
  return { element, applyButtons };
}

function fixButtons(
  { id, title }: VerifiedFixView,
  apply: FixAction,
  preview: FixAction,
): readonly HTMLButtonElement[] {
  const button = (text: string, hint: string, action: FixAction): HTMLButtonElement => {
    const made = el(
      "button",
      {
        type: "button",
        class: "tool-button plain",
        title: hint,
        "aria-label": panelWords().actionOnFix({ action: text, fix: title }),
      },
      text,
    );
    made.addEventListener("click", () => action(id));
    return made;
  };
  return [
    button(panelWords().preview, panelWords().previewVerifiedWhy, preview),
    button(panelWords().apply, panelWords().applyVerifiedWhy, apply),
  ];
}

function caption({ seeds, steps }: VerifiedView): string {
  return panelWords().verifiedCaption({ seeds, steps: formatCount(steps) });
}

function remarks(
  { reason, verdict, remaining, alike }: VerifiedFixView,
  { runs, diverged }: { readonly runs: number; readonly diverged: number },
  { seeds }: VerifiedView,
): string {
  const parts = [reason];
  if (diverged > 0) parts.push(panelWords().someDiverged({ diverged, runs }));
  if (runs > 0 && runs < seeds) parts.push(panelWords().someDone({ runs, seeds }));
  if (verdict === "better" && remaining.length > 0) parts.push(panelWords().thenFindings(remaining.join(", ")));
  if (alike.length > 0) parts.push(panelWords().sameEffect(listWords().commas(alike)));
  return parts.join(panelWords().semicolon);
}
