/** The questions and answers of the reading thread; each side checks what it receives. */

import * as z from "zod";
import { encodings } from "../../config/encodings.ts";
import { lossNames } from "../../config/schema/names.ts";
import type { NumberArray } from "../formats/arrays/numberArray.ts";
import { resumeSchema } from "../formats/models/checkpointFormat.ts";
import type { SavedModel, WeightsByLayer } from "../formats/models/savedModel.ts";
import type { Characters } from "../formats/readCharacters.ts";
import type { FileFault } from "../formats/readFile.ts";
import {
  type TableColumns,
  type TableFault,
  tableColumnsSchema,
  tableFaultSchema,
  tableQuestion,
} from "../formats/table/tableQuestion.ts";
import { jsonObject } from "../reading/jsonObject.ts";

const fault = z.object({
  fault: z.string(),
  about: z.literal("array").optional(),
  encodings: z.array(z.string()).optional(),
});
const floats = z.instanceof(Float32Array);
const shape = z.array(z.number());
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

/** Answers by the kind of file. */
interface Answers {
  readonly array: NumberArray | FileFault;
  readonly table: TableColumns | TableFault[];
  readonly text: Characters | FileFault;
  readonly model: Omit<SavedModel, "weights">;
  readonly weights: WeightsByLayer;
  readonly layerWeights: WeightsByLayer;
}

const weightsByLayer = z.map(z.string(), z.array(z.object({ shape, values: floats })));

export const answers: { readonly [K in keyof Answers]: z.ZodType<Answers[K]> } = {
  array: z.union([z.object({ shape, values: floats }), fault]),
  table: z.union([tableColumnsSchema, z.array(tableFaultSchema)]),
  text: z.union([z.object({ indices: floats, vocabulary: z.number() }), fault]),
  model: z.object({
    dialect: z.enum(["keras2", "keras3", "tfjs"]),
    topology: jsonObject,
    entries: z.array(jsonObject).nullable(),
    resume: resumeSchema.nullable(),
    logits: z.enum(lossNames).nullable(),
  }),
  weights: weightsByLayer,
  layerWeights: weightsByLayer,
};

export type Kind = keyof typeof questions;
export type Question<K extends Kind> = z.infer<(typeof questions)[K]>;
export type Answer<K extends Kind> = Answers[K];

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
