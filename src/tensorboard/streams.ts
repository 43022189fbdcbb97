/** Streams the events of a file. */

import { type EventMessage, parseEvent } from "./eventMessage.ts";
import { RecordReader } from "./record.ts";

/** One event file. `open` is called once or twice. */
export interface EventFile {
  readonly name: string;
  readonly open: () => AsyncIterable<Uint8Array>;
}

export interface FileEvents {
  readonly all: AsyncIterable<EventMessage>;
  /** Knows, when all events were taken, what was damaged. */
  readonly reader: RecordReader;
}

export function eventsOf(file: EventFile): FileEvents {
  const reader = new RecordReader();
  return { all: stream(file, reader), reader };
}

async function* stream(file: EventFile, reader: RecordReader): AsyncGenerator<EventMessage> {
  for await (const piece of file.open())
    for (const record of reader.push(piece)) {
      const event = parseEvent(record);
      if (event) yield event;
    }
}
