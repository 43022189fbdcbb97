/** The README's table of settings, from the manifest. */

import * as z from "zod";

const start = "<!-- settings: written by `npm run docs` from package.json -->\n";
const end = "<!-- end of the settings -->";

const manifestSchema = z.object({
  contributes: z.object({
    configuration: z.object({
      properties: z.record(
        z.string(),
        z.object({
          default: z.unknown(),
          markdownDescription: z.string().optional(),
          description: z.string().optional(),
        }),
      ),
    }),
  }),
});

/**
 * @param manifest the text of package.json
 * @param strings its texts in the language of the page
 * @param heading the titles of the three columns
 */
function settingsTable(
  manifest: string,
  strings: { readonly [key: string]: string },
  heading: readonly [string, string, string],
): string {
  const { properties } = manifestSchema.parse(JSON.parse(manifest)).contributes.configuration;
  const rows = Object.entries(properties).map(([name, { default: value, ...texts }]) => {
    const key = (texts.markdownDescription ?? texts.description ?? "").replaceAll("%", "");
    return `| \`${name}\` | \`${JSON.stringify(value)}\` | ${strings[key] ?? ""} |`;
  });
  return [`| ${heading.join(" | ")} |`, "|---|---|---|", ...rows, ""].join("\n");
}

/** The page with the table between its two comments. */
function withSettings(page: string, table: string): string {
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page lacks the comments around its settings: ${start}`);
  return page.slice(0, from + start.length) + table + page.slice(to);
}

const pages = [
  ["README.md", "package.nls.json", ["setting", "default", "what it does"]],
  ["README.zh-CN.md", "package.nls.zh-cn.json", ["设置", "默认值", "作用"]],
] as const;

/** Each README with its table, by its name. @param read a file's text */
export function settingsPages(read: (file: string) => string): ReadonlyMap<string, string> {
  const strings = z.record(z.string(), z.string());
  return new Map(
    pages.map(([file, nls, heading]) => [
      file,
      withSettings(read(file), settingsTable(read("package.json"), strings.parse(JSON.parse(read(nls))), heading)),
    ]),
  );
}
