import { afterEach, describe, expect, it } from "vitest";
import { reportHtml } from "../../../src/host/report/html.ts";
import { reportMarkdown } from "../../../src/host/report/markdown.ts";
import { reportTitle, runReport } from "../../../src/host/report/runReport.ts";
import { configText, ended, type Harness, harness, target } from "./runHarness.ts";

let h: Harness;
afterEach(() => h.dispose());

async function report() {
  h = harness();
  const text = configText("good", "polite").replace("{", "{ // <b>a & b</b> ```");
  const run = await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
  const { outcome } = await h.verifications.start(target(text, "good"), null);
  if (outcome?.kind !== "verified") throw new Error("not verified");
  return { run, text, parts: runReport(run, outcome.verification), verification: outcome.verification };
}

describe("a report of a run", () => {
  it("has its figures, pictures, findings, verified fixes and config", async () => {
    const { run, text, parts, verification } = await report();
    expect(reportTitle(run)).toBe("project / good");
    const headings = parts.flatMap((p) => (p.kind === "heading" ? [p.text] : []));
    expect(headings).toEqual(
      expect.arrayContaining(["project / good", "Loss", "Layers", "Findings", "Verified fixes"]),
    );
    expect(headings).toContain(`${run.findings[0]?.severity}: ${run.findings[0]?.code}`);
    expect(parts.filter(({ kind }) => kind === "picture")).toHaveLength(2);
    const tables = parts.flatMap((p) => (p.kind === "table" ? [p.rows] : []));
    expect(tables[0]?.[0]?.slice(0, 3)).toEqual(["simple_rnn", "simpleRNN", "0 of 3 timesteps"]);
    expect(tables[1]?.map(([title]) => title)).toEqual(verification.fixes.map(({ fix }) => fix.title));
    const items = parts.flatMap((p) => (p.kind === "list" ? p.items : []));
    expect(items).toContain("it has to reach: 3 timesteps");
    expect(parts.at(-1)).toEqual({ kind: "code", text });
    expect(runReport(run, undefined).some((p) => p.kind === "heading" && p.text === "Verified fixes")).toBe(false);
  });

  it("is HTML that needs no other file, runs nothing, and shows texts as they are", async () => {
    const { parts } = await report();
    const html = reportHtml("a <title>", parts);
    expect(html).toContain("<title>a &lt;title&gt;</title>");
    expect(html).toContain("&lt;b&gt;a &amp; b&lt;/b&gt;");
    expect(html).not.toMatch(/<script|<b>|href=|src="(?!data:image\/svg)/);
    expect(html).toContain("default-src 'none'");
    const svg = Buffer.from(/base64,([^"]+)"/.exec(html)?.[1] ?? "", "base64").toString();
    expect(svg).toMatch(/^<svg .*<polyline .*<\/svg>$/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("is Markdown with its pictures in it, and a fence that no text ends", { tags: "thorough" }, async () => {
    const { parts } = await report();
    const markdown = reportMarkdown(parts);
    expect(markdown).toMatch(/^# project \/ good\n/);
    expect(markdown.match(/!\[[^\]]*\]\(data:image\/svg\+xml;base64,/g)).toHaveLength(2);
    expect(markdown).toMatch(/\n````jsonc\n[\s\S]*```\n[\s\S]*\n````\n$/);
  });
});
