/** Reads IDX, the format of MNIST: 0, 0, type, rank, sizes as u32, then values, all big endian. */
import { MAX_VALUES, type NumberArray } from "./array.ts";
import { dataError } from "./data-error.ts";

/** Types of values and their bytes. */
const types: Readonly<Record<number, number>> = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 };
const MAX_RANK = 8;

export function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && bytes[2] in types && bytes[3] >= 1 && bytes[3] <= MAX_RANK;
}

/** @throws AppError data/malformed */
export function readIdx(bytes: Uint8Array<ArrayBuffer>, file: string): NumberArray {
  if (!isIdx(bytes)) throw dataError(file, "is no IDX file: its first bytes are others. Download it again.");
  const [, , type, rank] = bytes;
  const width = types[type];
  const begin = 4 + 4 * rank;
  if (bytes.byteLength < begin) throw dataError(file, "is cut short in its header. Download it again.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > MAX_VALUES || begin + count * width !== bytes.byteLength) {
    throw dataError(
      file,
      `promises ${shape.join(" × ")} values of ${width} bytes and has ${bytes.byteLength - begin} bytes. Download it again.`,
    );
  }
  if (type === 8) return { shape, values: bytes.slice(begin) };
  const read: Readonly<Record<number, (at: number) => number>> = {
    9: (at) => view.getInt8(at),
    11: (at) => view.getInt16(at),
    12: (at) => view.getInt32(at),
    13: (at) => view.getFloat32(at),
    14: (at) => view.getFloat64(at),
  };
  return { shape, values: Float32Array.from({ length: count }, (_, i) => read[type](begin + i * width)) };
}
