/** Thrown while a layer is built: an argument that does not fit what enters the layer, or the weight it is for. */
export class UnfitArgument extends Error {
  /** The layer's argument it is. */
  readonly key: string;

  /** @param message for people, a whole sentence. */
  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}
