/**
 * Runs that are dropped on the page: folders and event files from VS Code's explorer, its tabs or the runs view. VS Code
 * lets a drag through to a page while Shift is held, and gives the addresses of what is dragged. The host opens them.
 */

import { panelWords } from "../../src/messages/panel.ts";
import { mostDropped } from "../../src/protocol/panelMessages.ts";
import { el } from "../dom.ts";
import type { Store } from "../state/store.ts";

/** One address a line; a line that begins with `#` is a comment (RFC 2483). */
const lists = ["application/vnd.code.uri-list", "text/uri-list"];

/** Accepts drops on the whole window. */
export function acceptDrops(store: Store): void {
  const hint = el("div", { class: "drop-hint", hidden: true }, el("p", {}, panelWords().dropRun));
  document.body.append(hint);
  const show = (event: DragEvent): boolean => {
    const takes = event.dataTransfer?.types.some((type) => lists.includes(type)) === true;
    hint.hidden = !takes;
    if (takes) event.preventDefault();
    return takes;
  };
  window.addEventListener("dragenter", show);
  window.addEventListener("dragover", (event) => {
    if (show(event) && event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  });
  window.addEventListener("dragleave", ({ relatedTarget }) => {
    // Between two elements of the page the drag goes on.
    if (relatedTarget === null) hint.hidden = true;
  });
  window.addEventListener("drop", (event) => {
    if (!show(event) || !event.dataTransfer) return;
    hint.hidden = true;
    const uris = addresses(event.dataTransfer);
    if (uris.length > 0) store.send({ type: "openDropped", uris });
  });
}

function addresses(data: DataTransfer): string[] {
  for (const list of lists) {
    const lines = data.getData(list).split(/\r?\n/, 10 * mostDropped);
    const uris = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
    if (uris.length > 0) return uris.slice(0, mostDropped);
  }
  return [];
}
