// Runs in the extension host in place of the tests' own entry (GRADLENS_TESTS_ENTRY) and notes in GRADLENS_TESTS_MARK how far it came.
// The workbench reports success also when the extension host dies; only a run() that came to its end notes "passed".
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

/** VS Code's own rule: .mjs, or .js below a package.json of type "module". */
function isModule(file) {
  if (/\.[mc]js$/.test(file)) return file.endsWith(".mjs");
  for (let dir = path.dirname(file); ; dir = path.dirname(dir)) {
    const manifest = path.join(dir, "package.json");
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, "utf8")).type === "module";
    if (dir === path.dirname(dir)) return false;
  }
}

exports.run = async () => {
  const entry = require.resolve(process.env.GRADLENS_TESTS_ENTRY);
  const note = (what) => fs.appendFileSync(process.env.GRADLENS_TESTS_MARK, `${what}\n`);
  note("started");
  const tests = isModule(entry) ? await import(pathToFileURL(entry).href) : require(entry);
  const run = tests.run ?? tests.default?.run;
  if (typeof run !== "function") throw new Error(`${entry} does not export run()`);
  // VS Code's contract: a promise, or a callback with an error and the number of failures.
  await new Promise((resolve, reject) => {
    const returned = run(entry, (error, failures) => {
      if (error) reject(error);
      else if (failures > 0) reject(new Error(`${failures} tests failed`));
      else resolve();
    });
    if (typeof returned?.then === "function") returned.then(resolve, reject);
  });
  note("passed");
};
