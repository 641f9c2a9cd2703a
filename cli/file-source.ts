/** Files on disk as core reads them: by range, never whole. */
import { type FileHandle, open } from "node:fs/promises";
import { AppError } from "#core/errors.ts";
import type { ByteSource } from "#core/formats/format.ts";

/** Most that one system call reads: bytes. */
const MAX_READ = 2 ** 30;

/** Opens files and closes them all together. */
export class OpenFiles {
  readonly #handles: FileHandle[] = [];

  /** @throws AppError file/unreadable */
  async source(path: string): Promise<ByteSource> {
    const handle = await open(path).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    this.#handles.push(handle);
    const { size } = await handle.stat();
    return { size, read: (begin, end) => readRange(handle, path, begin, Math.min(end, size)) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#handles.splice(0).map((handle) => handle.close()));
  }
}

/** [begin, end) of the file, or what there is of it. */
async function readRange(
  handle: FileHandle,
  path: string,
  begin: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Not zeroed: every byte that is handed out has been read.
  const memory = Buffer.allocUnsafeSlow(Math.max(0, end - begin));
  const bytes = new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(MAX_READ, bytes.length - done);
    const { bytesRead } = await handle.read(bytes, done, length, begin + done).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** What the system says of a file that cannot be read. */
export function unreadable(path: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError("file/unreadable", `${path} cannot be read: ${reason}.`, { file: path, reason });
}
