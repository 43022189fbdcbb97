/** Canvases that are never shown. */

export type Surface = OffscreenCanvas | HTMLCanvasElement;
export type SurfaceContext = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** An off-screen canvas if the browser supports them, else an ordinary one outside the page. */
export function surface(width: number, height: number): Surface {
  if (typeof OffscreenCanvas !== "undefined") return new OffscreenCanvas(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

export function contextOf(canvas: Surface): SurfaceContext | null {
  return canvas instanceof HTMLCanvasElement ? canvas.getContext("2d") : canvas.getContext("2d");
}
