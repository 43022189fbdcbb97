/**
 * The labelled zoo: what the rules say of nets of which the truth is known.
 *   npm run zoo                     precision and recall per finding, beside other engines' rules
 *   npm run zoo -- --record         trains the literature's nets without a record in full from other seeds and records
 *                                   how it ended
 *   npm run zoo -- --fixes          verifies the offered fixes of every broken entry, too
 *   npm run zoo -- --only <text>    entries whose name has it
 *   npm run zoo -- --constructed    only the nets that are known by construction: a minute
 */

import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { initBackend } from "../../src/engine/backend/ladder.ts";
import { constructed } from "./constructed.ts";
import { evaluate } from "./evaluate.ts";
import { verifyFixes } from "./fixes.ts";
import { literature } from "./literature.ts";
import { type Outcome, outcomeOf, outcomesSchema } from "./outcome.ts";
import { report } from "./report.ts";
import { runEntry } from "./runEntry.ts";

/** Seeds of the recorded outcomes; the rules are asked about another one. */
const recordedSeeds = [101, 102];
const file = path.resolve("test/zoo/outcomes.json");

const { values } = parseArgs({
  options: {
    record: { type: "boolean" },
    fixes: { type: "boolean" },
    only: { type: "string", default: "" },
    constructed: { type: "boolean" },
  },
});

async function main(): Promise<void> {
  const backend = await initBackend("auto");
  const entries = [...constructed, ...(values.constructed ? [] : literature)].filter(({ name }) =>
    name.includes(values.only),
  );
  const outcomes: { [name: string]: Outcome[] } = fs.existsSync(file)
    ? outcomesSchema.parse(JSON.parse(fs.readFileSync(file, "utf8")))
    : {};
  if (values.record) {
    for (const entry of entries.filter(({ name, learns }) => learns === "outcome" && !outcomes[name])) {
      const found: Outcome[] = [];
      for (const seed of recordedSeeds) found.push(outcomeOf(await runEntry(entry, seed, backend), seed));
      outcomes[entry.name] = found;
      process.stderr.write(`${entry.name}: ${JSON.stringify(found)}\n`);
      const lines = Object.entries(outcomes).map(([name, list]) => `${JSON.stringify(name)}: ${JSON.stringify(list)}`);
      fs.writeFileSync(file, `{\n${lines.join(",\n")}\n}\n`);
    }
    return;
  }
  const results = [];
  for (const entry of entries) {
    results.push(await evaluate(entry, outcomes[entry.name] ?? [], backend));
    process.stderr.write(`\r\u001b[2K${results.length} of ${entries.length}: ${entry.name}`);
  }
  process.stderr.write("\r\u001b[2K");
  process.stdout.write(report(results));
  if (values.fixes) process.stdout.write(await verifyFixes(results, backend));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
