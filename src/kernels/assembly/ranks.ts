/** Ranks of magnitudes within a row, by a radix sort of keys and their places. */

/**
 * ranks[i] = how many of the row's n magnitudes come before |x[i]| in ascending order; of equal ones the one with the
 * higher index comes first, so that the lower index ranks higher, as everywhere.
 *
 * @param ranks n u16; n ≤ 65,536
 * @param room 4 · n i32 and 256 more
 */
export function ranks(ranks: usize, x: usize, n: i32, room: usize): void {
  const size = <usize>n << 2;
  const counts = room + (size << 2);
  let keys = room;
  let places = room + size;
  let nextKeys = places + size;
  let nextPlaces = nextKeys + size;
  for (let i: i32 = 0; i < n; i++) {
    const from = n - 1 - i;
    i32.store(keys + (<usize>i << 2), i32.load(x + (<usize>from << 2)) & 0x7fffffff);
    i32.store(places + (<usize>i << 2), from);
  }
  for (let shift: i32 = 0; shift < 32; shift += 8) {
    if (!spread(keys, places, nextKeys, nextPlaces, n, shift, counts)) continue;
    const k = keys;
    const p = places;
    keys = nextKeys;
    places = nextPlaces;
    nextKeys = k;
    nextPlaces = p;
  }
  for (let i: i32 = 0; i < n; i++) {
    store<u16>(ranks + (<usize>i32.load(places + (<usize>i << 2)) << 1), <u16>i);
  }
}

/** One pass of the sort by one byte of the keys; returns false, and moves nothing, where all have the same. */
function spread(
  keys: usize,
  places: usize,
  toKeys: usize,
  toPlaces: usize,
  n: i32,
  shift: i32,
  counts: usize,
): bool {
  memory.fill(counts, 0, 256 * 4);
  const size = <usize>n << 2;
  for (let i: usize = 0; i < size; i += 4) {
    const at = counts + (((i32.load(keys + i) >>> shift) & 255) << 2);
    i32.store(at, i32.load(at) + 1);
  }
  const first = counts + (((i32.load(keys) >>> shift) & 255) << 2);
  if (i32.load(first) == n) return false;
  let begin: i32 = 0;
  for (let at = counts, end = counts + 256 * 4; at < end; at += 4) {
    const count = i32.load(at);
    i32.store(at, begin);
    begin += count;
  }
  for (let i: usize = 0; i < size; i += 4) {
    const key = i32.load(keys + i);
    const at = counts + (((key >>> shift) & 255) << 2);
    const to = i32.load(at);
    i32.store(at, to + 1);
    i32.store(toKeys + (<usize>to << 2), key);
    i32.store(toPlaces + (<usize>to << 2), i32.load(places + i));
  }
  return true;
}
