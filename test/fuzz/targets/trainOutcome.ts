/** A training through the command line, and what its reports must be. */

import * as z from "zod";
import { called } from "../../called.ts";
import { checkMessage, Fault, type Taken } from "../target.ts";

const reportSchema = z.looseObject({ errors: z.array(z.string()).optional() });

/**
 * Trains the config of the folder, with a report in JSON.
 *
 * @throws Fault if the report is no JSON, if an error has no words, or if the engine failed.
 */
export async function trainOutcome(
  folder: string,
  args: readonly string[],
): Promise<{ readonly taken: Taken; readonly out: string }> {
  const { code, out, err } = await called(folder, ["train", "--json", ...args]);
  if (code !== 0 && code !== 2) throw new Fault(`exit code ${code}: ${err.slice(-500)}`);
  const report = reportSchema.safeParse(JSON.parse(out));
  if (!report.success) throw new Fault(`the report is not as it should be: ${report.error.message}`);
  const errors = report.data.errors ?? [];
  for (const message of errors) checkMessage(message, "a training");
  if (code === 2 && errors.length === 0) throw new Fault("refused without an error");
  return { taken: code === 0 ? "accepted" : "refused", out };
}
