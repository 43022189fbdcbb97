/** Draws a picture of the documentation: curves in a frame, as an SVG image. */

export interface Curve {
  readonly label: string;
  /** Points from left to right, with both coordinates 0 … 1 within the frame and y upward. */
  readonly points: readonly (readonly [number, number])[];
  readonly strong?: true;
}

export interface Picture {
  readonly file: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
  /** Dashed level lines. */
  readonly levels?: readonly { readonly y: number; readonly label: string }[];
}

const [width, height, left, top, right, bottom] = [480, 200, 46, 14, 120, 30];
const x = (v: number): number => left + v * (width - left - right);
const y = (v: number): number => height - bottom - Math.min(1, Math.max(0, v)) * (height - top - bottom);
const fixed = (v: number): string => String(Number(v.toFixed(1)));

/**
 * Greys and a hue that are legible on white and on black, because an image in a page does not know the page's colours.
 */
const style =
  ".a{stroke:#808080;fill:none}.l{stroke:#808080;stroke-dasharray:4 3;fill:none}.c{stroke:#808080;stroke-width:1.5;fill:none}" +
  ".s{stroke:#d0602a;stroke-width:2;fill:none}text{font:11px sans-serif;fill:#808080}.t{fill:#d0602a}" +
  "@media(prefers-color-scheme:dark){.s{stroke:#f0884a}.t{fill:#f0884a}text{fill:#a0a0a0}}";

/** The image as text. */
export function svg(picture: Picture): string {
  const ends = picture.curves.map((c) => ({ c, at: y(c.points.at(-1)?.[1] ?? 0) }));
  const marks = [
    ...(picture.levels ?? []).map(
      (l) =>
        `<path class="l" d="M${left} ${fixed(y(l.y))}H${width - right}"/><text x="${left + 4}" y="${fixed(y(l.y) - 4)}">${l.label}</text>`,
    ),
    ...ends.map(({ c, at }) => {
      const d = c.points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${fixed(x(px))} ${fixed(y(py))}`).join("");
      const strong = c.strong === true;
      return `<path class="${strong ? "s" : "c"}" d="${d}"/><text${strong ? ' class="t"' : ""} x="${width - right + 6}" y="${fixed(at + 4)}">${c.label}</text>`;
    }),
  ];
  const middle = fixed((top + height - bottom) / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${picture.title}">`,
    `<style>${style}</style>`,
    `<path class="a" d="M${left} ${top}V${height - bottom}H${width - right}"/>`,
    `<text x="${fixed((left + width - right) / 2)}" y="${height - 10}" text-anchor="middle">${picture.x} →</text>`,
    `<text transform="translate(16 ${middle}) rotate(-90)" text-anchor="middle">${picture.y}</text>`,
    ...marks,
    "</svg>",
    "",
  ].join("\n");
}
