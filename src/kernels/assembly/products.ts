/** Products of matrices. A matrix is an address and two strides (bytes from row to row and from column to column). */

/**
 * out (m × n, row-major) = A (m × k) · B (k × n) in f32, each sum in the order of k.
 *
 * @param room k · 8 f32: columns of B, packed by eights
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
  for (let j: i32 = 0; j < n; j += 8) {
    const width = min(8, n - j);
    pack(room, b + <usize>j * bColumn, bRow, bColumn, k, width);
    for (let i: i32 = 0; i < m; i += 4) {
      const height = min(4, m - i);
      block(out + <usize>i * outRow + (<usize>j << 2), outRow, a + <usize>i * aRow, aRow, aColumn, room, k, height, width);
    }
  }
}

/** room[r][c] = the entry of row r, column c < width; 0 up to eight columns. */
function pack(room: usize, b: usize, bRow: usize, bColumn: usize, rows: i32, width: i32): void {
  for (let r: i32 = 0; r < rows; r++, b += bRow, room += 32) {
    for (let c: i32 = 0; c < 8; c++) {
      f32.store(room + (<usize>c << 2), c < width ? f32.load(b + <usize>c * bColumn) : 0);
    }
  }
}

/** Four rows by eight columns of a product; rows beyond `height` are computed from the last one and not stored. */
function block(
  out: usize,
  outRow: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  packed: usize,
  k: i32,
  height: i32,
  width: i32,
): void {
  const a1 = height > 1 ? a + aRow : a;
  const a2 = height > 2 ? a + 2 * aRow : a;
  const a3 = height > 3 ? a + 3 * aRow : a;
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let r: i32 = 0, at: usize = 0; r < k; r++, at += aColumn, packed += 32) {
    const b0 = v128.load(packed);
    const b1 = v128.load(packed, 16);
    let x = v128.load32_splat(a + at);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1 + at);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + at);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3 + at);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
  }
  put(out, c00, c01, width);
  if (height > 1) put(out + outRow, c10, c11, width);
  if (height > 2) put(out + 2 * outRow, c20, c21, width);
  if (height > 3) put(out + 3 * outRow, c30, c31, width);
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
