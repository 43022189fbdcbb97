/** What to do with a file that is sound but not a model that can be read. */

import { readingWords } from "../../../messages/reading.ts";
import type { FileKind } from "../../reading/fileSignature.ts";

/** Why a file of this kind is refused, and what to do instead. */
export function notAModel(kind: FileKind): string {
  const steps: { readonly [K in FileKind]?: string } = readingWords().insteadOfModel;
  return readingWords().itIsKind({ kind: readingWords().kinds[kind], next: steps[kind] ?? "" });
}
