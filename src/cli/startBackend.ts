/** What computes, or why nothing can. */

import { initBackend } from "../engine/backend/ladder.ts";
import type { BackendInfo } from "../protocol/run.ts";
import type { BackendChoice } from "./options.ts";

export async function startBackend(choice: BackendChoice): Promise<BackendInfo | string> {
  try {
    return await initBackend(choice);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
