/** Whether pictures are light on dark or dark on light, told by their borders. */
import { edgeOf } from "./letterbox.ts";

/** How much nearer to the others the inverted pictures must be, in brightness. */
const CLEARLY = 0.2;

/** Returns the mean brightness, 0…1, of the outermost pixels; NaN without pictures. @param images u8, (n × channels × height × width) */
export function borderBrightness(
  images: Uint8Array,
  [, height, width]: readonly [channels: number, height: number, width: number],
): number {
  const plane = height * width;
  const edge = edgeOf({ x: 0, y: 0, width, height }, width);
  let sum = 0;
  for (let begin = 0; begin < images.length; begin += plane) {
    for (const at of edge) sum += images[begin + at];
  }
  return sum / (255 * edge.length * (images.length / plane));
}

/** Tells whether pictures of this border would be clearly more like the others if they were inverted. */
export function suggestsInversion(border: number, others: number): boolean {
  return Math.abs(border - others) - Math.abs(1 - border - others) > CLEARLY;
}
