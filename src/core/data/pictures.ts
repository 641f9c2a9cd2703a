/** Pictures sorted into folders by class: "flowers/rose/1.png", or "flowers/train/rose/1.png". */
import type { ByteSource } from "../formats/format.ts";
import { dataError } from "./data-error.ts";
import { type Part, partOf, type RawExamples } from "./raw-examples.ts";

/** Returns a picture scaled to height × width as RGBA, u8; the platform's. @throws AppError data/malformed */
export type DecodePicture = (
  path: string,
  source: ByteSource,
  height: number,
  width: number,
) => Promise<Uint8ClampedArray | Uint8Array>;

interface Picture {
  readonly path: string;
  readonly source: ByteSource;
}

/** Groups pictures by data set and part; every picture's folder is its class. @throws AppError data/malformed */
export function pictureExamples(files: readonly Picture[], decode: DecodePicture): readonly RawExamples[] {
  const groups = new Map<
    string,
    { name: string; part: Part | undefined; files: Picture[]; labels: string[] }
  >();
  for (const file of files) {
    const folders = file.path.split("/").slice(0, -1);
    const label = folders.at(-1);
    if (label === undefined) {
      throw dataError(
        file.path,
        "lies in no folder. Sort pictures into one folder per class and drop their folder.",
      );
    }
    const above = folders.slice(0, -1);
    const part = above.map(partOf).find((one) => one !== undefined);
    const name = above.filter((folder) => !partOf(folder)).at(-1) ?? "";
    const key = `${name}\n${part ?? ""}`;
    const group = groups.get(key) ?? { name, part, files: [], labels: [] };
    group.files.push(file);
    group.labels.push(label);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ name, part, files: own, labels }) => ({
    name,
    part,
    file: own[0].path,
    labels,
    inputs: { kind: "pictures", load: (rows, shape) => load(own, rows, shape, decode) },
  }));
}

async function load(
  files: readonly Picture[],
  rows: ArrayLike<number>,
  [channels, height, width]: readonly [number, number, number],
  decode: DecodePicture,
): Promise<Uint8Array<ArrayBuffer>> {
  const plane = height * width;
  const out = new Uint8Array(rows.length * channels * plane);
  for (let i = 0; i < rows.length; i++) {
    const { path, source } = files[rows[i]];
    const rgba = await decode(path, source, height, width);
    const at = i * channels * plane;
    for (let p = 0; p < plane; p++) {
      const [r, g, b] = [rgba[4 * p], rgba[4 * p + 1], rgba[4 * p + 2]];
      if (channels === 1) out[at + p] = Math.round(LUMA[0] * r + LUMA[1] * g + LUMA[2] * b);
      else {
        out[at + p] = r;
        out[at + plane + p] = g;
        out[at + 2 * plane + p] = b;
      }
    }
  }
  return out;
}

/** Weights of red, green and blue in grey: ITU-R BT.601, as Pillow's convert("L"). */
const LUMA = [0.299, 0.587, 0.114] as const;
