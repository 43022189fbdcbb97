/** The licences of the packages that a build contains, as their terms ask for. */

import fs from "node:fs";
import path from "node:path";

/** A file with a package's terms or with notices that they ask to pass on. */
const terms = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** Packages whose code is in a build although no bundle imports it: the kernels contain AssemblyScript's runtime. */
const compiledIn = ["assemblyscript"];

/** Terms that packages name without shipping their text, and a package that has it. */
const elsewhere = { "Apache-2.0": "assemblyscript", MIT: "zod" };

/**
 * @param {string} root folder with node_modules
 * @param {readonly string[]} inputs paths of everything that was bundled, relative to it
 * @returns {string} each package with its terms; a text that several share stands once
 */
export function noticesOf(root, inputs) {
  const names = new Set([...compiledIn, ...inputs.flatMap(packageOf)]);
  /** @type {Map<string, string[]>} */
  const sharing = new Map();
  for (const name of [...names].sort()) {
    const { title, texts } = termsOf(root, name);
    for (const text of texts) sharing.set(text, [...(sharing.get(text) ?? []), title]);
  }
  const parts = [...sharing].map(([text, titles]) => `${titles.join("\n")}\n\n${text.trim()}\n`);
  return ["Gradient Lens contains these packages.\n", ...parts].join(`\n${"-".repeat(72)}\n\n`);
}

/** @param {string} input */
function packageOf(input) {
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll("\\", "/"))?.[1];
  return name === undefined ? [] : [name];
}

/**
 * The section of a package's page that begins with a heading of its licence, to the page's end.
 *
 * @param {string} folder
 */
function sectionOf(folder) {
  const page = path.join(folder, "README.md");
  if (!fs.existsSync(page)) return undefined;
  const text = fs.readFileSync(page, "utf8").replaceAll("\r\n", "\n");
  const at = text.search(/^(?:#+ *licen[cs]e\b|licen[cs]e.*\n-{3,})/im);
  // A heading above a mere link does not hold the terms.
  return at >= 0 && /permission is hereby granted/i.test(text.slice(at)) ? text.slice(at) : undefined;
}

/**
 * @param {string} root
 * @param {string} name
 */
function termsOf(root, name) {
  const folder = path.join(root, "node_modules", name);
  const { version, license, author } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  const files = fs
    .readdirSync(folder)
    .filter((file) => terms.test(file) && fs.statSync(path.join(folder, file)).isFile());
  const own = files.map((file) => fs.readFileSync(path.join(folder, file), "utf8").replaceAll("\r\n", "\n"));
  if (own.length > 0) return { title: `${name} ${version}`, texts: own };
  const section = sectionOf(folder);
  if (section !== undefined) return { title: `${name} ${version}`, texts: [section] };
  const [id, from] = Object.entries(elsewhere).find(([one]) => String(license).split(" ").includes(one)) ?? [];
  if (from === undefined) throw new Error(`${name} has no text of its licence (${license}).`);
  const text = fs.readFileSync(path.join(root, "node_modules", from, "LICENSE"), "utf8").replaceAll("\r\n", "\n");
  // MIT's first lines name the owner; the others are the same for everybody.
  const owned = id === "MIT" ? text.slice(text.indexOf("Permission is hereby granted")) : text;
  return { title: `${name} ${version} (${license}), by ${nameOf(author)}`, texts: [owned] };
}

/** @param {unknown} author a manifest's: a name, or an object with one */
function nameOf(author) {
  if (typeof author === "string") return author;
  if (typeof author === "object" && author !== null && "name" in author) return String(author.name);
  return "its authors";
}
