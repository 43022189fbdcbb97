/** `simpleRNN` → `simple_rnn`: Keras's default name of a layer. */
export function defaultLayerName(type: string): string {
  return type.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
