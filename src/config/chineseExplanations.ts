/** The Chinese explanations of the schema's keys, as the build writes them into `dist/schema.zh-cn.json`. */

import { chineseByEnglish } from "../messages/keys/chinese.ts";
import { editorSchema } from "./editorSchema.ts";
import { explanationsIn } from "./explanations.ts";

/** @throws Error if one is missing. */
export function chineseExplanations(): readonly string[] {
  return explanationsIn(editorSchema()).map((english) => {
    const chinese = chineseByEnglish.get(english);
    if (chinese === undefined) throw new Error(`src/messages/keys has no Chinese for "${english}"`);
    return chinese;
  });
}
