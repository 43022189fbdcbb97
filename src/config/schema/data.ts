/** `data`: a built-in task, a text or a CSV table. */

import { expectedWords } from "../../messages/expected.ts";
import { mackeyGlassForecastingSchema, sineForecastingSchema } from "./data/forecasting.ts";
import {
  addingProblemSchema,
  copyMemorySchema,
  delayedRecallSchema,
  paritySchema,
  sequentialDigitsSchema,
  temporalOrderSchema,
} from "./data/tasks.ts";
import { characterLanguageModelSchema } from "./data/text.ts";
import { variants } from "./variants.ts";

export const taskSchema = variants({ key: "task", noun: () => expectedWords().nouns.task }, [
  addingProblemSchema,
  copyMemorySchema,
  temporalOrderSchema,
  delayedRecallSchema,
  paritySchema,
  sequentialDigitsSchema,
  sineForecastingSchema,
  mackeyGlassForecastingSchema,
  characterLanguageModelSchema,
]);
