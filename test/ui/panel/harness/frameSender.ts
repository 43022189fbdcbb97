/**
 * Sends frames to the page from another thread at 30 a second, so that the page's own thread has no more to do than in an
 * editor: it reads the copy that comes, and shows it.
 */

import type { Frame } from "../../../../src/protocol/frame.ts";

/** The thread: keeps the messages until it is told to send them. */
const script = `
let messages = [];
onmessage = ({ data }) => {
  if (data !== "send") { messages = data; postMessage("ready"); return; }
  const begun = performance.now();
  let sent = 0;
  setInterval(() => {
    while (sent < messages.length && (performance.now() - begun) * 0.03 > sent) postMessage(messages[sent++]);
  }, 5);
};`;

/** The globals of a page that are used here; the DOM's types are not part of this build. */
interface Thread {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: (() => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}
declare const Worker: new (url: string) => Thread;

export class FrameSender {
  readonly #thread: Thread;
  /** Last steps of the frames, which themselves are kept by the thread alone. */
  readonly #steps: readonly number[];

  constructor(thread: Thread, steps: readonly number[]) {
    this.#steps = steps;
    this.#thread = thread;
  }

  static async start(frames: readonly Frame[]): Promise<FrameSender> {
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const thread = new Worker(url);
    await new Promise<void>((resolve, reject) => {
      thread.onmessage = () => resolve();
      thread.onerror = () => reject(new Error("the page allows no thread"));
      thread.postMessage(frames.map((frame) => ({ type: "frame", frame })));
    });
    URL.revokeObjectURL(url);
    return new FrameSender(
      thread,
      frames.map(({ steps }) => steps.at(-1) ?? 0),
    );
  }

  /** @param receive gets each message as it comes, and the last step of its frame */
  send(receive: (message: unknown, step: number) => void): void {
    const steps = this.#steps.values();
    this.#thread.onmessage = ({ data }) => {
      const { value } = steps.next();
      if (value !== undefined) receive(data, value);
    };
    this.#thread.postMessage("send");
  }

  stop(): void {
    this.#thread.onmessage = null;
    this.#thread.terminate();
  }
}
