/** The findings of the run, each linked to its line in the config. */

import { panelWords } from "../../src/messages/panel.ts";
import { programWords } from "../../src/messages/programs.ts";
import { evidenceText } from "../../src/protocol/evidenceText.ts";
import type { Fix } from "../../src/protocol/finding.ts";
import type { PanelFinding } from "../../src/protocol/panelMessages.ts";
import type { Block } from "../charts/scheduler.ts";
import { el, icons, setText } from "../dom.ts";
import type { Store, View } from "../state/store.ts";

const severityOrder = ["error", "warning", "information"] as const;

export class FindingsBlock implements Block {
  readonly interval = 250;
  readonly element: HTMLElement;
  readonly #list = el("ul", { class: "findings-list" });
  readonly #none = el("p", { class: "none" });
  readonly #count = el("span", { class: "badge" });
  readonly #store: Store;
  readonly #verify: (findingId: string) => void;
  /** The buttons `Verify fixes`, one for each finding with fixes. */
  #verifyButtons: readonly { readonly button: HTMLButtonElement; readonly stale: boolean }[] = [];
  /** Open explanations, by finding. */
  readonly #open = new Set<string>();
  #shown: readonly PanelFinding[] | null = null;

  /** @param verify verifies the fixes of a finding. */
  constructor(store: Store, verify: (findingId: string) => void) {
    this.#store = store;
    this.#verify = verify;
    this.element = el(
      "section",
      { class: "block findings", "aria-labelledby": "findings-title" },
      el("div", { class: "block-head" }, el("h2", { id: "findings-title" }, panelWords().findings), this.#count),
      this.#list,
      this.#none,
    );
  }

  render(view: View): void {
    const { findings } = view;
    setText(
      this.#none,
      view.history?.lastStep === 0
        ? panelWords().nothingMeasured
        : view.run?.state === "ended"
          ? view.history?.info.layers.length === 0
            ? panelWords().noLayerMeasured
            : panelWords().survives
          : panelWords().nothingSoFar,
    );
    this.#none.hidden = findings.length > 0;
    // A file of another program was not examined.
    this.element.hidden = view.viewer && findings.length === 0;
    if (findings !== this.#shown) this.#show(findings);
    const busy = view.verification?.state.kind === "busy";
    for (const { button, stale } of this.#verifyButtons) {
      button.disabled = busy || stale || !view.trusted;
      button.hidden = view.viewer;
    }
  }

  #show(findings: readonly PanelFinding[]): void {
    this.#shown = findings;
    this.#verifyButtons = [];
    setText(this.#count, findings.length === 0 ? "" : String(findings.length));
    const sorted = [...findings].sort(
      (a, b) => severityOrder.indexOf(a.finding.severity) - severityOrder.indexOf(b.finding.severity),
    );
    const active = document.activeElement;
    const focused = active?.closest<HTMLElement>("[data-finding]")?.dataset["finding"];
    const again = active?.classList.contains("verify") ? "button.verify" : "button";
    this.#list.replaceChildren(...sorted.map((f) => this.#item(f)));
    if (focused !== undefined)
      for (const item of this.#list.children)
        if (item instanceof HTMLElement && item.dataset["finding"] === focused)
          item.querySelector<HTMLElement>(again)?.focus();
  }

  #item({ finding, line, stale, snippets }: PanelFinding): HTMLElement {
    const where = [finding.layer, finding.weight].filter((p) => p !== null).join(" / ");
    const span = finding.timesteps;
    const times =
      span === null
        ? null
        : span[0] === span[1]
          ? panelWords().timestep(span[0])
          : panelWords().timesteps({ first: span[0], last: span[1] });
    const subject = [`${finding.model}${where === "" ? "" : ` / ${where}`}`, times]
      .filter((p) => p !== null)
      .join(" · ");
    const symbol = el(
      "span",
      { class: `severity ${finding.severity}`, role: "img", "aria-label": panelWords().severities[finding.severity] },
      icons[finding.severity](),
    );
    const reveal = el(
      "button",
      {
        type: "button",
        class: "reveal",
        title: line === null ? panelWords().placeGone : panelWords().showLine(line),
      },
      symbol,
      el("span", { class: "code" }, finding.code),
      el("span", { class: "subject" }, subject),
      el("span", { class: "message" }, finding.message),
      stale ? el("span", { class: "stale", title: panelWords().editedSince }, panelWords().stale) : null,
      el("span", { class: "line" }, line === null ? "" : panelWords().toLine(line)),
    );
    reveal.addEventListener("click", () => {
      if (finding.layer !== null) this.#store.choose({ layer: finding.layer });
      this.#store.send({ type: "reveal", findingId: finding.id });
    });
    const details = el(
      "details",
      {},
      el("summary", {}, panelWords().whyItMatters),
      ...explanation(finding, (fix) => this.#fix(finding, fix, stale)),
      ...suggestions(snippets),
    );
    details.open = this.#open.has(finding.id);
    details.addEventListener("toggle", () => {
      if (details.open) this.#open.add(finding.id);
      else this.#open.delete(finding.id);
    });
    const head = el("div", { class: "finding-head" }, reveal);
    if (finding.fixes.length > 0) head.append(this.#verifyButton(finding, stale));
    return el("li", { "data-finding": finding.id, class: stale ? "is-stale" : null }, head, details);
  }

  #fix({ id }: PanelFinding["finding"], fix: Fix, stale: boolean): HTMLElement {
    const button = (type: "applyFix" | "previewFix", text: string, title: string): HTMLButtonElement => {
      const made = el(
        "button",
        {
          type: "button",
          class: "tool-button",
          title: stale ? panelWords().editedSince : title,
          "aria-label": panelWords().actionOnFix({ action: text, fix: fix.title }),
          disabled: stale,
        },
        text,
      );
      made.addEventListener("click", () => this.#store.send({ type, findingId: id, fixId: fix.id }));
      return made;
    };
    return el(
      "li",
      {},
      el("span", { class: "fix-title" }, fix.title),
      button("previewFix", panelWords().preview, panelWords().previewWhy),
      button("applyFix", panelWords().apply, panelWords().applyWhy),
    );
  }

  #verifyButton({ id, code, model, layer }: PanelFinding["finding"], stale: boolean): HTMLButtonElement {
    const subject = layer === null ? model : `${model} / ${layer}`;
    const button = el(
      "button",
      {
        type: "button",
        class: "tool-button verify",
        title: stale ? panelWords().editedSince : panelWords().verifyFixesWhy,
        "aria-label": panelWords().verifyFixesOf({ code, subject }),
      },
      icons.play(),
      el("span", {}, panelWords().verifyFixes),
    );
    button.addEventListener("click", () => this.#verify(id));
    this.#verifyButtons = [...this.#verifyButtons, { button, stale }];
    return button;
  }
}

/** Suggestions for a program, to be read and copied. */
function suggestions(snippets: PanelFinding["snippets"]): HTMLElement[] {
  if (snippets.length === 0) return [];
  return [
    el("p", { class: "fixes-title" }, programWords().suggestions),
    el(
      "ul",
      { class: "fixes snippets" },
      ...snippets.map(({ title, code }) => el("li", {}, el("span", {}, title), el("pre", {}, el("code", {}, code)))),
    ),
  ];
}

/** @param fix the entry of a fix */
function explanation(finding: PanelFinding["finding"], fix: (fix: Fix) => HTMLElement): HTMLElement[] {
  const evidence = Object.entries(finding.evidence).map(([key, value]) => evidenceText(key, value));
  const parts: HTMLElement[] = [el("p", {}, finding.explanation)];
  if (evidence.length > 0)
    parts.push(
      el(
        "dl",
        { class: "evidence" },
        ...evidence.map(({ name, text }) => el("div", {}, el("dt", {}, name), el("dd", {}, text))),
      ),
    );
  if (finding.fixes.length > 0)
    parts.push(
      el("p", { class: "fixes-title" }, panelWords().fixes),
      el("ul", { class: "fixes offered" }, ...finding.fixes.map(fix)),
    );
  return parts;
}
