/** Small helpers for text in hovers. */

import { visible } from "../../config/visible.ts";

const lineEnds = /\r\n|\n|\r/g;

/** Escapes text so that Markdown shows it as it is. */
export function escapeMarkdown(text: string): string {
  return visible(text.replace(/[\\`*_{}[\]()#+\-.!|<>~$]/g, "\\$&").replace(lineEnds, " "));
}

/** A link that runs a command; `args` become JSON in its address. */
export function commandLink(title: string, command: string, args: readonly unknown[] = [], tooltip = ""): string {
  const query = args.length === 0 ? "" : `?${addressPart(JSON.stringify(args))}`;
  const hint =
    tooltip === "" ? "" : ` "${tooltip.replaceAll('"', "'").replaceAll("\\", "\\\\").replace(lineEnds, " ")}"`;
  return `[${title}](command:${command}${query}${hint})`;
}

/**
 * Encodes a part of an address, including characters that `encodeURIComponent` leaves although Markdown reads them: a
 * parenthesis ends an address.
 */
function addressPart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Embeds an SVG as a picture, without a file or network access. */
export function svgImage(svg: string, alternative: string): string {
  return `![${escapeMarkdown(alternative)}](data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")})`;
}
