/**
 * Reads .npz: a zip archive of .npy members, stored or deflated.
 *
 * Source: PKWARE APPNOTE 6.3.10, §4.3 (local headers, central directory, end record). No encryption, no zip64 (4 GB).
 */
import { type AnyArray, type Inflate, MAX_VALUES } from "./array.ts";
import { dataError } from "./data-error.ts";
import { readNpy } from "./npy.ts";

interface Member {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  /** Of the local header. */
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** An end record has 22 bytes and a comment of up to 65,535. */
const END_BYTES = 22;
const MAX_COMMENT = 65_535;
const MAX_MEMBERS = 1000;
const MAX_BYTES = 4 * MAX_VALUES;
const STORED = 0;
const DEFLATED = 8;

/** Returns the arrays by name, without ".npy". @throws AppError data/malformed */
export async function readNpz(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  inflate: Inflate,
): Promise<ReadonlyMap<string, AnyArray>> {
  const arrays = new Map<string, AnyArray>();
  for (const member of membersOf(bytes, file)) {
    if (!member.name.endsWith(".npy")) continue;
    const name = `${file}, ${member.name}`;
    arrays.set(
      member.name.slice(0, -".npy".length),
      readNpy(await unpacked(bytes, member, name, inflate), name),
    );
  }
  return arrays;
}

function membersOf(bytes: Uint8Array<ArrayBuffer>, file: string): readonly Member[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(view);
  if (end < 0) throw dataError(file, "is no zip archive, or cut short. Copy it again.");
  const members = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (members > MAX_MEMBERS || at === 0xffffffff)
    throw dataError(file, "is too large an archive. Save its arrays one by one (np.save).");
  const found: Member[] = [];
  for (let i = 0; i < members; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL)
      throw dataError(file, "has a damaged directory. Copy it again.");
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (view.getUint16(at + 8, true) & 1) throw dataError(file, `has an encrypted member, ${name}.`);
    found.push({
      name,
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

/** Where the end record begins, searched from the end; -1 when there is none. */
function endRecord(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return -1;
}

async function unpacked(
  bytes: Uint8Array<ArrayBuffer>,
  { method, packed, size, offset }: Member,
  name: string,
  inflate: Inflate,
): Promise<Uint8Array<ArrayBuffer>> {
  const broken = (what: string) => dataError(name, `cannot be unpacked: ${what}. Save the file again.`);
  if (size > MAX_BYTES) throw broken(`it has ${size} bytes, at most ${MAX_BYTES} are read`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (offset + 30 > bytes.byteLength || view.getUint32(offset, true) !== LOCAL)
    throw broken("it is not there");
  const begin = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const end = begin + packed;
  if (end > bytes.byteLength) throw broken("it is cut short");
  if (method === STORED) return bytes.slice(begin, end);
  if (method !== DEFLATED) throw broken(`compression method ${method}`);
  let plain: Uint8Array<ArrayBuffer>;
  try {
    plain = await inflate(bytes.slice(begin, end), "deflate-raw", size);
  } catch {
    throw broken("it is damaged");
  }
  if (plain.byteLength !== size) throw broken(`it has ${plain.byteLength} bytes, its directory says ${size}`);
  return plain;
}
