/** The folder of `--out`: one folder for each model, which TensorBoard shows as a run each. */

import fs from "node:fs";
import path from "node:path";

/** Makes the folders of the models, in their order; or says why it could not. */
export function makeOutFolders(
  out: string,
  models: readonly string[],
): readonly string[] | { readonly message: string } {
  try {
    return folderNames(models).map((name) => {
      const folder = path.join(out, name);
      fs.mkdirSync(folder, { recursive: true });
      return folder;
    });
  } catch (error) {
    return { message: `${out}: cannot be written to: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Names that every file system takes and tells apart, as like the models' as can be. */
export function folderNames(models: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return models.map((model) => {
    const plain = model.replaceAll(/[^\p{L}\p{N}_. -]+/gu, "_").replace(/^[. ]+|[. ]+$/g, "") || "model";
    let name = plain;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${plain}_${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
