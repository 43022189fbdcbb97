/**
 * Colour maps as tables of 256 packed pixels (little-endian RGBA, as an ImageData's Uint32 view holds them),
 * interpolated in sRGB between published control points.
 */

/**
 * Cividis at ten equal distances. Nuñez, Anderton, Renslow, "Optimizing colormaps with consideration for color vision
 * deficiency to enable accurate interpretation of scientific data", PLoS ONE 13(7), 2018, e0199239.
 */
const cividisPoints = [
  "#00204d",
  "#00336f",
  "#39486b",
  "#575c6d",
  "#707173",
  "#8a8779",
  "#a69d75",
  "#c4b56c",
  "#e4cf5b",
  "#ffea46",
];

/**
 * ColorBrewer's diverging scheme PuOr with eleven classes, reversed: purple below the centre, orange above, safe for
 * colour-blind readers. Harrower, Brewer, "ColorBrewer.org", The Cartographic Journal 40(1), 2003.
 */
const purpleOrangePoints = [
  "#2d004b",
  "#542788",
  "#8073ac",
  "#b2abd2",
  "#d8daeb",
  "#f7f7f7",
  "#fee0b6",
  "#fdb863",
  "#e08214",
  "#b35806",
  "#7f3b08",
];

/** The same hues inverted for dark themes: a bright centre would outshine the values that depart from it. */
const darkPurpleOrangePoints = [
  "#d8daeb",
  "#b2abd2",
  "#8073ac",
  "#542788",
  "#262626",
  "#7f3b08",
  "#b35806",
  "#fdb863",
  "#fee0b6",
];

type Rgb = readonly [number, number, number];
export interface ColourMap {
  /** 256 pixels. */
  readonly pixels: Uint32Array;
  /** CSS colour at 0 … 1. */
  css(at: number): string;
}

function parseHex(hex: string): Rgb {
  const n = Number.parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

function build(points: readonly string[]): ColourMap {
  const rgb = points.map(parseHex);
  const pixels = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const position = (i / 255) * (rgb.length - 1);
    const k = Math.min(Math.floor(position), rgb.length - 2);
    const f = position - k;
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(rgb[k]![c]! * (1 - f) + rgb[k + 1]![c]! * f));
    pixels[i] = ((255 << 24) | (b! << 16) | (g! << 8) | r!) >>> 0;
  }
  return {
    pixels,
    css(at) {
      const p = pixels[Math.round(Math.min(Math.max(at, 0), 1) * 255)]!;
      return `rgb(${p & 255}, ${(p >> 8) & 255}, ${(p >> 16) & 255})`;
    },
  };
}

/** For magnitudes: dark blue is small, yellow large. */
export const sequential = build(cividisPoints);
const diverging = build(purpleOrangePoints);
const darkDiverging = build(darkPurpleOrangePoints);

/** For gains: purple shrinks, orange grows, and the background's own lightness means no change. */
export function divergingFor(dark: boolean): ColourMap {
  return dark ? darkDiverging : diverging;
}
