/** How arrays pass through the module's memory: in tiles that stay in the processor's caches. */
import { areaOf, type KernelModule } from "./module.ts";

/** Values per tile. */
const TILE = 65_536;
/** All inputs of a tile together: most of a second-level cache of 1 MB. */
const INPUTS = 196_608;
/** From this many values on, arrays come from and go to memory. */
const LONG = 1_048_576;
/** Results of long arrays that leave at once: C libraries write a megabyte a third faster than smaller parts. */
const WINDOW = 262_144;
/** Values per partial sum, as core/tensor/kernels.ts lays down. */
const CHUNK = 65_536;
/** Partial sums of a chunk. */
const SUMS = 4;

/** Where a tile stands: addresses. */
interface Tile {
  /** Where the results go. */
  readonly out: number;
  /** The first input; the others follow, each `stride` bytes behind the last. */
  readonly rows: number;
  readonly stride: number;
  /** The given lists of numbers, as f32. */
  readonly lists: readonly number[];
}

/** Runs `work` on tiles of the inputs, from the entry `begin` on, and fills `out`, if any, with what it leaves there. */
export function overTiles(
  module: KernelModule,
  out: Float32Array | undefined,
  inputs: readonly Float32Array[],
  work: (tile: Tile, n: number, begin: number) => void,
  lists: readonly (readonly number[])[] = [],
): void {
  const { length } = inputs[0];
  const size = Math.max(1024, Math.min(TILE, (INPUTS / inputs.length) & ~1023));
  const window = out && length >= LONG ? Math.ceil(WINDOW / size) * size : size;
  const stride = areaOf(size * 4);
  const areas = module.areas(...lists.map((list) => list.length * 4), window * 4, stride * inputs.length);
  const [results, rows] = areas.slice(lists.length);
  lists.forEach((list, i) => {
    module.floats(areas[i], list.length).set(list);
  });
  for (let open = 0; open < length; open += window) {
    const end = Math.min(open + window, length);
    for (let begin = open; begin < end; begin += size) {
      const n = Math.min(size, end - begin);
      inputs.forEach((input, k) => {
        module.put(input, begin, begin + n, rows + k * stride);
      });
      work({ out: results + (begin - open) * 4, rows, stride, lists: areas }, n, begin);
    }
    if (out) module.take(out, open, end - open, results);
  }
}

/** Sums over one chunk: what `add` makes of four partial sums at an address. */
type ChunkSum = (add: (sums: number) => void) => number;

/** Runs `work` on the chunks of the inputs, which stand at `areas`, the entries up to the next multiple of four zeroed. */
export function overChunks(
  module: KernelModule,
  inputs: readonly Float32Array[],
  work: (areas: readonly number[], n: number, begin: number, sum: ChunkSum) => void,
): void {
  const length = inputs[0]?.length ?? 0;
  const size = Math.min(CHUNK, length);
  const [sums, ...areas] = module.areas(SUMS * 8, ...inputs.map(() => size * 4));
  const sum: ChunkSum = (add) => {
    const parts = module.doubles(sums, SUMS);
    parts.fill(0);
    add(sums);
    return parts[0] + parts[1] + (parts[2] + parts[3]);
  };
  for (let begin = 0; begin < length; begin += CHUNK) {
    const n = Math.min(CHUNK, length - begin);
    inputs.forEach((input, k) => {
      module.put(input, begin, begin + n, areas[k]);
      if (n % 4 !== 0) module.floats(areas[k] + n * 4, 4 - (n % 4)).fill(0);
    });
    work(areas, n, begin, sum);
  }
}
