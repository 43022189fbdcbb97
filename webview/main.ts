/** The panel's page: builds the blocks, connects them to the host, and redraws them on changes. */

import "./panel.css";
import * as z from "zod";
import { languageOf, speak } from "../src/messages/language.ts";
import { chartNames } from "../src/protocol/panelMessages.ts";
import { LiveSummary } from "./a11y/liveSummary.ts";
import { LiveVerification } from "./a11y/liveVerification.ts";
import { ComparisonBlock } from "./blocks/comparisonBlock.ts";
import { DeepBlock } from "./blocks/deep/deepBlock.ts";
import { acceptDrops } from "./blocks/dropTarget.ts";
import { EmptyState } from "./blocks/emptyState.ts";
import { FindingsBlock } from "./blocks/findingsBlock.ts";
import { Header } from "./blocks/header.ts";
import { HeatBlock } from "./blocks/heatBlock.ts";
import { LayersBlock } from "./blocks/layersBlock.ts";
import { LossBlock } from "./blocks/lossBlock.ts";
import { MetricsBlock } from "./blocks/metricsBlock.ts";
import { NotesBlock } from "./blocks/notesBlock.ts";
import { ProfileBlock } from "./blocks/profileBlock.ts";
import { Scrubber } from "./blocks/scrubber.ts";
import { TilesBlock } from "./blocks/tilesBlock.ts";
import { VerificationBlock } from "./blocks/verification/verificationBlock.ts";
import { type Block, Scheduler } from "./charts/scheduler.ts";
import { el } from "./dom.ts";
import { showsEarlierRun } from "./state/selection.ts";
import { Store } from "./state/store.ts";
import { parseUiState } from "./state/uiState.ts";
import { onThemeChange, readPalette } from "./theme/palette.ts";
import { vscode } from "./vscodeApi.ts";

// Compiled validators need `eval`, which the page's content security policy forbids.
z.config({ jitless: true });

// The host's language, which its HTML names.
speak(languageOf(document.documentElement.lang));

const usesScreenReader = document.body.classList.contains("vscode-using-screen-reader");
const savedUi = parseUiState(vscode.getState(), usesScreenReader ? [...chartNames] : []);

let palette = readPalette();
const store = new Store(vscode, savedUi, (cause) => {
  if (cause === "pointer") {
    scheduler.pointed();
    return;
  }
  content.hidden = store.view.history === null || store.view.link !== "live";
  // The last run stays visible until the next one has something to show, but marked as an earlier run.
  content.classList.toggle("of-earlier-run", showsEarlierRun(store.view));
  scheduler.invalidate(cause === "choice");
});
const scheduler = new Scheduler(() => store.view);
const colours = (): typeof palette => palette;

const header = new Header(store);
const empty = new EmptyState(store);
const deep = new DeepBlock(store, colours);
const verification = new VerificationBlock(store);
const spoken: Block[] = [new LiveSummary(), new LiveVerification()];
const blocks: Block[] = [
  new LossBlock(store, colours),
  new LayersBlock(store, colours),
  new HeatBlock(store, colours),
  new Scrubber(store),
  new ProfileBlock(store, colours),
  new MetricsBlock(store, colours),
  new ComparisonBlock(colours),
  new FindingsBlock(store, (findingId) => verification.ask(findingId)),
  new NotesBlock(),
  new TilesBlock(store),
];
const content = el("div", { class: "content", hidden: true }, ...blocks.map((b) => b.element));
const heading = el("h1", { class: "hidden-text" }, "Gradient Lens");
const around: Block[] = [header, empty, verification, deep, ...spoken];
document.body.append(
  el(
    "main",
    {},
    heading,
    header.element,
    empty.element,
    content,
    verification.element,
    deep.element,
    ...spoken.map((b) => b.element),
  ),
);
for (const block of [...around, ...blocks]) scheduler.add(block);

acceptDrops(store);
onThemeChange(() => {
  palette = readPalette();
  scheduler.invalidate(true);
});
window.addEventListener("message", (event) => store.receive(event.data));
store.resync();
