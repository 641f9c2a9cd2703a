/**
 * Files in private storage under the hash of their bytes: the same again is the same file, and what has changed on the
 * disk is not read. Several windows share them, so writing takes a lock.
 */
import { AppError } from "#core/errors.ts";
import { bytesSource, type ModelFile } from "#core/formats/format.ts";
import { safetensors } from "#core/formats/safetensors.ts";
import { fileSource } from "./file-source.ts";
import { type FileStore, fileStore, type StoredFile } from "./opfs.ts";

/** A file with its header; `header` is undefined where that cannot be read. */
export interface KeptFile extends StoredFile {
  readonly header: ModelFile | undefined;
}

type Pieces = AsyncIterable<Uint8Array<ArrayBuffer>>;

export class KeptFiles {
  readonly #files: FileStore;
  readonly #lock: string;
  /** Headers by key: what a key names never changes. */
  readonly #headers = new Map<string, ModelFile>();

  constructor(folder: string) {
    this.#files = fileStore(folder);
    this.#lock = `kintsugi-files-${folder}`;
  }

  /** Writes a safetensors file and returns its key. @throws AppError storage/full, storage/unavailable */
  async put(pieces: Pieces): Promise<string> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of pieces) parts.push(piece);
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    const key = await hashOf(bytes);
    await this.#writing(async () => {
      if (!(await this.#isSound(key))) await this.#files.put(key, [bytes]);
    });
    return key;
  }

  /** Oldest first. @throws AppError storage/unavailable */
  async list(): Promise<readonly KeptFile[]> {
    const files: KeptFile[] = [];
    for (const stored of await this.#files.list()) {
      files.push({ ...stored, header: await this.#header(stored.key) });
    }
    return files.sort((a, b) => a.modified - b.modified || (a.key < b.key ? -1 : 1));
  }

  /** The whole file in memory, its hash checked; undefined when it is gone. @throws AppError file/malformed, file/unreadable, storage/unavailable */
  async read(key: string): Promise<ModelFile | undefined> {
    const file = await this.#files.get(key);
    if (!file) return undefined;
    const bytes = await fileSource(file).read(0, file.size);
    if ((await hashOf(bytes)) !== key) {
      const message = "A file in the browser's storage has changed since it was written.";
      throw new AppError("file/malformed", message, { file: key });
    }
    return safetensors.open(bytesSource(bytes), key);
  }

  /** Files that are gone already change nothing. @throws AppError storage/unavailable */
  async remove(keys: readonly string[]): Promise<void> {
    await this.#writing(async () => {
      for (const key of keys) await this.#files.remove(key);
    });
  }

  /** Removes everything, also what is no file of ours. @throws AppError storage/unavailable */
  async clear(): Promise<void> {
    await this.#writing(() => this.#files.clear());
  }

  /** While nobody else writes; what a window left half written when it was closed goes first. */
  #writing(work: () => Promise<void>): Promise<void> {
    return navigator.locks.request(this.#lock, async () => {
      await this.#files.sweep();
      await work();
    });
  }

  async #isSound(key: string): Promise<boolean> {
    try {
      return (await this.read(key)) !== undefined;
    } catch {
      return false;
    }
  }

  async #header(key: string): Promise<ModelFile | undefined> {
    const known = this.#headers.get(key);
    if (known) return known;
    try {
      const file = await this.#files.get(key);
      const header = file && (await safetensors.open(fileSource(file), key));
      if (header) this.#headers.set(key, header);
      return header;
    } catch {
      return undefined;
    }
  }
}

/** SHA-256 of the bytes, 64 hex digits. */
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
