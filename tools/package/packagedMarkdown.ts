/** Markdown as the package ships it: no picture and no link whose file is left out. */

import path from "node:path";

/** What lies between these comments is left out of the package: large pictures, which a page on the web can load. */
const leftOut = /<!-- not packaged -->\n[\s\S]*?<!-- \/not packaged -->\n*/g;

/** A link to a file: its text, its path and its anchor. Addresses of the web and anchors alone are none. */
const fileLink = /\[([^\]\n]*)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)/g;

/**
 * @param file path of the document within the package
 * @param ships whether the package has a file of this path
 */
export function packagedMarkdown(text: string, file: string, ships: (path: string) => boolean): string {
  return text
    .replace(leftOut, "")
    .replace(fileLink, (link: string, words: string, target: string) => (ships(within(file, target)) ? link : words));
}

/** Paths within the package that a document links to, or whose pictures it shows. */
export function filesLinkedBy(text: string, file: string): readonly string[] {
  const links = [...text.matchAll(fileLink)].map(([, , target]) => target);
  const pictures = [...text.matchAll(/\bsrc(?:set)?="(?![a-z]+:)([^"]+)"/g)].map(([, target]) => target);
  return [...links, ...pictures].map((target) => within(file, target ?? ""));
}

function within(file: string, target: string): string {
  return path.posix.join(path.posix.dirname(file), decodeURIComponent(target));
}
