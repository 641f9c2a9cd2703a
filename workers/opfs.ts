/**
 * Files of our own in the browser's private storage (OPFS), by key.
 *
 * A file changes as a whole or not at all: it is written under a temporary name and takes its own when it is complete.
 */
import { AppError } from "#core/errors.ts";

export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface FileStore {
  /** Writes the parts one after the other. @throws AppError storage/full, storage/unavailable */
  put(key: string, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void>;
  /** A file that can be read in slices, or undefined. @throws AppError storage/unavailable */
  get(key: string): Promise<File | undefined>;
  /** Sorted by key. @throws AppError storage/unavailable */
  list(): Promise<readonly StoredFile[]>;
  /** Nothing happens when there is no such file. @throws AppError storage/unavailable */
  remove(key: string): Promise<void>;
  /** Removes what a writing that was cut off has left; no one may be writing here. @throws AppError storage/unavailable */
  sweep(): Promise<void>;
  /** Removes the folder with everything in it, whatever its name. @throws AppError storage/unavailable */
  clear(): Promise<void>;
}

/** Keys are file names. */
const KEY = /^[a-z0-9][a-z0-9._@-]{0,120}$/i;
/** No key has it, so what carries it is a file whose writing was cut off. */
const UNFINISHED = "~";

/** A folder of files; it is made when it is first needed. */
export function fileStore(folder: string): FileStore {
  const open = async () =>
    (await navigator.storage.getDirectory()).getDirectoryHandle(folder, { create: true });
  return {
    put: (key, parts) => told(async () => write(await open(), named(key), parts)),
    get: (key) => told(async () => read(await open(), named(key))),
    list: () => told(async () => list(await open())),
    remove: (key) => told(async () => remove(await open(), named(key))),
    sweep: () => told(async () => sweep(await open())),
    clear: () => told(async () => remove(await navigator.storage.getDirectory(), folder)),
  };
}

/** `move` is in every browser's OPFS, and not yet in TypeScript's library. */
interface Movable {
  move(name: string): Promise<void>;
}

function isMovable(handle: object): handle is Movable {
  return "move" in handle && typeof handle.move === "function";
}

async function write(
  folder: FileSystemDirectoryHandle,
  key: string,
  parts: readonly Uint8Array<ArrayBuffer>[],
): Promise<void> {
  const handle = await folder.getFileHandle(`${key}${UNFINISHED}`, { create: true });
  try {
    const stream = await handle.createWritable();
    try {
      for (const part of parts) await stream.write(part);
      await stream.close();
    } catch (error) {
      await stream.abort().catch(() => {});
      throw error;
    }
    if (!isMovable(handle)) throw new Error("files cannot be renamed here");
    await handle.move(key);
  } catch (error) {
    await remove(folder, handle.name);
    throw error;
  }
}

async function read(folder: FileSystemDirectoryHandle, key: string): Promise<File | undefined> {
  try {
    return await (await folder.getFileHandle(key)).getFile();
  } catch (error) {
    if (isNamed(error, "NotFoundError")) return undefined;
    throw error;
  }
}

async function list(folder: FileSystemDirectoryHandle): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = [];
  for await (const handle of folder.values()) {
    if (handle.kind !== "file" || !KEY.test(handle.name)) continue;
    const { size, lastModified } = await handle.getFile();
    files.push({ key: handle.name, bytes: size, modified: lastModified });
  }
  return files.sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function sweep(folder: FileSystemDirectoryHandle): Promise<void> {
  const left: string[] = [];
  for await (const name of folder.keys()) if (name.includes(UNFINISHED)) left.push(name);
  for (const name of left) await remove(folder, name);
}

async function remove(folder: FileSystemDirectoryHandle, key: string): Promise<void> {
  try {
    await folder.removeEntry(key, { recursive: true });
  } catch (error) {
    if (!isNamed(error, "NotFoundError")) throw error;
  }
}

function named(key: string): string {
  if (!KEY.test(key)) throw new Error(`“${key}” cannot be a file's name`);
  return key;
}

const FULL = "The browser's storage for this page is full. Delete what you no longer need there.";

/** The storage's failures in words; private windows and some settings have none at all. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isNamed(error, "QuotaExceededError")) {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate();
      throw new AppError("storage/full", FULL, {
        usage,
        quota,
      });
    }
    throw new AppError("storage/unavailable", `The browser's storage cannot be used: ${reason}`, { reason });
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}
