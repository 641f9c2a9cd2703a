/** Products of matrices. A matrix is an address and two strides (bytes from row to row and from column to column). */

/** Steps of a product's sums that are packed at a time: a panel of each factor then fits the first-level cache. */
const DEPTH: i32 = 384;
/** Rows of A that are packed at a time: they stay in the second-level cache. */
const HEIGHT: i32 = 64;

/**
 * out (m × n, row-major) = A (m × k) · B (k × n) in f32, each sum in the order of k.
 *
 * @param room 384 · (64 + 8) f32: rows of A, packed by fours, and columns of B, packed by eights
 */
export function matmul(
  out: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  m: i32,
  k: i32,
  n: i32,
  room: usize,
): void {
  const outRow = <usize>n << 2;
  const columns = room + (<usize>(DEPTH * HEIGHT) << 2);
  let r: i32 = 0;
  do {
    const depth = min(DEPTH, k - r);
    for (let i: i32 = 0; i < m; i += HEIGHT) {
      const height = min(HEIGHT, m - i);
      packRows(room, a + <usize>i * aRow + <usize>r * aColumn, aRow, aColumn, depth, height);
      for (let j: i32 = 0; j < n; j += 8) {
        const width = min(8, n - j);
        pack(columns, b + <usize>r * bRow + <usize>j * bColumn, bRow, bColumn, depth, width);
        const to = out + <usize>i * outRow + (<usize>j << 2);
        for (let p: i32 = 0; p < height; p += 4) {
          const panel = room + <usize>p * (<usize>depth << 2);
          block(to + <usize>p * outRow, outRow, panel, columns, depth, min(4, height - p), width, r > 0);
        }
      }
    }
    r += DEPTH;
  } while (r < k);
}

/** Panels of four rows: panel[r][i] = the entry of row i and column r; the last row again where there are no four. */
function packRows(room: usize, a: usize, aRow: usize, aColumn: usize, depth: i32, height: i32): void {
  for (let p: i32 = 0; p < height; p += 4, a += 4 * aRow) {
    const a1 = p + 1 < height ? a + aRow : a;
    const a2 = p + 2 < height ? a1 + aRow : a1;
    const a3 = p + 3 < height ? a2 + aRow : a2;
    for (let r: i32 = 0, at: usize = 0; r < depth; r++, at += aColumn, room += 16) {
      f32.store(room, f32.load(a + at));
      f32.store(room, f32.load(a1 + at), 4);
      f32.store(room, f32.load(a2 + at), 8);
      f32.store(room, f32.load(a3 + at), 12);
    }
  }
}

/** room[r][c] = the entry of row r, column c < width; 0 up to eight columns. */
function pack(room: usize, b: usize, bRow: usize, bColumn: usize, rows: i32, width: i32): void {
  if (width == 8 && bColumn == 4) {
    for (let r: i32 = 0; r < rows; r++, b += bRow, room += 32) {
      v128.store(room, v128.load(b));
      v128.store(room, v128.load(b, 16), 16);
    }
    return;
  }
  for (let r: i32 = 0; r < rows; r++, b += bRow, room += 32) {
    for (let c: i32 = 0; c < 8; c++) {
      f32.store(room + (<usize>c << 2), c < width ? f32.load(b + <usize>c * bColumn) : 0);
    }
  }
}

/** Four rows by eight columns of a product, or of its next steps (`goesOn`); only `height` × `width` is read and stored. */
function block(
  out: usize,
  outRow: usize,
  a: usize,
  b: usize,
  depth: i32,
  height: i32,
  width: i32,
  goesOn: bool,
): void {
  const out1 = height > 1 ? out + outRow : out;
  const out2 = height > 2 ? out1 + outRow : out1;
  const out3 = height > 3 ? out2 + outRow : out2;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  if (goesOn) {
    c00 = v128.load(out);
    c01 = v128.load(out, 16);
    c10 = v128.load(out1);
    c11 = v128.load(out1, 16);
    c20 = v128.load(out2);
    c21 = v128.load(out2, 16);
    c30 = v128.load(out3);
    c31 = v128.load(out3, 16);
  }
  for (const end = b + (<usize>depth << 5); b != end; a += 16, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
  }
  put(out, c00, c01, width);
  if (height > 1) put(out1, c10, c11, width);
  if (height > 2) put(out2, c20, c21, width);
  if (height > 3) put(out3, c30, c31, width);
}

function put(out: usize, low: v128, high: v128, width: i32): void {
  if (width == 8) {
    v128.store(out, low);
    v128.store(out, high, 16);
    return;
  }
  if (width > 0) f32.store(out, f32x4.extract_lane(low, 0));
  if (width > 1) f32.store(out, f32x4.extract_lane(low, 1), 4);
  if (width > 2) f32.store(out, f32x4.extract_lane(low, 2), 8);
  if (width > 3) f32.store(out, f32x4.extract_lane(low, 3), 12);
  if (width > 4) f32.store(out, f32x4.extract_lane(high, 0), 16);
  if (width > 5) f32.store(out, f32x4.extract_lane(high, 1), 20);
  if (width > 6) f32.store(out, f32x4.extract_lane(high, 2), 24);
}

/** Rows that are summed in f32 before they are added to the f64 totals. */
const BLOCK: i32 = 256;

/**
 * out (n × n f64) = Xᵀ X for X (m × n): f32 within blocks of 256 rows, f64 over blocks.
 *
 * @param room 256 · n f32, n rounded up to a multiple of eight
 */
export function gram(out: usize, x: usize, xRow: usize, xColumn: usize, m: i32, n: i32, room: usize): void {
  memory.fill(out, 0, (<usize>n * <usize>n) << 3);
  const panels = (n + 7) >>> 3;
  const panel: usize = <usize>BLOCK << 5;
  for (let begin: i32 = 0; begin < m; begin += BLOCK) {
    const rows = min(BLOCK, m - begin);
    for (let p: i32 = 0; p < panels; p++) {
      const from = x + <usize>begin * xRow + (<usize>p << 3) * xColumn;
      pack(room + <usize>p * panel, from, xRow, xColumn, rows, min(8, n - (p << 3)));
    }
    for (let p: i32 = 0; p < panels; p++) {
      for (let q: i32 = p; q < panels; q++) {
        for (let half: i32 = 0; half < 8; half += 4) {
          const i = (p << 3) + half;
          if (i < n) outer(out, n, i, q << 3, room + <usize>p * panel + (<usize>half << 2), room + <usize>q * panel, rows);
        }
      }
    }
  }
  for (let i: i32 = 0; i < n; i++) {
    for (let j: i32 = i + 1; j < n; j++) {
      f64.store(out + ((<usize>j * n + i) << 3), f64.load(out + ((<usize>i * n + j) << 3)));
    }
  }
}

/** Adds four columns times eight columns of packed rows to the totals at (i, j). */
function outer(out: usize, n: i32, i: i32, j: i32, a: usize, b: usize, rows: i32): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let r: i32 = 0; r < rows; r++, a += 32, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
  }
  const height = min(4, n - i);
  const width = min(8, n - j);
  addRow(out, n, i, j, c00, c01, width);
  if (height > 1) addRow(out, n, i + 1, j, c10, c11, width);
  if (height > 2) addRow(out, n, i + 2, j, c20, c21, width);
  if (height > 3) addRow(out, n, i + 3, j, c30, c31, width);
}

function addRow(out: usize, n: i32, i: i32, j: i32, low: v128, high: v128, width: i32): void {
  const at = out + ((<usize>i * n + j) << 3);
  addTo(at, f32x4.extract_lane(low, 0));
  if (width > 1) addTo(at + 8, f32x4.extract_lane(low, 1));
  if (width > 2) addTo(at + 16, f32x4.extract_lane(low, 2));
  if (width > 3) addTo(at + 24, f32x4.extract_lane(low, 3));
  if (width > 4) addTo(at + 32, f32x4.extract_lane(high, 0));
  if (width > 5) addTo(at + 40, f32x4.extract_lane(high, 1));
  if (width > 6) addTo(at + 48, f32x4.extract_lane(high, 2));
  if (width > 7) addTo(at + 56, f32x4.extract_lane(high, 3));
}

// @ts-ignore: a decorator of the compiler
@inline
function addTo(at: usize, value: f32): void {
  f64.store(at, f64.load(at) + <f64>value);
}
