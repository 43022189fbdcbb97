/** Words for names that a run file or a config may have made up: `toString` is a name like any other. */

/** The word for a name; the name itself if there is none. */
export function wordOf(words: { readonly [name: string]: string }, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}
