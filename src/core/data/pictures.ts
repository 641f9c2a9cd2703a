/** Pictures sorted into folders by class: "flowers/rose/1.png", or "flowers/train/rose/1.png". */
import type { ByteSource } from "../formats/format.ts";
import { dataError } from "./data-error.ts";
import { fillBackground, grey, type Rect } from "./letterbox.ts";
import { type Part, partOf, type RawExamples } from "./raw-examples.ts";

/** A picture scaled into a box of height × width, without being stretched. */
export interface DecodedPicture {
  /** Of the whole box, not premultiplied; the receiver's. Around the picture everything is transparent. */
  readonly rgba: Uint8ClampedArray | Uint8Array;
  /** Where the picture is: letterbox.ts. */
  readonly rect: Rect;
}

/** The platform's. @throws AppError data/malformed */
export type DecodePicture = (
  path: string,
  source: ByteSource,
  height: number,
  width: number,
) => Promise<DecodedPicture>;

interface Picture {
  readonly path: string;
  readonly source: ByteSource;
}

/**
 * Groups pictures by data set and part; every picture's folder is its class. They are taken in the order of their paths:
 * a split depends on it, and no two ways of choosing files give one order.
 *
 * @throws AppError data/malformed
 */
export function pictureExamples(files: readonly Picture[], decode: DecodePicture): readonly RawExamples[] {
  const groups = new Map<
    string,
    { name: string; part: Part | undefined; files: Picture[]; labels: string[] }
  >();
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
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

/** Pictures that are decoded at once: the platform does it beside us, and each alone would wait for its turn. */
const AT_ONCE = 32;

async function load(
  files: readonly Picture[],
  rows: ArrayLike<number>,
  shape: readonly [number, number, number],
  decode: DecodePicture,
): Promise<Uint8Array<ArrayBuffer>> {
  const [channels, height, width] = shape;
  const size = channels * height * width;
  const out = new Uint8Array(rows.length * size);
  for (let begin = 0; begin < rows.length; begin += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, rows.length - begin) }, (_, k) => begin + k);
    await Promise.all(
      some.map(async (i) => {
        const { path, source } = files[rows[i]];
        const { rgba, rect } = await decode(path, source, height, width);
        fillBackground(rgba, width, rect);
        fillPlanes(out.subarray(i * size, (i + 1) * size), rgba, channels);
      }),
    );
  }
  return out;
}

/** Grey, or red, green and blue one after another. */
function fillPlanes(out: Uint8Array, rgba: DecodedPicture["rgba"], channels: number): void {
  const plane = rgba.length / 4;
  for (let p = 0; p < plane; p++) {
    const [r, g, b] = [rgba[4 * p], rgba[4 * p + 1], rgba[4 * p + 2]];
    if (channels === 1) out[p] = Math.round(grey(r, g, b));
    else {
      out[p] = r;
      out[plane + p] = g;
      out[2 * plane + p] = b;
    }
  }
}
