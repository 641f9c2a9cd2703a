/**
 * Reads which characters a font file really has, so that nothing is drawn by a fallback font.
 *
 * Knows TrueType/OpenType and WOFF 1, and of `cmap` the formats 4 and 12, which every font here has.
 */
import { inflateSync } from "node:zlib";

/** @returns {(codePoint: number) => boolean} true where the font maps the character to a real glyph */
export function coverage(bytes) {
  const cmap = table(bytes, "cmap");
  if (!cmap) throw new Error("no cmap");
  const glyphs = new Map();
  const count = cmap.readUInt16BE(2);
  for (let i = 0; i < count; i++) {
    const platform = cmap.readUInt16BE(4 + i * 8);
    const offset = cmap.readUInt32BE(8 + i * 8);
    if (platform !== 0 && platform !== 3) continue; // Unicode and Windows only
    if (platform === 3 && cmap.readUInt16BE(6 + i * 8) === 0) continue; // symbol
    const format = cmap.readUInt16BE(offset);
    if (format === 4) readFormat4(cmap, offset, glyphs);
    if (format === 12) readFormat12(cmap, offset, glyphs);
  }
  return (codePoint) => (glyphs.get(codePoint) ?? 0) !== 0;
}

function table(bytes, tag) {
  const woff = bytes.toString("latin1", 0, 4) === "wOFF";
  const count = bytes.readUInt16BE(woff ? 12 : 4);
  const start = woff ? 44 : 12;
  const entry = woff ? 20 : 16;
  for (let i = 0; i < count; i++) {
    const at = start + i * entry;
    if (bytes.toString("latin1", at, at + 4) !== tag) continue;
    if (!woff) {
      const offset = bytes.readUInt32BE(at + 8);
      return bytes.subarray(offset, offset + bytes.readUInt32BE(at + 12));
    }
    const offset = bytes.readUInt32BE(at + 4);
    const packed = bytes.readUInt32BE(at + 8);
    const raw = bytes.subarray(offset, offset + packed);
    return packed < bytes.readUInt32BE(at + 12) ? inflateSync(raw) : raw;
  }
  return undefined;
}

function readFormat4(cmap, at, glyphs) {
  const segments = cmap.readUInt16BE(at + 6) / 2;
  const ends = at + 14;
  const starts = ends + segments * 2 + 2;
  const deltas = starts + segments * 2;
  const ranges = deltas + segments * 2;
  for (let s = 0; s < segments; s++) {
    const first = cmap.readUInt16BE(starts + s * 2);
    const last = cmap.readUInt16BE(ends + s * 2);
    const delta = cmap.readUInt16BE(deltas + s * 2);
    const range = cmap.readUInt16BE(ranges + s * 2);
    for (let c = first; c <= last && c < 0xffff; c++) {
      let glyph = c;
      if (range) {
        const slot = ranges + s * 2 + range + (c - first) * 2;
        glyph = slot + 2 <= cmap.length ? cmap.readUInt16BE(slot) : 0;
        if (glyph === 0) continue;
      }
      glyphs.set(c, (glyph + delta) & 0xffff);
    }
  }
}

function readFormat12(cmap, at, glyphs) {
  const groups = cmap.readUInt32BE(at + 12);
  for (let g = 0; g < groups; g++) {
    const first = cmap.readUInt32BE(at + 16 + g * 12);
    const last = cmap.readUInt32BE(at + 20 + g * 12);
    const glyph = cmap.readUInt32BE(at + 24 + g * 12);
    for (let c = first; c <= last; c++) glyphs.set(c, glyph + c - first);
  }
}
