/** Takes the reader's folders out of a text that they may post: paths say who they are and what they work on. */

/** Where a word ends in which a path could stand: a path with blanks loses what follows its first one. */
const apart = /([\s"'`()<>[\]{}|,;]+)/;

const absolute = /^(?:file:\/\/|\/|[A-Za-z]:[\\/]|\\\\)/;

/** Stands in the place of a path. */
export const hidden = "<path>";

/**
 * @param folders absolute paths of the workspace's folders: a path below one is shown relative to it
 * @returns the text with `<path>` in the place of each other absolute path; the part below `node_modules` stays
 */
export function withoutPaths(text: string, folders: readonly string[]): string {
  return text
    .split(apart)
    .map((word) => (absolute.test(word) && word.length > 1 ? shown(word, folders) : word))
    .join("");
}

function shown(word: string, folders: readonly string[]): string {
  const path = word.replace(/^file:\/\//, "").replaceAll("\\", "/");
  const folder = folders.map((one) => one.replaceAll("\\", "/")).find((one) => path.startsWith(`${one}/`));
  if (folder !== undefined) return path.slice(folder.length + 1);
  const packages = path.lastIndexOf("/node_modules/");
  return packages < 0 ? hidden + placeIn(path) : `${hidden}${path.slice(packages)}`;
}

/** The line and column that follow a path: `:3:15`. */
function placeIn(path: string): string {
  return /(?::\d+){1,2}$/.exec(path)?.[0] ?? "";
}
