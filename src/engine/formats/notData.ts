/** What to do with a file that is sound but not a data file that can be read. */

import { readingWords } from "../../messages/reading.ts";
import type { FileKind } from "../reading/fileSignature.ts";

/** Why a file of this kind is refused, and what to do instead. */
export function notData(kind: FileKind, shown: string): string {
  const steps: { readonly [K in FileKind]?: string } = readingWords().insteadOfData;
  return readingWords().isKind({ what: shown, kind: readingWords().kinds[kind], next: steps[kind] ?? "" });
}
