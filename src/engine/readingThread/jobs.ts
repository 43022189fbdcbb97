/** The questions and answers of the reading thread; each side checks what it receives. */

import * as z from "zod";
import { encodings } from "../../config/encodings.ts";
import type { Immutable } from "../../config/immutable.ts";
import { numberArraySchema } from "../formats/arrays/numberArray.ts";
import { contentSchema, weightsByLayerSchema } from "../formats/models/savedModel.ts";
import { charactersSchema } from "../formats/readCharacters.ts";
import { fileFaultSchema } from "../formats/readFile.ts";
import { tableColumnsSchema, tableFaultSchema, tableQuestion } from "../formats/table/tableQuestion.ts";
import { jsonObject } from "../reading/jsonObject.ts";

const atFile = z.object({ file: z.string() });

export const questions = {
  array: z.object({
    file: z.object({ file: z.string(), array: z.string().nullable(), encoding: z.enum(encodings).optional() }),
    folder: z.string(),
    usual: z.string(),
  }),
  table: tableQuestion,
  text: z.object({ file: z.string(), shown: z.string(), encoding: z.string().nullable(), lowerCase: z.boolean() }),
  model: atFile,
  weights: atFile,
  layerWeights: z.object({ file: z.string(), description: jsonObject }),
};

const answerSchemas = {
  array: z.union([numberArraySchema, fileFaultSchema]),
  table: z.union([tableColumnsSchema, z.array(tableFaultSchema)]),
  text: z.union([charactersSchema, fileFaultSchema]),
  model: contentSchema,
  weights: weightsByLayerSchema,
  layerWeights: weightsByLayerSchema,
};

export type Kind = keyof typeof questions;
export type Question<K extends Kind> = Immutable<z.infer<(typeof questions)[K]>>;
type Answers = { readonly [K in Kind]: Immutable<z.infer<(typeof answerSchemas)[K]>> };
export type Answer<K extends Kind> = Answers[K];

/** Answers by the kind of file. */
export const answers: { readonly [K in Kind]: z.ZodType<Answers[K]> } = answerSchemas;

export const requestSchema = z.object({
  kind: z.enum(["array", "table", "text", "model", "weights", "layerWeights"]),
  question: z.unknown(),
});

/** `refused`: the file is not what it should be, in words for its owner; `failed`: a defect of ours. */
export const replySchema = z.union([
  z.object({ answer: z.unknown() }),
  z.object({ refused: z.string() }),
  z.object({ failed: z.string() }),
]);

export type Reply = z.infer<typeof replySchema>;
