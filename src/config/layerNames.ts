/** `simpleRNN` → `simple_rnn`: the name Keras gives a layer that has none. */
export function defaultLayerName(type: string): string {
  return type.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
