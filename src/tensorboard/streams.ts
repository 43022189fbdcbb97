/** Streams the events of a file. */

import { type EventMessage, parseEvent } from "./eventMessage.ts";
import { RecordReader } from "./record.ts";
import { isTooLong } from "./runDecoder.ts";

/** One event file. `open` is called once or twice. */
export interface EventFile {
  readonly name: string;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** The events of one file, and, when all were taken, what was not read. */
export interface FileEvents {
  readonly all: AsyncIterable<EventMessage>;
  /** Number of damaged places, of records that are no event, and of our own texts that are too long. */
  readonly damaged: number;
  /** Whether the end of the file is incomplete. */
  readonly torn: boolean;
}

export function eventsOf(file: EventFile): FileEvents {
  const reader = new RecordReader();
  let unread = 0;
  async function* stream(): AsyncGenerator<EventMessage> {
    for await (const piece of file.open())
      for (const record of reader.push(piece)) {
        const event = parseEvent(record);
        unread += event ? event.values.filter(isTooLong).length : 1;
        if (event) yield event;
      }
  }
  return {
    all: stream(),
    get damaged() {
      return reader.damaged + unread;
    },
    get torn() {
      return reader.pending > 0;
    },
  };
}
