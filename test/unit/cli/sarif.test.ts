import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ConfigFile } from "../../../src/cli/configFile.ts";
import type { Measured } from "../../../src/cli/measured.ts";
import { sarifOf } from "../../../src/cli/sarif.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { findingCodes } from "../../../src/protocol/finding.ts";
import { chain, syntheticRun, times } from "../diagnosis/syntheticRun.ts";

/** The requirements of section 3 of the standard for a log of this kind. */
const line = z.int().positive();
const region = z.strictObject({
  startLine: line,
  startColumn: line,
  endLine: line,
  endColumn: line,
  charOffset: z.int().nonnegative(),
  charLength: z.int().nonnegative(),
});
const message = z.strictObject({ text: z.string().min(1) });
const artifactLocation = z.strictObject({ uri: z.string().regex(/^(?!\/)\S+$/) });
const level = z.enum(["none", "note", "warning", "error"]);
const schema = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.literal("Gradient Lens"),
          version: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.enum(findingCodes),
              shortDescription: message,
              helpUri: z.url(),
              defaultConfiguration: z.strictObject({ level }),
            }),
          ),
        }),
      }),
      columnKind: z.literal("utf16CodeUnits"),
      invocations: z.tuple([
        z.strictObject({
          executionSuccessful: z.boolean(),
          toolExecutionNotifications: z.array(z.strictObject({ level, message })),
        }),
      ]),
      results: z.array(
        z.strictObject({
          ruleId: z.enum(findingCodes),
          ruleIndex: z.int(),
          level,
          message,
          locations: z.tuple([
            z.strictObject({
              physicalLocation: z.strictObject({ artifactLocation, region }),
              logicalLocations: z.array(z.strictObject({ fullyQualifiedName: z.string(), kind: z.string() })),
            }),
          ]),
          partialFingerprints: z.record(z.string(), z.string()),
          properties: z.record(z.string(), z.unknown()),
          fixes: z.array(
            z.strictObject({
              description: message,
              artifactChanges: z.tuple([
                z.strictObject({
                  artifactLocation,
                  replacements: z
                    .array(
                      z.strictObject({ deletedRegion: region, insertedContent: z.strictObject({ text: z.string() }) }),
                    )
                    .min(1),
                }),
              ]),
            }),
          ),
        }),
      ),
    }),
  ]),
});

const text = `// Ein Kommentar, größer
{
  "data": { "task": "addingProblem", "length": 100 },
  "training": { "steps": 100 },
  "models": {
    "net": {
      "layers": [
        { "type": "simpleRNN", "units": 4,
          "activation": "sigmoid" }
      ]
    }
  }
}
`;
const file: ConfigFile = { path: "/x/a b.json", name: "a b.json", text, parsed: parseConfig(text) };

function measured(): Measured {
  const layer = { type: "simpleRNN", args: { units: 4, activation: "sigmoid" } };
  const { history, model } = syntheticRun(
    { layers: [layer] },
    times(60, () => ({ states: [{ h: chain(100, 0.2) }] })),
  );
  const findings = diagnose(history, model);
  return { model, outcome: { kind: "completed" }, history, frames: [], findings, warnings: [], milliseconds: 1 };
}

describe("gradlens --sarif", () => {
  const log = schema.parse(JSON.parse(sarifOf(file, [measured()], [])));
  const [run] = log.runs;

  it("has a result for each finding, at its region", () => {
    const { findings } = measured();
    expect(run.results.map((r) => r.ruleId)).toEqual(findings.map((f) => f.code));
    const [result] = run.results;
    expect(result).toMatchObject({ ruleId: "vanishing-through-time", level: "warning" });
    const { region: place } = result!.locations[0].physicalLocation;
    expect(place).toMatchObject({ startLine: 9, startColumn: 25, endLine: 9, endColumn: 34 });
    expect(text.slice(place.charOffset, place.charOffset + place.charLength)).toBe('"sigmoid"');
    expect(result!.locations[0].physicalLocation.artifactLocation.uri).toBe("a%20b.json");
    expect(result!.locations[0].logicalLocations).toEqual([{ fullyQualifiedName: "net/layer_0", kind: "object" }]);
  });

  it("describes every rule and links to its explanation", () => {
    const { rules } = run.tool.driver;
    expect(rules.map((r) => r.id)).toEqual([...findingCodes]);
    for (const result of run.results) expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
    for (const { id, helpUri } of rules) {
      const url = new URL(helpUri);
      expect(url.hash).toBe(`#${id}`);
      expect(url.pathname).toMatch(/\/docs\/findings\.md$/);
      expect(fileURLToPath(url)).not.toBe("");
    }
    expect(fs.existsSync("docs/findings.md")).toBe(true);
  });

  it("gives fixes as replacements that produce a sound config", () => {
    const fixes = run.results.flatMap((r) => r.fixes);
    expect(fixes.length).toBeGreaterThan(1);
    for (const { artifactChanges, description } of fixes) {
      const edited = artifactChanges[0].replacements.reduceRight((t, { deletedRegion, insertedContent }) => {
        const { charOffset, charLength } = deletedRegion;
        return t.slice(0, charOffset) + insertedContent.text + t.slice(charOffset + charLength);
      }, text);
      expect(parseConfig(edited).problems, description.text).toEqual([]);
      expect(edited).not.toBe(text);
    }
  });

  it("reports models that could not run", () => {
    const [refused] = schema.parse(JSON.parse(sarifOf(null, [], ["a.json:1:1: broken"]))).runs;
    expect(refused.results).toEqual([]);
    expect(refused.invocations[0]).toEqual({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: "error", message: { text: "a.json:1:1: broken" } }],
    });
  });
});
