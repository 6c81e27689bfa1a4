// Draws a heatmap: how dense the clicks are around a point becomes a colour.
import type { Report } from "./api";
import { colours } from "./chart";

const HEIGHT_LEAST = 60; // in percent of the width, as the cells are
const HEIGHT_MOST = 2000; // of the picture; what lies deeper is in the table
const PIXELS_MOST = 16_000; // what a canvas may have on a side
const SPOT = 2.6; // how far a cell's clicks are seen, in cells
const CELLS = 100; // to the width
const POINTS = 4;
// From few to many; lightness alone tells them apart, whatever colours somebody sees.
const LIGHT: Colour[] = [[254, 217, 118], [253, 141, 60], [227, 26, 28], [90, 0, 40]];
const DARK: Colour[] = [[68, 20, 120], [170, 45, 110], [237, 105, 37], [252, 250, 165]];

type Colour = [number, number, number];

export function heightOf({ rows }: Report): number {
  const deepest = Math.max(...rows.map((row) => Number(row.y)), 0);
  return Math.min(Math.max(deepest + 3 * SPOT, HEIGHT_LEAST), HEIGHT_MOST);
}

function colourAt(ramp: Colour[], share: number): Colour {
  const place = share * (ramp.length - 1);
  const at = Math.min(Math.floor(place), ramp.length - 2);
  return ramp[at]!.map((from, channel) => from + (ramp[at + 1]![channel]! - from) * (place - at)) as Colour;
}

// How dense clicks are around each point of a raster of POINTS to a cell: every cell gives to what is near it, less with distance.
function raster({ rows }: Report, wide: number, high: number): Float32Array {
  const made = new Float32Array(wide * high);
  const reach = Math.ceil(SPOT * POINTS);
  for (const row of rows) {
    const [left, top] = [Number(row.x) * POINTS, Number(row.y) * POINTS];
    for (let y = Math.max(Math.ceil(top - reach), 0); y <= Math.min(top + reach, high - 1); y++)
      for (let x = Math.max(Math.ceil(left - reach), 0); x <= Math.min(left + reach, wide - 1); x++) {
        const near = Math.max(1 - Math.hypot(x - left, y - top) / reach, 0);
        made[y * wide + x]! += Number(row.clicks) * near * near;
      }
  }
  return made;
}

function picture(report: Report, wide: number, high: number, isDark: boolean): HTMLCanvasElement {
  const dense = raster(report, wide, high);
  const most = dense.reduce((one, other) => Math.max(one, other), 0);
  const image = new ImageData(wide, high);
  dense.forEach((value, at) => {
    if (value === 0)
      return;
    // The root lets places with few clicks be seen next to one with very many.
    const share = Math.sqrt(value / most);
    image.data.set([...colourAt(isDark ? DARK : LIGHT, share), Math.min(share * 900, 240)], 4 * at);
  });
  const made = document.createElement("canvas");
  [made.width, made.height] = [wide, high];
  made.getContext("2d")!.putImageData(image, 0, 0);
  return made;
}

// `width` and `height` in CSS pixels.
export function heatDraw(canvas: HTMLCanvasElement, report: Report, width: number, height: number): void {
  if (width === 0)
    return;
  const scale = Math.min(devicePixelRatio, PIXELS_MOST / height);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d")!;
  const paint = colours();
  context.fillStyle = paint.panel;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = paint.line;
  for (let y = canvas.width; y < canvas.height; y += canvas.width)
    context.fillRect(0, y, canvas.width, Math.max(scale, 1));
  const wide = CELLS * POINTS;
  const made = picture(report, wide, Math.ceil(height / width * wide), matchMedia("(prefers-color-scheme: dark)").matches);
  context.drawImage(made, 0, 0, canvas.width, made.height / wide * canvas.width);
}
