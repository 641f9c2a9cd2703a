/** Gradient clipping by the norm of all parameters together. */
import { dot } from "./sums.ts";

/** Keeps the quotient finite for a zero gradient, as PyTorch's clip_grad_norm_ does. */
const TINY = 1e-6;

/** Scales the gradient down to at most `limit` (0 = no limit), in place; returns its norm before. */
export function clipNorm(gradient: Float32Array, limit: number): number {
  const norm = Math.sqrt(dot(gradient, gradient));
  const scale = limit / (norm + TINY);
  if (limit > 0 && scale < 1) for (let i = 0; i < gradient.length; i++) gradient[i] *= scale;
  return norm;
}
