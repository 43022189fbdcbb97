/** Small helpers for text in hovers. */

const lineEnds = /\r\n|\n|\r/g;

/** Text as it is, whatever Markdown makes of its characters. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$]/g, "\\$&").replace(lineEnds, " ");
}

/** Text as it is in a label, a lens or a message, which make icons of `$(name)` and links of `[text](address)`. */
export function plainLabel(text: string): string {
  return text.replaceAll("$(", "$\u2060(").replaceAll("](", "]\u2060(").replace(lineEnds, " ");
}

/** A link that runs a command; `args` become JSON in its address. */
export function commandLink(title: string, command: string, args: readonly unknown[] = [], tooltip = ""): string {
  const query = args.length === 0 ? "" : `?${addressPart(JSON.stringify(args))}`;
  const hint =
    tooltip === "" ? "" : ` "${tooltip.replaceAll('"', "'").replaceAll("\\", "\\\\").replace(lineEnds, " ")}"`;
  return `[${title}](command:${command}${query}${hint})`;
}

/** `encodeURIComponent` leaves some characters that mean something to Markdown: a parenthesis ends an address. */
function addressPart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** An SVG as a picture that needs no file and no network. */
export function svgImage(svg: string, alternative: string): string {
  return `![${escapeMarkdown(alternative)}](data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")})`;
}
