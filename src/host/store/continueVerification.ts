/** Shows what a verification of an earlier window decided, so that the user can continue it. */

import { parseConfig } from "../../config/parse.ts";
import { MadeRuns } from "../verify/madeRuns.ts";
import type { VerificationService } from "../verify/verificationService.ts";
import type { UnfinishedVerification } from "./keptVerifications.ts";

/** @param uriOf URI of a config's path */
export async function continueVerification(
  { begun, runs, place }: UnfinishedVerification,
  verifications: VerificationService,
  uriOf: (configPath: string) => string,
): Promise<void> {
  const { configPath, configText, finding } = begun;
  const model = parseConfig(configText).config?.models.find(({ name }) => name === begun.model);
  if (!model) {
    place.remove();
    return;
  }
  const made = new MadeRuns(place);
  for (const { request, ran, took } of runs) made.add(request, { ran, took });
  await verifications.takeOver({ uri: uriOf(configPath), configPath, configText, model }, finding, made);
}
