/** Builds elements. Text is always set as text: nothing from the host is ever parsed as HTML. */

type Attributes = { readonly [name: string]: string | number | boolean | null | undefined };
type Child = Node | string | null;

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** An HTML element with attributes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/** An SVG picture out of path data, hidden from assistive technology: the control beside it has the name. */
export function icon(...paths: readonly string[]): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  setAttributes(svg, { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", class: "icon" });
  for (const d of paths) {
    const path = document.createElementNS(ns, "path");
    setAttributes(path, { d, fill: "currentColor" });
    svg.append(path);
  }
  return svg;
}

/** Sets text only if it differs, to avoid needless layout. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets or removes an attribute only if it differs. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** Pictures of the buttons, drawn on a 16 × 16 grid. */
export const icons = {
  play: () => icon("M4 2.5v11l9-5.5z"),
  pause: () => icon("M4 3h3v10H4zM9 3h3v10H9z"),
  stop: () => icon("M3.5 3.5h9v9h-9z"),
  table: () => icon("M2 3h12v10H2zm1 1v2h4V4zm5 0v2h5V4zM3 7v2h4V7zm5 0v2h5V7zm-5 3v2h4v-2zm5 0v2h5v-2z"),
  picture: () =>
    icon("M1.5 3h13v10h-13zm1 1v6.6L6 7.4l2.6 2.6 2-1.7 2.9 2.6V4zm8 .9a1.2 1.2 0 1 1 0 2.4 1.2 1.2 0 0 1 0-2.4z"),
  error: () =>
    icon(
      "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM5.6 4.9l-.7.7L7.3 8l-2.4 2.4.7.7L8 8.7l2.4 2.4.7-.7L8.7 8l2.4-2.4-.7-.7L8 7.3z",
    ),
  warning: () => icon("M8 1.5 15 14H1zM7.4 6v4.2h1.2V6zm0 5.2v1.3h1.2v-1.3z"),
  information: () => icon("M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM7.4 4.2v1.4h1.2V4.2zm0 2.6v5h1.2v-5z"),
  check: () => icon("M13.6 4.2 6.4 12.4 2.4 8.6l1-1.1 2.9 2.8 6.2-7.1z"),
  question: () =>
    icon(
      "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM5.6 6.3h1.3c0-.7.4-1.1 1.1-1.1.6 0 1.1.3 1.1.9 0 .5-.3.8-.8 1.2-.7.5-1 .9-1 1.8v.4h1.3v-.3c0-.5.2-.7.8-1.2.6-.4 1-1 1-1.9C10.4 4.8 9.4 4 8.1 4 6.6 4 5.6 4.9 5.6 6.3zM7.2 10.5v1.4h1.4v-1.4z",
    ),
  pin: () => icon("M6 1.5h4v1l-.6.8.3 3.2 1.8 1.7v1H8.6V14L8 15l-.6-1V9.2H4.5v-1l1.8-1.7.3-3.2-.6-.8z"),
  dash: () => icon("M3 7.3h10v1.4H3z"),
  chevron: () => icon("M5.5 3.2 10.3 8l-4.8 4.8-.8-.8 4-4-4-4z"),
} as const;
