/** SVG path through points given as 0…1 from the bottom left, in a box of 100 × 100; empty below two points. */
export function polyline(points: readonly (readonly [number, number])[]): string {
  if (points.length < 2) return "";
  return points
    .map(([x, y], i) => `${i === 0 ? "M" : "L"}${round(100 * x)} ${round(100 * (1 - y))}`)
    .join("");
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
