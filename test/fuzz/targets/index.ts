/** All kinds of input, in the order of the report. */

import type { Target } from "../target.ts";
import { arrays, plainTexts } from "./arrays.ts";
import { configTexts } from "./configTexts.ts";
import { editorNames } from "./editorNames.ts";
import { insertedNames } from "./insertedNames.ts";
import { engineMessages, panelMessages } from "./messages.ts";
import { models } from "./models.ts";
import { names } from "./names.ts";
import { resumedCheckpoints } from "./resumedCheckpoints.ts";
import { runFiles } from "./runFiles.ts";
import { runIndexes } from "./runIndex.ts";
import { tables } from "./tables.ts";
import { toolCalls } from "./toolCalls.ts";
import { trainedConfigs } from "./trainedConfigs.ts";

export const targets: readonly Target[] = [
  models,
  resumedCheckpoints,
  trainedConfigs,
  names,
  editorNames,
  insertedNames,
  runFiles,
  runIndexes,
  configTexts,
  tables,
  arrays,
  plainTexts,
  engineMessages,
  panelMessages,
  toolCalls,
];
