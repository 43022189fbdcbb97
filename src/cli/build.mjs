// How the command line is bundled: a small file that supervises, and another one with the rest, which only the working
// process reads.

/**
 * Leaves what the working process does to another bundle beside this one.
 *
 * @param {string} file its name
 */
export function workIn(file) {
  return {
    // Node would read a file that is imported in this way twice: for the names of its exports, and to run it.
    supported: { "dynamic-import": false },
    plugins: [
      {
        name: "work-apart",
        /** @param {import("esbuild").PluginBuild} build */
        setup: (build) => build.onResolve({ filter: /^\.\/work\.ts$/ }, () => ({ path: `./${file}`, external: true })),
      },
    ],
  };
}
