/** Films a page of the workbench: pictures with the times for which they are shown, as an animated GIF. */

import gifenc from "gifenc";
import type { Page } from "playwright-core";

// Node finds no named exports in its CommonJS file.
const { applyPalette, GIFEncoder, quantize } = gifenc;

export interface Picture {
  readonly png: Buffer;
  /** Milliseconds for which it is shown. */
  readonly shown: number;
}

interface Pixels {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** One colour of the palette's 256 means that a pixel stays as it was. */
const colours = 255;
/** Every so many pixels count for the palette. */
const sampled = 7;

/** @param page an empty page, whose canvas decodes the pictures. */
export async function gifOf(page: Page, pictures: readonly Picture[]): Promise<Uint8Array> {
  const frames: (Pixels & { readonly shown: number })[] = [];
  for (const { png, shown } of pictures) frames.push({ ...(await decoded(page, png)), shown });
  const palette = quantize(samplesOf(frames), colours, { format: "rgb565" });
  while (palette.length < colours) palette.push([0, 0, 0]);
  const transparent = palette.length;
  palette.push([0, 0, 0]);
  const gif = GIFEncoder();
  let before: Uint8Array | null = null;
  for (const { rgba, width, height, shown } of frames) {
    const index = applyPalette(rgba, palette.slice(0, colours), "rgb565");
    const drawn: Uint8Array = before === null ? index : changed(before, index, transparent);
    const options = { delay: shown, transparent: before !== null, transparentIndex: transparent, dispose: 1 };
    gif.writeFrame(drawn, width, height, before === null ? { ...options, palette } : options);
    before = index;
  }
  gif.finish();
  return gif.bytes();
}

/** The pixels that differ from those of the picture before; all others are transparent. */
function changed(before: Uint8Array, index: Uint8Array, transparent: number): Uint8Array {
  return index.map((colour, i) => (before[i] === colour ? transparent : colour));
}

/** Some pixels of every picture, so that all of them have one palette and what stays the same needs no bytes. */
function samplesOf(frames: readonly Pixels[]): Uint8Array {
  const parts = frames.map(({ rgba }) => {
    const words = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.byteLength / 4);
    return words.filter((_, i) => i % sampled === 0);
  });
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    all.set(part, filled);
    filled += part.length;
  }
  return new Uint8Array(all.buffer);
}

async function decoded(page: Page, png: Buffer): Promise<Pixels> {
  const { base64, width, height } = await page.evaluate(
    async (source) => {
      const picture = await createImageBitmap(await (await fetch(source)).blob());
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext("2d");
      context?.drawImage(picture, 0, 0);
      const data = context?.getImageData(0, 0, picture.width, picture.height).data ?? new Uint8ClampedArray();
      let text = "";
      for (let at = 0; at < data.length; at += 32_768) text += String.fromCharCode(...data.subarray(at, at + 32_768));
      return { base64: btoa(text), width: picture.width, height: picture.height };
    },
    `data:image/png;base64,${png.toString("base64")}`,
  );
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  return { rgba: bytes, width, height };
}
