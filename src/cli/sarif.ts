/**
 * Findings as SARIF 2.1.0 (OASIS 2020), for code scanning services: one result per finding, at its region of the
 * config, with its fixes as text replacements. Regions count columns in UTF-16 units, as editors do.
 */

import path from "node:path";
import { pathToFileURL } from "node:url";
import { version } from "../../package.json";
import { applyEdits } from "../config/applyEdits.ts";
import { diagnosisSchema } from "../config/schema/diagnosis.ts";
import { findingsPage } from "../messages/language.ts";
import { type Finding, type FindingCode, type Fix, findingCodes, type Severity } from "../protocol/finding.ts";
import type { ConfigFile } from "./configFile.ts";
import { text } from "./json.ts";
import type { Measured } from "./measured.ts";

const levels: { readonly [S in Severity]: string } = { error: "error", warning: "warning", information: "note" };

/** @param file null if the config could not be read and nothing can be pointed at */
export function sarifOf(file: ConfigFile | null, results: readonly Measured[], errors: readonly string[]): string {
  const found = file ? results.flatMap((r) => r.findings.map((finding) => resultOf(file, finding))) : [];
  const run = {
    tool: { driver: { name: "Gradient Lens", version, rules: findingCodes.map(ruleOf) } },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: errors.length === 0,
        toolExecutionNotifications: errors.map((message) => ({ level: "error", message: { text: message } })),
      },
    ],
    results: found,
  };
  return `${text({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] })}\n`;
}

function ruleOf(code: FindingCode): object {
  const description = diagnosisSchema.shape[code].meta()?.description ?? code;
  return {
    id: code,
    shortDescription: { text: description },
    // The page is shipped with the program, so it can be read without a network.
    helpUri: `${pathToFileURL(path.resolve(__dirname, "../docs", findingsPage())).href}#${code}`,
    defaultConfiguration: {
      level: levels[code === "non-finite" ? "error" : code === "update-ratio" ? "information" : "warning"],
    },
  };
}

function resultOf(file: ConfigFile, finding: Finding): object {
  const { code, severity, model, layer, weight, id, message, explanation } = finding;
  const { offset, length } = file.parsed.rangeOf(finding.place);
  const name = [model, layer, weight].filter((part) => part !== null).join("/");
  return {
    ruleId: code,
    ruleIndex: findingCodes.indexOf(code),
    level: levels[severity],
    message: { text: `${model}: ${message}. ${explanation}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: regionOf(file, offset, length) },
        logicalLocations: [{ fullyQualifiedName: name, kind: "object" }],
      },
    ],
    partialFingerprints: { "findingId/v1": id },
    properties: { evidence: finding.evidence, step: finding.step, timesteps: finding.timesteps },
    fixes: finding.fixes.map((fix) => fixOf(file, fix)),
  };
}

function fixOf(file: ConfigFile, fix: Fix): object {
  return {
    description: { text: fix.title },
    artifactChanges: [
      {
        artifactLocation: { uri: uriOf(file) },
        replacements: applyEdits(file.text, fix.edits).map(({ offset, length, content }) => ({
          deletedRegion: regionOf(file, offset, length),
          insertedContent: { text: content },
        })),
      },
    ],
  };
}

/** URI relative to the working directory if the config's name is. */
function uriOf(file: ConfigFile): string {
  if (path.isAbsolute(file.name)) return pathToFileURL(file.name).href;
  return file.name.split(path.sep).map(encodeURIComponent).join("/");
}

/** Region with lines and columns from 1; the end column is the one after the last character. */
function regionOf({ parsed }: ConfigFile, offset: number, length: number): object {
  const start = parsed.source.lines.position(offset);
  const end = parsed.source.lines.position(offset + length);
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
    charOffset: offset,
    charLength: length,
  };
}
