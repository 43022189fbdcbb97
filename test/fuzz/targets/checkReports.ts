/** What a run's reports must be, whoever wrote the run: texts show as they are, and nothing in them is run. */

import { reportHtml } from "../../../src/host/report/html.ts";
import { reportMarkdown } from "../../../src/host/report/markdown.ts";
import { reportTitle, runReport } from "../../../src/host/report/runReport.ts";
import type { Run } from "../../../src/host/runs/run.ts";
import { Fault } from "../target.ts";

/** Elements and attributes of HTML that could run something or load it; a picture of our own is the only one allowed. */
const active =
  /<(?:script|iframe|object|embed|link|base|form|meta(?! (?:charset|http-equiv="Content-Security-Policy"|name="viewport"))|img(?! [^>]*src="data:image\/svg\+xml;base64,))|\son\w+=|javascript:/i;

export function checkReports(run: Run): void {
  const parts = runReport(run, undefined);
  const html = reportHtml(reportTitle(run), parts);
  // Text that was escaped cannot hold a tag, but it may speak of one.
  const tags = [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag).join("\n");
  const found = active.exec(tags);
  if (found) throw new Fault(`the report has ${JSON.stringify(tags.slice(found.index, found.index + 80))}`);
  for (const [, picture] of html.matchAll(/base64,([A-Za-z0-9+/=]+)"/g)) {
    const svg = Buffer.from(picture ?? "", "base64").toString();
    if (/<script|<foreignObject|\son\w+=|NaN|undefined/.test(svg))
      throw new Fault("a picture of the report is not plain");
  }
  if (/\]\(\s*(?:javascript|command|file):/i.test(reportMarkdown(parts)))
    throw new Fault("the report has an active link");
}
