/**
 * Hyperparameters as TensorBoard's plugin of that name keeps them (tensorboard/plugins/hparams/plugin_data.proto), for
 * example by PyTorch's `add_hparams` and Keras's `hp.KerasCallback`.
 */

import { allBytes, lastBytes, lastVarint, readFields, readNumbers } from "./protobufReader.ts";

export const hparamsPlugin = "hparams";

/** Bounds of what is kept of one run. */
export const mostSettings = 200;
const longest = 200;

const utf8 = new TextDecoder();

/** The hyperparameters in the plugin's content; none if it holds something else. Values are texts for people. */
export function settingsOf(content: Uint8Array): ReadonlyMap<string, string> {
  const start = lastBytes(readFields(content) ?? [], 3);
  const found = new Map<string, string>();
  for (const entry of allBytes((start && readFields(start)) ?? [], 1)) {
    if (found.size === mostSettings) break;
    // An entry of a map is a message of its key and its value.
    const fields = readFields(entry) ?? [];
    const [name, message] = [lastBytes(fields, 1), lastBytes(fields, 2)];
    const value = message && settingText(message);
    if (name && value !== undefined) found.set(utf8.decode(name).slice(0, longest), value.slice(0, longest));
  }
  return found;
}

/** A google.protobuf.Value that is a number, a text or a truth value. */
function settingText(message: Uint8Array): string | undefined {
  const fields = readFields(message) ?? [];
  const number = lastBytes(fields, 2);
  if (number?.length === 8) return String(readNumbers(number, 8)?.[0]);
  const text = lastBytes(fields, 3);
  if (text) return utf8.decode(text);
  const truth = lastVarint(fields, 4);
  return truth === undefined ? undefined : String(truth !== 0);
}
