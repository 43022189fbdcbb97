/**
 * Colour maps as tables of 256 packed pixels (little-endian RGBA, as an ImageData's Uint32 view holds them). Equal
 * differences of a value are equal differences of lightness in OKLab, so that lightness alone, which every reader sees,
 * orders the values.
 */

import { type Lab, shownRgb } from "./oklab.ts";

export interface ColourMap {
  /** 256 pixels. */
  readonly pixels: Uint32Array;
  /** CSS colour at 0 … 1. */
  css(at: number): string;
}

/** @param colour at 0 … 1 */
function build(colour: (at: number) => Lab): ColourMap {
  const pixels = Uint32Array.from({ length: 256 }, (_, i) => {
    const [r, g, b] = shownRgb(colour(i / 255)).map((v) => Math.round(255 * Math.min(1, Math.max(0, v))));
    return ((255 << 24) | (b! << 16) | (g! << 8) | r!) >>> 0;
  });
  return {
    pixels,
    css(at) {
      const p = pixels[Math.round(Math.min(Math.max(at, 0), 1) * 255)]!;
      return `rgb(${p & 255}, ${(p >> 8) & 255}, ${(p >> 16) & 255})`;
    },
  };
}

function between(from: number, to: number, at: number): number {
  return from + (to - from) * at;
}

/**
 * For magnitudes: dark blue is small, yellow large. The axis from blue to yellow is the one that readers with a red-green
 * deficiency tell apart, too; Cividis follows it (Nuñez, Anderton, Renslow, PLoS ONE 13(7), 2018).
 */
export const sequential = build((at) => [between(0.25, 0.93, at), between(-0.01, -0.03, at), between(-0.1, 0.16, at)]);

/** Hues of the two arms, as directions of a and b: the pair that differs most for all three kinds of dichromats. */
const blue = [-0.342, -0.94] as const;
const orange = [0.423, 0.906] as const;
const chroma = 0.15;

/** From the lightness of the centre to that of both ends. */
function divergingMap(centre: number, ends: number): ColourMap {
  return build((at) => {
    const away = Math.abs(2 * at - 1);
    const [a, b] = at < 0.5 ? blue : orange;
    const strength = chroma * Math.sin((Math.PI / 2) * away);
    return [between(centre, ends, away), strength * a, strength * b];
  });
}

const diverging = divergingMap(0.97, 0.45);
/** A bright centre would outshine the values that depart from it. */
const darkDiverging = divergingMap(0.27, 0.85);

/** For gains: blue shrinks, orange grows, and the background's own lightness means no change. */
export function divergingFor(dark: boolean): ColourMap {
  return dark ? darkDiverging : diverging;
}
