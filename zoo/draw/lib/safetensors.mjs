/** Reads and writes safetensors: 8 bytes of header length, a JSON header, then the tensors back to back. */

const WIDTH = { U8: 1, U16: 2, I32: 4, F32: 4, F16: 2 };

/**
 * @param {Record<string, { dtype: keyof WIDTH, shape: number[], data: ArrayBufferView }>} tensors
 * @param {Record<string, string>} [metadata]
 */
export function encode(tensors, metadata) {
  const header = metadata ? { __metadata__: metadata } : {};
  const parts = [];
  let offset = 0;
  // Wide dtypes first, so that every tensor starts at a multiple of its width.
  const names = Object.keys(tensors).sort((a, b) => WIDTH[tensors[b].dtype] - WIDTH[tensors[a].dtype]);
  for (const name of names) {
    const { dtype, shape, data } = tensors[name];
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    if (bytes.length !== shape.reduce((a, b) => a * b, 1) * WIDTH[dtype])
      throw new Error(`${name}: bytes and shape differ`);
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    parts.push(bytes);
    offset += bytes.length;
  }
  let json = JSON.stringify(header);
  json += " ".repeat((8 - (json.length % 8)) % 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, Buffer.from(json), ...parts]);
}

/** F16 comes back as raw u16 in `data`; see `floats`. */
export function decode(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const { __metadata__: metadata = {}, ...header } = JSON.parse(bytes.toString("utf8", 8, 8 + length));
  const VIEWS = { U8: Uint8Array, U16: Uint16Array, I32: Int32Array, F32: Float32Array, F16: Uint16Array };
  const tensors = {};
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of Object.entries(header)) {
    const copy = new Uint8Array(bytes.subarray(8 + length + from, 8 + length + to)); // aligned
    tensors[name] = { dtype, shape, data: new VIEWS[dtype](copy.buffer) };
  }
  return { tensors, metadata };
}

/** Values of an F32 or F16 tensor as f32. */
export function floats({ dtype, data }) {
  return dtype === "F16" ? Float32Array.from(data, fromHalf) : data;
}

function fromHalf(h) {
  const sign = h & 0x8000 ? -1 : 1;
  const exponent = (h >> 10) & 31;
  const fraction = h & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
