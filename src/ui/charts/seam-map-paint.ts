/** Draws the seam map. Rows go through one-pixel-high images, so that thousands of cells cost what the pixels cost. */
import type { SeamColumns, SeamValues } from "./seam-map-model.ts";

/** CSS colours, resolved. */
export interface SeamColours {
  /** Ends of the lightness scale. */
  readonly low: string;
  readonly high: string;
  readonly gold: string;
  readonly hatch: string;
}

/** CSS pixels. */
export interface SeamGeometry {
  readonly width: number;
  readonly rowHeight: number;
  readonly rowGap: number;
}

/** Height of the band under the rows that marks selected columns, with the space above it. */
const BAND = 3;
const BAND_GAP = 3;
/** Height of the tick of what was set by hand, and the column width from which cells are told apart by a gap. */
const TICK = 2.5;
const SEPARATED = 4;
const SHADES = 256;

export function seamHeight(rows: number, { rowHeight, rowGap }: SeamGeometry): number {
  return rows * rowHeight + (rows - 1) * rowGap + BAND_GAP + BAND;
}

interface Surface {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

export interface SeamPicture {
  readonly map: SeamValues;
  readonly columns: SeamColumns;
  readonly geometry: SeamGeometry;
  readonly colours: SeamColours;
  /** By column: 1 where the tensor is selected. */
  readonly selected: Uint8Array;
}

/** A painter with its own scratch memory; one per map on the page. */
export function createSeamPainter() {
  let scratch: Surface | undefined;
  let shades: { readonly key: string; readonly table: Uint32Array } | undefined;

  function shadesOf({ low, high }: SeamColours): Uint32Array {
    const key = `${low} ${high}`;
    if (shades?.key === key) return shades.table;
    shades = { key, table: ramp(low, high) };
    return shades.table;
  }

  return (canvas: HTMLCanvasElement, picture: SeamPicture, ratio: number): void => {
    const context = canvas.getContext("2d");
    if (!context) return;
    const { map, geometry } = picture;
    const width = Math.round(geometry.width * ratio);
    const height = Math.round(seamHeight(map.rows, geometry) * ratio);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    else context.clearRect(0, 0, width, height);
    if (width === 0 || map.columns === 0) return;

    scratch ??= createSurface(1, 1);
    if (!scratch) return;
    const spans = pixelSpans(picture.columns, ratio, width);
    paintRows(context, scratch, picture, shadesOf(picture.colours), spans, ratio);
    paintHatch(context, picture, spans, ratio);
    paintBand(context, picture, spans, ratio);
  };
}

/** First pixel of every column and the one after its last; at least one pixel each. */
interface Spans {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

function pixelSpans({ lefts, cell }: SeamColumns, ratio: number, width: number): Spans {
  const from = new Int32Array(lefts.length);
  const to = new Int32Array(lefts.length);
  const gap = cell >= SEPARATED ? Math.round(ratio) : 0;
  lefts.forEach((left, i) => {
    const start = Math.min(width - 1, Math.round(left * ratio));
    from[i] = start;
    to[i] = Math.min(width, Math.max(start + 1, Math.round((left + cell) * ratio) - gap));
  });
  return { from, to };
}

function paintRows(
  context: CanvasRenderingContext2D,
  scratch: Surface,
  { map, geometry, colours }: SeamPicture,
  table: Uint32Array,
  spans: Spans,
  ratio: number,
): void {
  const { width } = context.canvas;
  if (scratch.canvas.width !== width || scratch.canvas.height !== map.rows) {
    Object.assign(scratch.canvas, { width, height: map.rows });
  }
  const image = scratch.context.createImageData(width, map.rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < map.rows; row++) fillPixels(pixels, map, row, table, spans, width);
  scratch.context.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  for (let row = 0; row < map.rows; row++) {
    const [top, height] = rowBox(row, geometry, ratio);
    context.drawImage(scratch.canvas, 0, row, width, 1, 0, top, width, height);
    paintTicks(context, map, row, spans, top + height, Math.max(2, Math.round(TICK * ratio)), colours.gold);
  }
}

/** Mean of the columns that share a pixel, as a shade. */
function fillPixels(
  pixels: Uint32Array,
  { values, columns, low, high }: SeamValues,
  row: number,
  table: Uint32Array,
  { from, to }: Spans,
  width: number,
): void {
  const sums = new Float32Array(width);
  const counts = new Uint16Array(width);
  for (let i = 0; i < columns; i++) {
    const value = values[row * columns + i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const end = to[i] ?? 0;
    for (let x = from[i] ?? 0; x < end; x++) {
      sums[x] = (sums[x] ?? 0) + value;
      counts[x] = (counts[x] ?? 0) + 1;
    }
  }
  const scale = (SHADES - 1) / (high - low);
  for (let x = 0; x < width; x++) {
    const count = counts[x] ?? 0;
    if (count === 0) continue;
    const shade = Math.round(((sums[x] ?? 0) / count - low) * scale);
    pixels[row * width + x] = table[Math.min(SHADES - 1, Math.max(0, shade))] ?? 0;
  }
}

function paintTicks(
  context: CanvasRenderingContext2D,
  { byHand, columns }: SeamValues,
  row: number,
  { from, to }: Spans,
  bottom: number,
  height: number,
  colour: string,
): void {
  context.fillStyle = colour;
  context.beginPath();
  for (let i = 0; i < columns; i++) {
    if (!byHand[row * columns + i]) continue;
    const x = from[i] ?? 0;
    context.rect(x, bottom - height, (to[i] ?? x) - x, height);
  }
  context.fill();
}

function paintHatch(
  context: CanvasRenderingContext2D,
  { map, geometry, colours }: SeamPicture,
  { from, to }: Spans,
  ratio: number,
): void {
  if (!map.fromBase.includes(1)) return;
  const pattern = hatch(context, colours, ratio);
  if (!pattern) return;
  const [top, height] = rowBox(map.rows - 1, geometry, ratio);
  context.fillStyle = pattern;
  for (let i = 0; i < map.columns; i++) {
    if (!map.fromBase[i]) continue;
    const x = from[i] ?? 0;
    context.fillRect(x, 0, (to[i] ?? x) - x, top + height);
  }
}

function paintBand(
  context: CanvasRenderingContext2D,
  { map, geometry, colours, selected }: SeamPicture,
  { from, to }: Spans,
  ratio: number,
): void {
  const height = Math.round(BAND * ratio);
  const top = Math.round(seamHeight(map.rows, geometry) * ratio) - height;
  context.fillStyle = colours.gold;
  for (let i = 0; i < map.columns; i++) {
    if (!selected[i]) continue;
    const x = from[i] ?? 0;
    context.fillRect(x, top, (to[i] ?? x) - x, height);
  }
}

function rowBox(row: number, { rowHeight, rowGap }: SeamGeometry, ratio: number): readonly [number, number] {
  const top = Math.round(row * (rowHeight + rowGap) * ratio);
  return [top, Math.round(rowHeight * ratio)];
}

/** Diagonal lines on the empty end of the scale. */
function hatch(context: CanvasRenderingContext2D, colours: SeamColours, ratio: number): CanvasPattern | null {
  const side = Math.max(4, Math.round(5 * ratio));
  const tile = createSurface(side, side);
  if (!tile) return null;
  tile.context.fillStyle = colours.low;
  tile.context.fillRect(0, 0, side, side);
  tile.context.strokeStyle = colours.hatch;
  tile.context.lineWidth = Math.max(1, ratio);
  tile.context.beginPath();
  for (const shift of [-side, 0, side]) {
    tile.context.moveTo(shift - 1, side + 1);
    tile.context.lineTo(shift + side + 1, -1);
  }
  tile.context.stroke();
  return context.createPattern(tile.canvas, "repeat");
}

/** 256 pixels from one colour to another, as the canvas stores them. */
function ramp(low: string, high: string): Uint32Array {
  const surface = createSurface(SHADES, 1);
  if (!surface) return new Uint32Array(SHADES);
  const gradient = surface.context.createLinearGradient(0, 0, SHADES, 0);
  gradient.addColorStop(0, low);
  gradient.addColorStop(1, high);
  surface.context.fillStyle = gradient;
  surface.context.fillRect(0, 0, SHADES, 1);
  return new Uint32Array(surface.context.getImageData(0, 0, SHADES, 1).data.buffer);
}

function createSurface(width: number, height: number): Surface | undefined {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return context ? { canvas, context } : undefined;
}
