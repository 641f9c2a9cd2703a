/** What reading examples needs of the browser: unpacking and decoding pictures. */
import { letterbox } from "#core/data/letterbox.ts";
import type { DataPlatform } from "#core/data/read-examples.ts";
import { AppError } from "#core/errors.ts";
import type { ByteSource } from "#core/formats/format.ts";

export const dataPlatform: DataPlatform = {
  async inflate(bytes, format, limit) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for await (const part of stream) {
      size += part.byteLength;
      if (size > limit) throw new RangeError(`unpacks to more than ${limit} bytes`);
      parts.push(part);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  },

  async decode(path, source, height, width) {
    const whole = await bitmapOf(path, source);
    const rect = letterbox(whole.width, whole.height, width, height);
    const scaled = await createImageBitmap(whole, {
      resizeWidth: rect.width,
      resizeHeight: rect.height,
      resizeQuality: "high",
    });
    whole.close();
    try {
      const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      if (!context) throw new AppError("eval/memory", "The browser gives no canvas to decode pictures on.");
      context.drawImage(scaled, rect.x, rect.y);
      return { rgba: context.getImageData(0, 0, width, height).data, rect };
    } finally {
      scaled.close();
    }
  },
};

/** The picture as it is; the caller closes it. */
async function bitmapOf(path: string, source: ByteSource): Promise<ImageBitmap> {
  const blob = new Blob([await source.read(0, source.size)]);
  try {
    return await createImageBitmap(blob, { colorSpaceConversion: "none" });
  } catch {
    throw new AppError(
      "data/malformed",
      `“${path}” is no picture that this browser can show. Save it as PNG or JPEG, or leave it out.`,
      { file: path },
    );
  }
}
