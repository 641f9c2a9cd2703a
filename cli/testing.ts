/** What the command's tests share: a folder with small models, and a terminal that listens. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeSafetensors } from "#core/formats/safetensors-write.ts";
import type { ExitCode } from "./exit.ts";
import { run } from "./run.ts";

export interface Heard {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a process would. */
export function command(...args: readonly string[]): Promise<Heard> {
  return commandUntil(() => false, ...args);
}

/** The same, stopped as by Ctrl-C at the first line of progress for which this holds. */
export async function commandUntil(
  isEnough: (line: string) => boolean,
  ...args: readonly string[]
): Promise<Heard> {
  const stop = new AbortController();
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    print: (line: string) => void out.push(line),
    say: (line: string) => void err.push(line),
    progress(line: string) {
      if (isEnough(line)) stop.abort();
    },
  };
  const code = await run(args, terminal, stop.signal);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** f32 tensors by name. */
export type Tensors = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: Float32Array<ArrayBuffer> }>
>;

/** A safetensors file in memory. */
export async function safetensorsBytes(tensors: Tensors): Promise<Uint8Array<ArrayBuffer>> {
  const specs = Object.entries(tensors).map(([name, { shape }]) => ({ name, dtype: "f32" as const, shape }));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const bytesOf = (name: string) => new Uint8Array(tensors[name]?.values.buffer ?? new ArrayBuffer(0));
  for await (const piece of writeSafetensors(specs, new Map(), ({ name }) => bytesOf(name)))
    pieces.push(piece);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** A temporary folder; `using` is not in Node 20, so tests remove it themselves. */
export async function folder(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ readonly path: (name: string) => string; readonly remove: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), "kintsugi-test-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return { path: (name) => join(root, name), remove: () => rm(root, { recursive: true }) };
}

/** Values around zero from a seed. */
export function noise(n: number, seed: number): Float32Array<ArrayBuffer> {
  let state = (seed * 2654435761) >>> 0;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return (state / 2 ** 32 - 0.5) / 4;
  });
}

/** A small network of that seed: two matrices and a norm. */
export function network(seed: number): Tensors {
  return {
    "layers.0.mlp.weight": { shape: [24, 16], values: noise(24 * 16, seed) },
    "layers.1.mlp.weight": { shape: [24, 16], values: noise(24 * 16, seed + 100) },
    "norm.weight": { shape: [16], values: noise(16, seed + 200) },
  };
}
