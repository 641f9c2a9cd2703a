/**
 * Reads .npy arrays.
 *
 * Source: numpy.lib.format (versions 1.0 to 3.0). The header is a Python literal; only the three keys that NumPy writes
 * are looked for, and nothing is executed.
 */
import { decode } from "../tensor/dtype.ts";
import { type AnyArray, MAX_VALUES, rowMajor } from "./array.ts";
import { dataError } from "./data-error.ts";

const MAGIC = "\x93NUMPY";
/** NumPy's own limit for the header of an untrusted file. */
const MAX_HEADER = 10_000;
const SAVE = "Save it as a plain array: np.save(file, np.ascontiguousarray(array, dtype=np.float32)).";

interface Header {
  readonly kind: string;
  readonly bytes: number;
  readonly isBig: boolean;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  readonly begin: number;
}

export function isNpy(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** @throws AppError data/malformed that says what to do */
export function readNpy(bytes: Uint8Array<ArrayBuffer>, file: string): AnyArray {
  const header = readHeader(bytes, file);
  const { shape, kind, isFortran } = header;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > MAX_VALUES) throw dataError(file, `holds ${count} values; at most ${MAX_VALUES} are read.`);
  const needed = header.begin + count * header.bytes;
  if (bytes.byteLength < needed)
    throw dataError(file, `is cut short: ${bytes.byteLength} of ${needed} bytes. Copy it again.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.begin);
  if (kind === "U" || kind === "S") {
    if (isFortran && shape.length > 1) throw dataError(file, `holds texts column by column. ${SAVE}`);
    return { shape, texts: Array.from({ length: count }, (_, i) => textAt(view, i, header)) };
  }
  if (kind === "u" && header.bytes === 1) {
    const values = new Uint8Array(count);
    values.set(bytes.subarray(header.begin, needed));
    return { shape, values: isFortran ? rowMajor(values, shape, new Uint8Array(count)) : values };
  }
  const values = numbers(view, count, header, file);
  return { shape, values: isFortran ? rowMajor(values, shape, new Float32Array(count)) : values };
}

function readHeader(bytes: Uint8Array<ArrayBuffer>, file: string): Header {
  const broken = (what: string) => dataError(file, `is no NumPy array that can be read: ${what}. ${SAVE}`);
  if (!isNpy(bytes) || bytes.byteLength < 12) throw broken("its beginning is another");
  const major = bytes[6];
  if (major < 1 || major > 3) throw broken(`format version ${major}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const from = major === 1 ? 10 : 12;
  if (length > MAX_HEADER || from + length > bytes.byteLength) throw broken("its header is cut short");
  const text = new TextDecoder().decode(bytes.subarray(from, from + length));
  const descr = /'descr':\s*'([<>|=]?)([a-zA-Z])(\d+)'/.exec(text);
  const order = /'fortran_order':\s*(True|False)/.exec(text);
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(text);
  if (!descr || !order || !shape) {
    throw broken(
      /'descr':\s*(\[|'\|?O')/.test(text) ? "it holds objects or records" : "its header is another",
    );
  }
  const [, endian, kind, size] = descr;
  const width = Number(size);
  const known: Readonly<Record<string, readonly number[]>> = {
    f: [2, 4, 8],
    i: [1, 2, 4, 8],
    u: [1, 2, 4, 8],
    b: [1],
  };
  const isText = (kind === "U" || kind === "S") && width >= 1 && width <= 4096;
  if (!isText && !known[kind]?.includes(width)) throw broken(`dtype “${kind}${size}”`);
  return {
    kind,
    bytes: kind === "U" ? 4 * width : width,
    isBig: endian === ">",
    isFortran: order[1] === "True",
    shape: shape[1]
      .split(",")
      .filter((part) => part.trim() !== "")
      .map((part) => Number.parseInt(part, 10)),
    begin: from + length,
  };
}

function numbers(
  view: DataView,
  count: number,
  { kind, bytes, isBig }: Header,
  file: string,
): Float32Array<ArrayBuffer> {
  const little = !isBig;
  if (kind === "f" && bytes === 2) {
    const bits = Uint16Array.from({ length: count }, (_, i) => view.getUint16(2 * i, little));
    return decode(new Uint8Array(bits.buffer), "f16");
  }
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * bytes;
    if (kind === "f") {
      values[i] = bytes === 4 ? view.getFloat32(at, little) : view.getFloat64(at, little);
      continue;
    }
    const whole = integerAt(view, at, kind === "i", bytes, little);
    values[i] = whole;
    if (values[i] !== whole)
      throw dataError(file, `holds ${whole} at position ${i}, an integer that no float32 is. ${SAVE}`);
  }
  return values;
}

function integerAt(view: DataView, at: number, isSigned: boolean, bytes: number, little: boolean): number {
  switch (bytes) {
    case 1:
      return isSigned ? view.getInt8(at) : view.getUint8(at);
    case 2:
      return isSigned ? view.getInt16(at, little) : view.getUint16(at, little);
    case 4:
      return isSigned ? view.getInt32(at, little) : view.getUint32(at, little);
    default:
      return Number(isSigned ? view.getBigInt64(at, little) : view.getBigUint64(at, little));
  }
}

/** Fixed width, padded with zeros: UCS-4 ("U") or bytes ("S"). */
function textAt(view: DataView, index: number, { kind, bytes, isBig }: Header): string {
  let text = "";
  const step = kind === "U" ? 4 : 1;
  for (let at = index * bytes; at < (index + 1) * bytes; at += step) {
    const point = step === 4 ? view.getUint32(at, !isBig) : view.getUint8(at);
    if (point === 0) break;
    text += point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  }
  return text;
}
