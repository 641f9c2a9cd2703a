/** A file that is there whole or not at all: written beside its place under another name, and renamed at the end. */
import { type FileHandle, open, rename, rm, stat, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Sink } from "#core/library/export-stream.ts";
import { OutputError } from "./exit.ts";
import { megabytes } from "./terminal.ts";

export class OutputFile implements Sink {
  readonly #handle: FileHandle;
  readonly #path: string;
  /** Where the bytes are until `commit`. */
  readonly temporary: string;

  /**
   * @param bytes about how many will be written
   * @throws OutputError when the file exists and may not be replaced, cannot be made, or would not fit on the disk
   */
  static async create(path: string, mayReplace: boolean, bytes: number): Promise<OutputFile> {
    const there = await stat(path).catch(() => undefined); // what stands in the way is told when it is opened
    if (there?.isDirectory()) throw new OutputError(`${path} is a folder. Name a file in it.`);
    if (there && !mayReplace) {
      throw new OutputError(`${path} exists already. Choose another name, or say --force.`);
    }
    await requireRoom(path, bytes);
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
    const handle = await open(temporary, "w").catch((error: unknown) => {
      throw failed(path, error);
    });
    return new OutputFile(handle, path, temporary);
  }

  private constructor(handle: FileHandle, path: string, temporary: string) {
    this.#handle = handle;
    this.#path = path;
    this.temporary = temporary;
  }

  async write(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void> {
    let done = 0;
    while (done < bytes.byteLength) {
      const { bytesWritten } = await this.#handle
        .write(bytes, done, bytes.byteLength - done, at + done)
        .catch((error: unknown) => {
          throw failed(this.#path, error);
        });
      done += bytesWritten;
    }
  }

  /** Puts the file in its place. */
  async commit(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.temporary, this.#path);
    } catch (error) {
      throw failed(this.#path, error);
    }
  }

  /** Removes what was written; does nothing after `commit`. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {}); // closed already by a commit
    await rm(this.temporary, { force: true });
  }
}

/** @throws OutputError where the disk says that it has too little space left */
async function requireRoom(path: string, bytes: number): Promise<void> {
  const disk = await statfs(dirname(path)).catch(() => undefined);
  const free = disk ? disk.bavail * disk.bsize : Infinity;
  if (bytes <= free) return;
  throw new OutputError(`${path} needs ${megabytes(bytes)}, and the disk has ${megabytes(free)} left.`);
}

function failed(path: string, error: unknown): OutputError {
  return new OutputError(
    `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
  );
}
