/**
 * Draws a contact sheet of one split to look at: `node sheet.mjs capitals.test [rows] [first-last] > sheet.png`.
 * One column a class, rows at random.
 */
import { readFileSync } from "node:fs";
import { crc32, deflateSync, gunzipSync } from "node:zlib";
import { shuffled } from "./lib/random.mjs";
import { decode } from "./lib/safetensors.mjs";

const [, , name, height = "16", only = ""] = process.argv;
const { tensors } = decode(
  gunzipSync(readFileSync(new URL("../.data/vision.safetensors.gz", import.meta.url))),
);
const images = tensors[`${name}.images`].data;
const labels = [...tensors[`${name}.labels`].data];
const [first, last] = only ? only.split("-").map(Number) : [0, Math.max(...labels)];
const rows = Number(height);
const columns = last - first + 1;
const sheet = new Uint8Array(rows * 30 * columns * 30).fill(90);
for (let c = 0; c < columns; c++) {
  const mine = shuffled(labels.keys(), name).filter((i) => labels[i] === first + c);
  for (const [r, i] of mine.slice(0, rows).entries()) {
    for (let y = 0; y < 28; y++) {
      const line = images.subarray(i * 784 + y * 28, i * 784 + (y + 1) * 28);
      sheet.set(line, (r * 30 + y + 1) * columns * 30 + c * 30 + 1);
    }
  }
}
process.stdout.write(png(sheet, columns * 30, rows * 30));

/** An 8-bit grey PNG. */
function png(pixels, width, height) {
  const lines = Buffer.alloc((width + 1) * height); // each line starts with its filter, none
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", size),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, body) {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type), body, Buffer.alloc(4)]);
  bytes.writeUInt32BE(body.length, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)) >>> 0, bytes.length - 4);
  return bytes;
}
