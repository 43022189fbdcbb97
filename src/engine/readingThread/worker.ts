/** The reading thread: reads and parses files that others wrote. It can be ended at any moment. */

import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import * as z from "zod";
import { languageOf, speak } from "../../messages/language.ts";
import { readArray } from "../formats/arrays/readArray.ts";
import { readSaved } from "../formats/models/readSaved.ts";
import { readWeights } from "../formats/models/readWeights.ts";
import { SavedError } from "../formats/models/savedModel.ts";
import { readCharacters } from "../formats/readCharacters.ts";
import { readTable } from "../formats/table/readTable.ts";
import { type Kind, questions, requestSchema } from "./jobs.ts";

// The language of the process that started it.
speak(languageOf(z.object({ language: z.string() }).parse(workerData).language));

async function answer(kind: Kind, question: unknown): Promise<unknown> {
  switch (kind) {
    case "array": {
      const { file, folder, usual } = questions.array.parse(question);
      return await readArray(file, folder, usual);
    }
    case "table":
      return await readTable(questions.table.parse(question));
    case "text": {
      const { file, shown, encoding, lowerCase } = questions.text.parse(question);
      return await readCharacters(file, shown, { encoding, lowerCase });
    }
    case "model": {
      const { weights: _, ...description } = await readSaved(questions.model.parse(question).file);
      return description;
    }
    case "layerWeights": {
      const { file, description } = questions.layerWeights.parse(question);
      return await readWeights(file, description);
    }
    case "weights":
      return await (await readSaved(questions.weights.parse(question).file)).weights();
  }
}

async function receive(port: MessagePort, message: unknown): Promise<void> {
  try {
    const { kind, question } = requestSchema.parse(message);
    const found = await answer(kind, question);
    port.postMessage({ answer: found }, buffersOf(found));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    port.postMessage(error instanceof SavedError ? { refused: text } : { failed: text });
  }
}

/** The buffers to transfer instead of copying. */
function buffersOf(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (inside: unknown, depth: number): void => {
    if (ArrayBuffer.isView(inside)) {
      if (inside.buffer instanceof ArrayBuffer) buffers.add(inside.buffer);
    } else if (depth > 0 && typeof inside === "object" && inside !== null) {
      const parts = inside instanceof Map ? inside.values() : Object.values(inside);
      for (const part of parts) visit(part, depth - 1);
    }
  };
  visit(value, 4);
  return [...buffers];
}

parentPort?.on("message", (message: unknown) => {
  if (parentPort) void receive(parentPort, message);
});
