/** The HTML page around the built panel script. */

import { randomBytes } from "node:crypto";
import { languageTag } from "../../messages/language.ts";
import { panelPolicy } from "../contentSecurityPolicy.ts";

export interface PanelAssets {
  /** Webview URIs of the built page. */
  readonly script: string;
  readonly style: string;
  /** VS Code's source name for styles and fonts that the page may load. */
  readonly cspSource: string;
}

export function panelHtml(
  { script, style, cspSource }: PanelAssets,
  nonce = randomBytes(16).toString("base64"),
): string {
  return `<!DOCTYPE html>
<html lang="${languageTag()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${panelPolicy(nonce, cspSource)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gradient Lens</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
