/** A long pass as the store holds it, of any state; for component tests. */
import type { Pass } from "#app/slices/pass.ts";
import { withPoints } from "#app/slices/traces.ts";
import { store } from "#app/store.ts";

const BLOCKS = 4;
const KINDS = [
  { name: "attn.qkv.weight", rows: 192, columns: 64 },
  { name: "mlp.fc1.weight", rows: 128, columns: 64 },
] as const;

/** @param k expert @param l layer */
const share = (k: number, l: number) => 0.25 + 0.12 * Math.sin(1 + k * 2.3 + l * 0.9);

function layer(l: number): NonNullable<Pass["layers"]>[number] {
  const { name, rows, columns } = KINDS[l % 2] ?? KINDS[0];
  return {
    name: `blocks.${l >> 1}.${name}`,
    rows,
    columns,
    rank: 10,
    energy: [0, 1, 2, 3].map((k) => share(k, l)),
    lambdas: [0, 1, 2, 3].map((k) => 0.3 + 0.02 * k),
  };
}

const small: NonNullable<Pass["layers"]>[number] = {
  name: "head.weight",
  rows: 4,
  columns: 64,
  rank: 0,
  energy: [0, 0, 0, 0],
  lambdas: [0.3, 0.3, 0.3, 0.3],
};

/** A pass of four experts and nine layers that has taken so many steps. */
export function fixturePass(patch: Partial<Pass> = {}): Pass {
  const { step = 120 } = patch;
  const points = Array.from({ length: step }, (_, at) => ({
    curve: "loss" as const,
    at,
    value: 3.1 + 2 * Math.exp(-at / 60),
  }));
  return {
    key: "pass",
    state: "running",
    steps: 400,
    step,
    layers: [...Array.from({ length: 2 * BLOCKS }, (_, l) => layer(l)), small],
    made: undefined,
    curves: withPoints({}, points),
    bytes: 41.2e6,
    progress: undefined,
    firstProgress: undefined,
    failure: undefined,
    ...patch,
  };
}

/** Makes it the pass of the recipe on screen. */
export function showPass(pass: Pass): void {
  store.setState({ passes: [pass], passKey: pass.key });
}
