/** The part of gifenc that is used here; the package has no types. */
declare module "gifenc" {
  type Palette = number[][];

  interface FrameOptions {
    readonly palette?: Palette;
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
    /** Milliseconds. */
    readonly delay?: number;
    /** 1: what the frame leaves transparent stays as it was. */
    readonly dispose?: number;
  }

  const gifenc: {
    quantize(rgba: Uint8Array, colours: number, options?: { readonly format?: "rgb565" }): Palette;
    applyPalette(rgba: Uint8Array, palette: Palette, format?: "rgb565"): Uint8Array;
    GIFEncoder(): {
      writeFrame(index: Uint8Array, width: number, height: number, options?: FrameOptions): void;
      finish(): void;
      bytes(): Uint8Array;
    };
  };
  export default gifenc;
}
