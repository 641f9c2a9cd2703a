/** Random small affine changes of 28 × 28 pictures. */
import { coin, coinKey, coinRange } from "../../src/core/random.ts";
import type { Augment } from "./vision.ts";

const SIDE = 28;
/** Largest turn in radians, change of scale, shear, and shift as a part of the side. */
const MOST = { turn: (12 / 180) * Math.PI, scale: 0.12, shear: 0.15, shift: 0.1 };
const COINS = 5;

/**
 * Returns an augmentation by rotation, scale, shear and shift, each uniform between − and + its largest value;
 * bilinear, black outside. It depends on (seed, draw, row) and on nothing else.
 */
export function randomAffine(seed: number): Augment {
  let keyOf = { draw: -1, key: coinKey(seed, "affine", "") };
  return (out, { images }, row, draw) => {
    if (keyOf.draw !== draw) keyOf = { draw, key: coinKey(seed, "affine", String(draw)) };
    const [turn, scale, shear, dx, dy] = [0, 1, 2, 3, 4].map(
      (i) => (2 * coin(keyOf.key, row * COINS + i)) / coinRange - 1,
    ) as [number, number, number, number, number];
    const size = 1 + scale * MOST.scale;
    const cos = Math.cos(turn * MOST.turn) / size;
    const sin = Math.sin(turn * MOST.turn) / size;
    const slant = shear * MOST.shear;
    const shift = SIDE * MOST.shift;
    // Output pixel → place in the input, both measured from the middle.
    fillWarped(out, images.subarray(row * SIDE * SIDE, (row + 1) * SIDE * SIDE), {
      xx: cos,
      xy: cos * slant - sin,
      x: dx * shift,
      yx: sin,
      yy: sin * slant + cos,
      y: dy * shift,
    });
  };
}

interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x: number;
  readonly yx: number;
  readonly yy: number;
  readonly y: number;
}

function fillWarped(out: Float32Array, image: Uint8Array, a: Affine): void {
  const middle = (SIDE - 1) / 2;
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const u = column - middle;
      const v = row - middle;
      const x = a.xx * u + a.xy * v + a.x + middle;
      const y = a.yx * u + a.yy * v + a.y + middle;
      out[row * SIDE + column] = bilinear(image, x, y);
    }
  }
}

function bilinear(image: Uint8Array, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= SIDE || top >= SIDE) return 0;
  const right = x - left;
  const below = y - top;
  const upper = pixel(image, left, top) * (1 - right) + pixel(image, left + 1, top) * right;
  const lower = pixel(image, left, top + 1) * (1 - right) + pixel(image, left + 1, top + 1) * right;
  return upper * (1 - below) + lower * below;
}

function pixel(image: Uint8Array, x: number, y: number): number {
  return x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : (image[y * SIDE + x] ?? 0);
}
