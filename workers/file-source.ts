import { AppError } from "#core/errors.ts";
import type { ByteSource } from "#core/formats/format.ts";

/** Reads a dropped file in slices; it stays on the user's disk, and may be gone when it is wanted. */
export function fileSource(file: File): ByteSource {
  return {
    size: file.size,
    async read(begin, end) {
      try {
        return new Uint8Array(await file.slice(begin, end).arrayBuffer());
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new AppError(
          "file/unreadable",
          `${file.name} cannot be read any more (${reason}). It was moved or changed: drop it again.`,
          { file: file.name, reason },
        );
      }
    },
  };
}
