/** Thrown while a layer is built: an argument does not fit the layer's input, or the weight that it is for. */
export class UnfitArgument extends Error {
  /** Name of the layer's argument. */
  readonly key: string;

  /** @param message a whole sentence for people. */
  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}
