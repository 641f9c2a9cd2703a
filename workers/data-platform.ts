/** What reading examples needs of the browser: unpacking and decoding pictures. */
import type { DataPlatform } from "#core/data/read-examples.ts";
import { AppError } from "#core/errors.ts";

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
    const blob = new Blob([await source.read(0, source.size)]);
    let bitmap: ImageBitmap;
    try {
      bitmap = await createImageBitmap(blob, {
        resizeWidth: width,
        resizeHeight: height,
        resizeQuality: "high",
        colorSpaceConversion: "none",
      });
    } catch {
      throw new AppError(
        "data/malformed",
        `“${path}” is no picture that this browser can show. Save it as PNG or JPEG, or leave it out.`,
        { file: path },
      );
    }
    try {
      const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      if (!context) throw new AppError("eval/memory", "The browser gives no canvas to decode pictures on.");
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, width, height).data;
    } finally {
      bitmap.close();
    }
  },
};
