/** The same forward passes in onnxruntime-node: all validation examples of the zoo through its base, in chunks of 64. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as ort from "onnxruntime-node";

const CHUNK = 64;

/** @returns {Promise<{ images: number, seconds: number }>} seconds with two threads, after one warm-up chunk */
export async function evaluateInNode(folder) {
  const family = JSON.parse(readFileSync(join(folder, "family.json"), "utf8"));
  const session = await ort.InferenceSession.create(join(folder, family.skeleton), { intraOpNumThreads: 2 });
  const weights = feeds(readFileSync(join(folder, family.base)));
  const heads = feeds(readFileSync(join(folder, family.heads.file)));
  const sets = family.tasks.map((task) => {
    const file = gunzipSync(readFileSync(join(folder, `eval/${task.id}.validation.bin`)));
    return { head: heads[`W.${task.id}`], images: tensors(file).get("images") };
  });
  const run = async ({ head, images }, start) => {
    const n = Math.min(CHUNK, images.shape[0] - start);
    const pixels = images.bytes.subarray(start * 784, (start + n) * 784);
    const x = Float32Array.from(pixels, (pixel) => (pixel / 255 - family.input.mean) / family.input.std);
    await session.run({ ...weights, x: new ort.Tensor("float32", x, [n, 1, 28, 28]), W: head, mu: heads.mu });
    return n;
  };
  await run(sets[0], 0);
  const begin = performance.now();
  let count = 0;
  for (const set of sets) {
    for (let start = 0; start < set.images.shape[0]; start += CHUNK) count += await run(set, start);
  }
  return { images: count, seconds: Number(((performance.now() - begin) / 1000).toPrecision(3)) };
}

function feeds(bytes) {
  return Object.fromEntries(
    [...tensors(bytes)]
      .filter(([, { dtype }]) => dtype === "F32" || dtype === "F16")
      .map(([name, tensor]) => [name, new ort.Tensor("float32", floats(tensor), tensor.shape)]),
  );
}

/** Name → { dtype, shape, bytes } of a safetensors file. */
function tensors(file) {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString("utf8"));
  delete header.__metadata__;
  const at = 8 + length;
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => [name, { dtype, shape, bytes: file.subarray(at + begin, at + end) }],
    ),
  );
}

function floats({ dtype, bytes }) {
  if (dtype === "F32") return new Float32Array(new Uint8Array(bytes).buffer);
  return Float32Array.from(new Uint16Array(new Uint8Array(bytes).buffer), half);
}

function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return exponent === 31
    ? fraction
      ? Number.NaN
      : sign * Number.POSITIVE_INFINITY
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
