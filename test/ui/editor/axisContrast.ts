import type { Page } from "playwright-core";
import { onChart } from "../../../tools/vscode/exampleInVsCode.ts";

/** Contrast, as WCAG defines it, of the strongest pixel among the axis labels of the loss against the page's background. */
export function axisContrast(page: Page): Promise<number> {
  return onChart(page, "editor", "loss", (element) => {
    if (!(element instanceof HTMLCanvasElement)) return 0;
    const luminance = (rgb: readonly number[]) => {
      const [r = 0, g = 0, b = 0] = rgb.map((v) => (v <= 10 ? v / 3294 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const swatch = document.createElement("canvas").getContext("2d");
    const context = element.getContext("2d");
    if (!swatch || !context) return 0;
    swatch.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--vscode-editor-background");
    swatch.fillRect(0, 0, 1, 1);
    const behind = [...swatch.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    const background = luminance(behind);
    // The labels of the vertical axis are in the leftmost 40 pixels.
    const { data } = context.getImageData(0, 0, 40 * devicePixelRatio, element.height);
    let strongest = 1;
    for (let i = 0; i < data.length; i += 4) {
      const alpha = (data[i + 3] ?? 0) / 255;
      const ink = luminance(behind.map((under, c) => alpha * (data[i + c] ?? 0) + (1 - alpha) * under));
      const ratio = (Math.max(ink, background) + 0.05) / (Math.min(ink, background) + 0.05);
      strongest = Math.max(strongest, ratio);
    }
    return strongest;
  });
}
