/** Rounds a density to the six decimals that a recipe stores (0…1); −0 becomes 0. */
export function storedDensity(density: number): number {
  return Math.round(Math.min(1, Math.max(0, density)) * 1e6) / 1e6 + 0;
}
