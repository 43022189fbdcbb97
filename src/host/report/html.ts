/** Writes a report as one HTML file that needs no other and runs nothing. */

import { languageTag } from "../../messages/language.ts";
import { reportPolicy } from "../contentSecurityPolicy.ts";
import type { Part } from "./part.ts";

const style = `body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color-scheme: light dark; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: 0.25rem 0.75rem; border: 1px solid #8886; text-align: left; vertical-align: top; }
img { max-width: 100%; }
pre { padding: 1rem; overflow-x: auto; border: 1px solid #8886; font-size: 13px; }`;

export function reportHtml(title: string, parts: readonly Part[]): string {
  return `<!doctype html>
<html lang="${languageTag()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${reportPolicy}">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${parts.map(element).join("\n")}
</body>
</html>
`;
}

function element(part: Part): string {
  switch (part.kind) {
    case "heading":
      return `<h${part.level}>${escapeHtml(part.text)}</h${part.level}>`;
    case "paragraph":
      return `<p>${escapeHtml(part.text)}</p>`;
    case "list":
      return `<ul>${part.items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`;
    case "table": {
      const row = (cells: readonly string[], tag: string): string =>
        `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
      const rows = part.rows.map((cells) => row(cells, "td")).join("\n");
      return `<table>\n<thead>${row(part.head, "th")}</thead>\n<tbody>\n${rows}\n</tbody>\n</table>`;
    }
    case "picture":
      return `<p><img src="data:image/svg+xml;base64,${Buffer.from(part.svg).toString("base64")}" alt="${escapeHtml(part.text)}"></p>`;
    case "code":
      return `<pre><code>${escapeHtml(part.text)}</code></pre>`;
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
