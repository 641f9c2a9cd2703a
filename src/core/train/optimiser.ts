/**
 * Optimisers over one flat vector. State is f32 and plain; arithmetic is f64, rounded when it is stored.
 *
 * With a mask (0 or 1 per parameter) only ones move: the decay and the update are masked, the moments are not
 * (AdaptW; source: TaLoS, arXiv:2504.02620, optimizers.py of github.com/iurada/talos-task-arithmetic).
 */

export interface OptimiserOptions {
  /** "adamw": Adam with decoupled decay (arXiv:1711.05101); "adam" and "sgd" add the decay to the gradient. */
  readonly optimiser: "adamw" | "adam" | "sgd";
  readonly weightDecay: number;
  /** Of "sgd". */
  readonly momentum: number;
  /** Of "adam" and "adamw". */
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** What an optimiser remembers; plain, to be stored and given back. */
export interface OptimiserState {
  /** Updates made. */
  readonly updates: number;
  /** Moments by name, one value per parameter. */
  readonly moments: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
}

export interface Optimiser {
  /** Changes params in place; the gradient is left as it is. */
  update(params: Float32Array, gradient: Float32Array, learningRate: number, mask?: Uint8Array): void;
  /** Returns a copy. */
  state(): OptimiserState;
}

/**
 * Returns an optimiser for so many parameters, new or as it was.
 *
 * @throws Error when the state is another optimiser's
 */
export function createOptimiser(options: OptimiserOptions, size: number, from?: OptimiserState): Optimiser {
  const names = options.optimiser === "sgd" ? ["velocity"] : ["first", "second"];
  const moments: Record<string, Float32Array<ArrayBuffer>> = {};
  for (const name of names) moments[name] = restored(name, size, from);
  let updates = from?.updates ?? 0;
  const everything = new Uint8Array(size).fill(1);
  return {
    update(params, gradient, learningRate, mask = everything) {
      updates++;
      const { first, second, velocity } = moments;
      if (options.optimiser === "sgd") sgd(params, gradient, velocity, learningRate, options, mask);
      else adam(params, gradient, first, second, { ...options, learningRate, updates }, mask);
    },
    state: () => ({
      updates,
      moments: Object.fromEntries(names.map((name) => [name, moments[name].slice()])),
    }),
  };
}

function restored(name: string, size: number, from: OptimiserState | undefined): Float32Array<ArrayBuffer> {
  if (!from) return new Float32Array(size);
  const stored = from.moments[name];
  if (stored?.length !== size) throw new Error(`the optimiser's state has no ${name} of ${size} values`);
  return stored.slice();
}

/** v ← μ · v + g; p ← p − lr · v. */
function sgd(
  params: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array,
  learningRate: number,
  { momentum, weightDecay }: OptimiserOptions,
  mask: Uint8Array,
): void {
  const n = params.length;
  for (let i = 0; i < n; i++) {
    const p = params[i];
    const v = momentum * velocity[i] + gradient[i] + weightDecay * p;
    velocity[i] = v;
    params[i] = mask[i] === 0 ? p : p - learningRate * v;
  }
}

interface AdamStep extends OptimiserOptions {
  readonly learningRate: number;
  /** This update among them: 1 for the first. */
  readonly updates: number;
}

/** p ← p · (1 − lr · wd) − lr / (1 − β1ᵗ) · m / (√v / √(1 − β2ᵗ) + ε). */
function adam(
  params: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  { optimiser, weightDecay, beta1, beta2, epsilon, learningRate, updates }: AdamStep,
  mask: Uint8Array,
): void {
  const coupled = optimiser === "adam" ? weightDecay : 0;
  const kept = optimiser === "adamw" ? 1 - learningRate * weightDecay : 1;
  const rate = learningRate / (1 - beta1 ** updates);
  const perRoot = 1 / Math.sqrt(1 - beta2 ** updates);
  const fresh1 = 1 - beta1;
  const fresh2 = 1 - beta2;
  const n = params.length;
  // A choice between values, not a branch around the update: half the time, also without a mask.
  for (let i = 0; i < n; i++) {
    const p = params[i];
    const g = gradient[i] + coupled * p;
    const m = beta1 * first[i] + fresh1 * g;
    const v = beta2 * second[i] + fresh2 * g * g;
    first[i] = m;
    second[i] = v;
    const moved = p * kept - (rate * m) / (Math.sqrt(v) * perRoot + epsilon);
    params[i] = mask[i] === 0 ? p : moved;
  }
}
