/** Pictures of any size inside a box: where they go, and what is around them. */

/** Whole pixels; inside its box. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Returns where a picture goes that fills a box without being stretched, in the middle. */
export function letterbox(width: number, height: number, boxWidth: number, boxHeight: number): Rect {
  const scale = Math.min(boxWidth / width, boxHeight / height);
  const inner = {
    width: Math.min(boxWidth, Math.max(1, Math.round(width * scale))),
    height: Math.min(boxHeight, Math.max(1, Math.round(height * scale))),
  };
  return {
    ...inner,
    x: Math.floor((boxWidth - inner.width) / 2),
    y: Math.floor((boxHeight - inner.height) / 2),
  };
}

/** Returns the positions (row-major in a box so many wide) of a rectangle's outermost pixels. */
export function edgeOf({ x, y, width, height }: Rect, boxWidth: number): readonly number[] {
  const positions: number[] = [];
  for (let row = y; row < y + height; row++) {
    const isEnd = row === y || row === y + height - 1;
    const step = isEnd ? 1 : Math.max(1, width - 1);
    for (let column = x; column < x + width; column += step) positions.push(row * boxWidth + column);
  }
  return positions;
}

/** Alpha from which on a pixel hides what is behind it: what compression leaves of 255. */
const OPAQUE = 250;

/**
 * Fills what is transparent of RGBA pixels (in place) with one colour. A picture whose edge is opaque goes on in its
 * edge's mean colour; one that is drawn on nothing gets white behind what is dark, and black behind what is light.
 *
 * @param rect where the picture is; around it everything is transparent
 */
export function fillBackground(rgba: Uint8Array | Uint8ClampedArray, boxWidth: number, rect: Rect): void {
  const behind = backgroundOf(rgba, edgeOf(rect, boxWidth));
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3] / 255;
    if (alpha === 1) continue;
    for (let c = 0; c < 3; c++) rgba[i + c] = Math.round(alpha * rgba[i + c] + (1 - alpha) * behind[c]);
    rgba[i + 3] = 255;
  }
}

function backgroundOf(
  rgba: Uint8Array | Uint8ClampedArray,
  edge: readonly number[],
): readonly [number, number, number] {
  if (edge.every((at) => rgba[4 * at + 3] >= OPAQUE)) {
    const mean = (c: number) => edge.reduce((sum, at) => sum + rgba[4 * at + c], 0) / edge.length;
    return [mean(0), mean(1), mean(2)];
  }
  let light = 0;
  let ink = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    light += rgba[i + 3] * grey(rgba[i], rgba[i + 1], rgba[i + 2]);
    ink += rgba[i + 3];
  }
  const level = light < 127.5 * ink ? 255 : 0;
  return [level, level, level];
}

/** Brightness of a colour, 0…255: ITU-R BT.601, as Pillow's convert("L"). */
export function grey(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
